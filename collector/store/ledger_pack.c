/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that nobody adds to any more are packed: of a run and WAN all slots of one day of the
 * boot's time go into one page (or a few, when they are very many). What comes later for such
 * a day is a
 * page of its own until it is packed with the rest.
 *
 *	|hot|hot|hot|...|hot|      ->   |  packed, one day  |
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_page.h"
#include "collector/store/ledger_run.h"

#define US_PER_S 1000000
#define RIPE_S (48 * 3600) /* after the day's end: what came late is in it by then */
#define BODY_MAX (16 * 1024 * 1024)
#define LOOK_PAGES 256 /* looked at in a step, when none of them is ripe: a millisecond */
/* Pages of the file that may be free, for what comes next; with more, it gets smaller. */
#define FREE_KEEP 256
#define FREE_PART 64 /* and so many-th of all */

struct packer {
	struct ledger_writer *writer;
	struct page_refs refs; /* of one run, WAN and day */
	struct page *page;
	struct page_ref now; /* the row to be written */
	uint64_t day;
	const struct page_ref *like;
};

static uint64_t day_of(uint64_t mono_us)
{
	return mono_us / PAGE_DAY_US;
}

/* ---- which */

static int is_ripe(struct ledger_writer *writer, const struct page_ref *ref, int64_t now_s,
	bool *ret_ripe, struct err *err)
{
	const struct boot_anchors *anchors;
	uint64_t end_us = (day_of(ref->at.from_us) + 1) * PAGE_DAY_US;
	int r = anchor_cache_get(writer->view->anchors, writer->db, ref->boot, &anchors, err);

	*ret_ripe = r == 0 && anchors->count &&
		place_s(anchors->items, anchors->count, end_us) + RIPE_S <= now_s;
	return r;
}

static int next_hot(struct db *db, int64_t after, int64_t *ret_id, struct err *err)
{
	struct query q;
	int found;

	db_query(&q, db, "SELECT id FROM page WHERE packed = 0 AND id > ? ORDER BY id LIMIT 1");
	query_number(&q, after);
	found = query_next(&q);
	*ret_id = found > 0 ? query_get_number(&q, 0) : 0;
	return query_end(&q, err);
}

/* The next ripe page after the place where the last look ended. *ret_ref: id 0, there is none. */
static int find_ripe(
	struct ledger_writer *writer, int64_t now_s, struct page_ref *ret_ref, struct err *err)
{
	bool ripe = false;
	int64_t id;
	int r = 0;

	for (int i = 0; r == 0 && !ripe && i < LOOK_PAGES; i++) {
		r = next_hot(writer->db, writer->pack_at, &id, err);
		if (r < 0)
			break;
		writer->pack_at = id; /* 0 at the end: from the beginning again, next time */
		if (!id)
			break;
		r = page_ref_get(writer->db, id, ret_ref, err);
		if (r == 0)
			r = is_ripe(writer, ret_ref, now_s, &ripe, err);
	}
	if (!ripe)
		ret_ref->id = 0;
	return r;
}

int ledger_pack_look(struct ledger_writer *writer, int64_t now_us, bool *ret_ripe, struct err *err)
{
	struct page_ref ref;
	bool refills = false;
	int r = refill_runs(writer, &refills, err);

	*ret_ripe = false;
	if (r < 0 || refills)
		return r;
	r = find_ripe(writer, now_us / US_PER_S, &ref, err);
	if (r == 0 && ref.id) {
		*ret_ripe = true;
		writer->pack_at = ref.id - 1; /* it is found again */
	}
	return r;
}

/* ---- one day */

static int add_day(void *arg, const struct page_ref *ref)
{
	struct packer *packer = arg;

	if (ref->run != packer->like->run || day_of(ref->at.from_us) != packer->day)
		return 0;
	return page_refs_add(&packer->refs, ref);
}

static int add_slots(struct packer *packer, const struct page_ref *ref, struct err *err)
{
	struct ledger_db *view = packer->writer->view;
	const struct bundle *bundle;
	int r = bundle_load(view, ref, &bundle, err);

	return r < 0 ? r : bundle_to_page(bundle, packer->page, view->record, err);
}

/* What the row says: of what is in the page. */
static int sum_up(struct packer *packer, const struct buf *body, struct err *err)
{
	struct ledger_db *view = packer->writer->view;
	struct page_ref *now = &packer->now;
	struct page_slot beside;

	now->at = (struct mono_span){UINT64_MAX, 0};
	now->received_from = INT64_MAX;
	now->received_to = INT64_MIN;
	now->ever = 0;
	now->slots = (uint32_t)page_count(packer->page);
	for (size_t i = 0; i < page_count(packer->page); i++) {
		const struct slot *slot = &view->record->slot;
		page_get(packer->page, i, &beside, &view->record->slot);
		uint64_t end_us = slot->start_us + slot->length_ms * 1000ULL;
		now->ever |= evidence_of(slot).ever;
		if (slot->start_us < now->at.from_us)
			now->at.from_us = slot->start_us;
		if (end_us > now->at.to_us)
			now->at.to_us = end_us;
		if (beside.received_us < now->received_from)
			now->received_from = beside.received_us;
		if (beside.received_us > now->received_to)
			now->received_to = beside.received_us;
	}
	return page_insert(packer->writer->db, now, body, NULL, err);
}

static int write_page(struct packer *packer, struct err *err)
{
	struct ledger_db *view = packer->writer->view;
	struct buf body;
	int r;

	if (!page_count(packer->page))
		return 0;
	buf_init(&body, BODY_MAX);
	page_sort(packer->page);
	r = page_pack(packer->page, view->columns, &body);
	if (r < 0)
		err_errno(err, r, "page of the ledger");
	else
		r = sum_up(packer, &body, err);
	buf_done(&body);
	page_clear(packer->page);
	packer->now.unbound = 0; /* the first one has them all */
	return r;
}

static int pack_refs(struct packer *packer, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < packer->refs.count; i++) {
		if (page_is_full(packer->page, packer->refs.items[i].slots))
			r = write_page(packer, err);
		if (r == 0)
			r = add_slots(packer, &packer->refs.items[i], err);
		packer->now.unbound += packer->refs.items[i].unbound;
	}
	if (r == 0)
		r = write_page(packer, err);
	for (size_t i = 0; r == 0 && i < packer->refs.count; i++)
		r = page_delete(packer->writer->db, packer->refs.items[i].id, err);
	bundle_forget(packer->writer->view);
	return r;
}

static int by_start(const void *left, const void *right)
{
	const struct page_ref *a = left, *b = right;

	return (a->at.from_us > b->at.from_us) - (a->at.from_us < b->at.from_us);
}

static int make_tools(struct ledger_db *view, struct err *err)
{
	if (!view->zstd)
		view->zstd = zstd_new();
	if (view->zstd && !view->columns)
		view->columns = page_columns_new(view->zstd);
	return view->columns ? 0 : err_errno(err, -ENOMEM, "page of the ledger");
}

static int close_run(struct ledger_writer *writer, const struct page_ref *ref, struct err *err)
{
	struct query q;

	db_query(&q, writer->db, "SELECT agent FROM boot WHERE id = ?");
	query_number(&q, ref->boot);
	if (query_next(&q) > 0)
		run_cache_close(writer->runs, (uint32_t)query_get_number(&q, 0), ref->run);
	return query_end(&q, err);
}

static int pack_day(struct ledger_writer *writer, const struct page_ref *like, struct err *err)
{
	struct packer packer = {
		.writer = writer, .like = like, .day = day_of(like->at.from_us), .now = *like};
	uint64_t from_us = packer.day * PAGE_DAY_US;
	struct page_query query = {.boot = like->boot,
		.wan = like->wan,
		.stretch = {from_us, from_us + PAGE_DAY_US - 1}};
	int r = make_tools(writer->view, err);

	packer.now.packed = true;
	packer.now.unbound = 0;
	packer.page = page_new();
	if (r == 0 && !packer.page)
		r = err_errno(err, -ENOMEM, "page of the ledger");
	if (r == 0)
		r = pages_each(writer->db, &query, add_day, &packer, err);
	if (r == 0) {
		qsort(packer.refs.items, packer.refs.count, sizeof(*packer.refs.items), by_start);
		r = pack_refs(&packer, err);
	}
	if (r == 0)
		r = close_run(writer, like, err);
	page_free(packer.page);
	free(packer.refs.items);
	return r;
}

/* ---- the file */

static int get_pragma(struct db *db, const char *sql, int64_t *ret_value, struct err *err)
{
	struct query q;

	*ret_value = 0;
	db_query(&q, db, sql);
	if (query_next(&q) > 0)
		*ret_value = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* A few thousand pages at a time. *ret_more: there are still many. */
static int shrink(struct ledger_writer *writer, bool *ret_more, struct err *err)
{
	int64_t unused, all = 0;
	int r = get_pragma(writer->db, "PRAGMA freelist_count", &unused, err);

	if (r == 0)
		r = get_pragma(writer->db, "PRAGMA page_count", &all, err);
	if (r < 0 || unused <= FREE_KEEP + all / FREE_PART)
		return r;
	*ret_more = true;
	return db_run(writer->db, "PRAGMA incremental_vacuum(2048)", err);
}

int ledger_pack(
	struct ledger_writer *writer, int64_t now_us, int days, bool *ret_more, struct err *err)
{
	struct page_ref ref;
	bool refills = false;
	int r = refill_runs(writer, &refills, err);

	*ret_more = false;
	for (int i = 0; r == 0 && !refills && i < days; i++) {
		r = find_ripe(writer, now_us / US_PER_S, &ref, err);
		*ret_more = r == 0 && ref.id;
		if (r < 0 || !ref.id)
			break;
		r = pack_day(writer, &ref, err);
	}
	return r < 0 || *ret_more ? r : shrink(writer, ret_more, err);
}
