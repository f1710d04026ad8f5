/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_bound.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_twin.h"

/* A boot's row is widened by so much at once, so that it is not written slot by slot. */
#define WIDEN_S 3600

static struct placing placing_of(const struct boot_anchors *anchors)
{
	return (struct placing){anchors->items, anchors->count};
}

struct span bound_place(const struct boot_anchors *anchors, const struct mono_span *at)
{
	return (struct span){place_s(anchors->items, anchors->count, at->from_us),
		place_s(anchors->items, anchors->count, at->to_us)};
}

int bound_each(struct ledger_writer *writer, const struct bound *bound,
	int (*each)(void *arg, const struct bound_part *part, struct err *err), void *arg,
	struct err *err)
{
	struct span hull = placing_hull(placing_of(bound->anchors), bound->at);
	const struct registry_binding *bindings;
	bool whole = false;
	size_t count;
	int r = 0;

	bindings = bindings_find(writer, bound->agent, bound->wan, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		const struct registry_binding *binding = &bindings[i];
		struct bound_part part = {
			.link = binding->link,
			.from_s = hull.from > binding->from_s ? hull.from : binding->from_s,
			.to_s = hull.to < binding->to_s ? hull.to : binding->to_s,
		};
		if (part.from_s >= part.to_s)
			continue;
		part.whole = part.from_s == hull.from && part.to_s == hull.to;
		whole |= part.whole;
		r = each(arg, &part, err);
	}
	return r < 0 ? r : whole;
}

bool bound_is_unbound(
	const struct ledger_writer *writer, const struct bound *bound, const struct mono_span *at)
{
	struct span place = bound_place(bound->anchors, at);
	const struct registry_binding *bindings;
	size_t count;

	/* one of no whole second counts nowhere and waits for nothing */
	if (place.from >= place.to)
		return false;
	bindings = bindings_find(writer, bound->agent, bound->wan, &count);
	for (size_t i = 0; i < count; i++) {
		if (bindings[i].from_s < place.to && bindings[i].to_s > place.from)
			return false;
	}
	return true;
}

int bound_widen_boot(struct ledger_writer *writer, const struct bound *bound, struct err *err)
{
	struct span hull = placing_hull(placing_of(bound->anchors), bound->at);
	struct query q;
	int r;

	db_query(&q, writer->db,
		"UPDATE boot SET from_s = min(from_s, ?1), to_s = max(to_s, ?2 + ?3)"
		" WHERE id = ?4 AND (from_s > ?1 OR to_s < ?2)");
	query_number(&q, hull.from);
	query_number(&q, hull.to);
	query_number(&q, WIDEN_S);
	query_number(&q, bound->boot);
	r = query_run(&q, err);
	if (r == 0 && db_changed(writer->db))
		r = twin_suspect(writer, bound->agent, bound->boot, err);
	return r;
}

static int no_part(void *arg, const struct bound_part *part, struct err *err)
{
	return 0;
}

int bound_recount(struct ledger_writer *writer, const struct bound *bound,
	const struct page_ref *ref, struct err *err)
{
	struct bound own_bound = *bound;
	const struct bundle *bundle;
	uint32_t unbound = 0;
	int r, whole;

	own_bound.at = ref->at;
	r = whole = bound_each(writer, &own_bound, no_part, NULL, err);
	if (r < 0)
		return r;
	r = 0;
	if (!whole) {
		r = bundle_load(writer->view, ref, &bundle, err);
		for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
			const struct bundle_item *item = bundle_item(bundle, i);
			struct mono_span own = {
				item->start_us, item->start_us + item->length_ms * 1000ULL};
			unbound += bound_is_unbound(writer, bound, &own);
		}
	}
	return r < 0 ? r : page_put_unbound(writer->db, ref->id, unbound, err);
}
