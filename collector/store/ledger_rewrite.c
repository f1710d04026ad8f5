/* SPDX-License-Identifier: Apache-2.0 */
/* A page that is there is written again, for one of its slots: seldom, so simply. */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_bound.h"
#include "collector/store/ledger_known.h"

#define BODY_MAX (16 * 1024 * 1024)

struct rewriting {
	struct ledger_writer *writer;
	const struct bundle *bundle;
	size_t place;
	bool dispute; /* or else it is taken out */
	struct buf body;
};

static int copy_hot(struct rewriting *rewriting, struct err *err)
{
	struct hot_entry entry;
	size_t length, at = 0, began = 0;
	const uint8_t *bytes = bundle_body(rewriting->bundle, &length);
	int r;

	for (size_t i = 0; (r = hot_next(bytes, length, &at, &entry)) > 0; i++, began = at) {
		if (i != rewriting->place) {
			r = buf_append(&rewriting->body, bytes + began, at - began);
		} else if (rewriting->dispute) {
			entry.disputed = true;
			r = hot_append(&rewriting->body, &entry);
		}
		if (r < 0)
			break;
	}
	return r < 0 ? err_errno(err, r, "page of the ledger") : 0;
}

static int copy_packed(struct rewriting *rewriting, struct err *err)
{
	struct ledger_db *view = rewriting->writer->view;
	struct page *page = page_new();
	int r = page ? bundle_to_page(rewriting->bundle, page, view->record, err)
		     : err_errno(err, -ENOMEM, "page of the ledger");

	if (r == 0) {
		if (rewriting->dispute)
			page_dispute(page, rewriting->place);
		else
			page_remove(page, rewriting->place);
		r = page_pack(page, view->columns, &rewriting->body);
		if (r < 0)
			err_errno(err, r, "page of the ledger");
	}
	page_free(page);
	return r;
}

/* What the row says of the slots that stay. */
static void sum_up(const struct rewriting *rewriting, struct page_ref *ref)
{
	ref->at = (struct mono_span){UINT64_MAX, 0};
	ref->slots = 0;
	ref->ever = 0;
	for (size_t i = 0; i < bundle_count(rewriting->bundle); i++) {
		const struct bundle_item *item = bundle_item(rewriting->bundle, i);
		uint64_t end_us = item->start_us + item->length_ms * 1000ULL;
		if (i == rewriting->place && !rewriting->dispute)
			continue;
		ref->slots++;
		ref->ever |= item->evidence.ever;
		if (item->start_us < ref->at.from_us)
			ref->at.from_us = item->start_us;
		if (end_us > ref->at.to_us)
			ref->at.to_us = end_us;
	}
}

static int recount(struct ledger_writer *writer, const struct page_ref *ref, struct err *err)
{
	struct bound bound = {.boot = ref->boot, .wan = ref->wan};
	struct query q;
	int r = anchor_cache_get(writer->view->anchors, writer->db, ref->boot, &bound.anchors, err);

	if (r < 0 || !bound.anchors->count)
		return r;
	db_query(&q, writer->db, "SELECT agent FROM boot WHERE id = ?");
	query_number(&q, ref->boot);
	if (query_next(&q) > 0)
		bound.agent = (uint32_t)query_get_number(&q, 0);
	r = query_end(&q, err);
	return r < 0 ? r : bound_recount(writer, &bound, ref, err);
}

int page_rewrite(struct ledger_writer *writer, const struct page_ref *ref, size_t place,
	bool dispute, struct err *err)
{
	struct rewriting rewriting = {.writer = writer, .place = place, .dispute = dispute};
	struct page_ref now = *ref;
	int r = bundle_load(writer->view, ref, &rewriting.bundle, err);

	if (r < 0)
		return r;
	buf_init(&rewriting.body, BODY_MAX);
	sum_up(&rewriting, &now);
	if (now.slots)
		r = ref->packed ? copy_packed(&rewriting, err) : copy_hot(&rewriting, err);
	bundle_forget(writer->view);
	if (r == 0)
		r = now.slots ? page_update(writer->db, &now, &rewriting.body, err)
			      : page_delete(writer->db, ref->id, err);
	if (r == 0 && now.slots)
		r = recount(writer, &now, err);
	buf_done(&rewriting.body);
	return r;
}
