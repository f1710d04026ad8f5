/* SPDX-License-Identifier: Apache-2.0 */
/* Which WAN brought what, when: whether a link was heard of while it is said to have been down. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_source.h"

struct listener {
	struct ledger_db *db;
	const struct link_binding *binding;
	struct within_us within; /* clipped to the binding */
	bool any;
	struct err *err;
};

static int listen_to(void *arg, const struct page_ref *ref)
{
	struct listener *listener = arg;
	const struct within_us *within = &listener->within;
	const struct bundle *bundle;
	struct page_slot beside;
	int r;

	if (ref->received_from >= within->to_us || ref->received_to < within->from_us)
		return 0;
	r = bundle_load(listener->db, ref, &bundle, listener->err);
	for (size_t i = 0; r == 0 && !listener->any && i < bundle_count(bundle); i++) {
		int64_t received_us = bundle_item(bundle, i)->received_us;
		if (received_us < within->from_us || received_us >= within->to_us)
			continue;
		r = bundle_slot(bundle, i, listener->db->record, &beside, listener->err);
		listener->any = r == 0 && !strcmp(beside.via_wan, listener->binding->wan);
	}
	return r < 0 ? r : listener->any;
}

/* Nothing is received before its boot began, but long after it may well be. */
static int listen_in_boots(struct listener *listener, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, listener->db->db,
		"SELECT id FROM boot WHERE agent = ? AND (to_s IS NULL OR from_s * 1000000 < ?)");
	query_number(&q, listener->binding->agent);
	query_number(&q, listener->within.to_us);
	while (!stop && query_next(&q) > 0) {
		struct page_query query = {
			.boot = query_get_number(&q, 0), .stretch = {0, MONO_MAX_US}};
		stop = pages_each(listener->db->db, &query, listen_to, listener, err);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop < 0 ? stop : r;
}

int ledger_received_within(
	struct ledger_db *db, int64_t link, struct within_us within, bool *ret_any, struct err *err)
{
	struct listener listener = {.db = db, .err = err};
	struct link_binding *bindings;
	size_t count;
	int r = link_bindings_load(db->db, link, &bindings, &count, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && !listener.any && i < count; i++) {
		listener.binding = &bindings[i];
		listener.within = within;
		if (within.from_us < bindings[i].from_s * 1000000)
			listener.within.from_us = bindings[i].from_s * 1000000;
		if (bindings[i].to_s != SPAN_FOREVER && within.to_us > bindings[i].to_s * 1000000)
			listener.within.to_us = bindings[i].to_s * 1000000;
		if (listener.within.from_us < listener.within.to_us)
			r = listen_in_boots(&listener, err);
	}
	free(bindings);
	if (r == 0)
		*ret_any = listener.any;
	return r;
}
