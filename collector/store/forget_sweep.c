/* SPDX-License-Identifier: Apache-2.0 */
/* A pass over all pages: those that have been kept long enough go. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/forget.h"
#include "collector/store/ledger_page.h"
#include "collector/store/ledger_sample.h"
#include "common/civil.h"

/* What lies at the edge hangs on the slots before it. */
#define MARGIN_S 86400
#define EAST_S (9 * 3600) /* WIT: there a month ends first */
#define US_PER_S 1000000
#define BATCH_PAGES 500 /* of a batch: a tenth of a second */
#define BATCH_BOOTS 2000

bool forgetting_begin(struct forgetting *pass, int64_t now_s, int64_t keep_months)
{
	char name[8];
	int64_t from_s = now_s, to_s;

	if (!keep_months)
		return false;
	memset(pass, 0, sizeof(*pass));
	for (int64_t i = 0; i <= keep_months; i++) {
		civil_month_name(i ? from_s - 1 : now_s, EAST_S, name);
		if (civil_month(name, EAST_S, &from_s, &to_s, NULL) < 0)
			return false; /* before the years that can be meant */
	}
	pass->until_s = from_s;
	pass->now_s = now_s;
	civil_month_name(from_s - 1, EAST_S, pass->month);
	return true;
}

/* Links with a slot that will go: from here on nothing is derived of them up to `until`. */
static int note_links(struct ledger_writer *writer, const struct forgetting *pass, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO forgotten_link(link, until_s, first_s, ever)"
		" SELECT link, ?1, first_s, ever FROM link_ever WHERE first_s < ?2"
		" ON CONFLICT(link) DO UPDATE SET until_s = max(until_s, excluded.until_s),"
		" first_s = min(first_s, excluded.first_s), ever = ever | excluded.ever");
	query_number(&q, pass->until_s);
	query_number(&q, pass->until_s - MARGIN_S);
	return query_run(&q, err);
}

static int note_slots(
	struct ledger_writer *writer, const struct forgetting *pass, int64_t slots, struct err *err)
{
	struct query q;

	if (!slots)
		return 0;
	db_query(&q, writer->db,
		"INSERT INTO forgotten(month, until_s, slots, at_s) VALUES (?, ?, ?, ?)"
		" ON CONFLICT(month) DO UPDATE SET slots = slots + excluded.slots,"
		" at_s = excluded.at_s");
	query_text(&q, pass->month);
	query_number(&q, pass->until_s);
	query_number(&q, slots);
	query_number(&q, pass->now_s);
	return query_run(&q, err);
}

/* A page goes when all of it lies before; one that has no place, when it came before. */
static bool is_over(const struct boot_anchors *anchors, const struct page_ref *ref, int64_t second)
{
	if (!anchors->count)
		return ref->received_to < second * US_PER_S;
	return placing_hull((struct placing){anchors->items, anchors->count}, ref->at).to <= second;
}

struct sweep {
	struct ledger_writer *writer;
	const struct forgetting *pass;
	int64_t slots;
	unsigned pages;
};

static int sweep_pages(struct sweep *sweep, const struct boot_anchors *anchors,
	const struct page_refs *refs, struct err *err)
{
	int64_t second = sweep->pass->until_s - MARGIN_S;
	int r = 0;

	for (size_t i = 0; r == 0 && i < refs->count && sweep->pages < BATCH_PAGES; i++) {
		if (!is_over(anchors, &refs->items[i], second))
			continue;
		r = page_delete(sweep->writer->db, refs->items[i].id, err);
		sweep->slots += refs->items[i].slots;
		sweep->pages++;
	}
	return r;
}

static int sweep_boot(struct sweep *sweep, int64_t boot, struct err *err)
{
	const struct page_query query = {.boot = boot, .stretch = {0, MONO_MAX_US}};
	struct ledger_writer *writer = sweep->writer;
	const struct boot_anchors *anchors;
	struct page_refs refs = {0};
	int r = pages_load(writer->db, &query, &refs, err);

	if (r == 0)
		r = anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);
	if (r == 0)
		r = sweep_pages(sweep, anchors, &refs, err);
	free(refs.items);
	return r;
}

/* The next boot that has something from before; 0: there is none. */
static int next_boot(struct ledger_writer *writer, const struct forgetting *pass, int64_t *ret_boot,
	struct err *err)
{
	struct query q;
	int r;

	*ret_boot = 0;
	db_query(&q, writer->db,
		"SELECT id FROM boot WHERE id > ? AND (from_s IS NULL OR from_s < ?)"
		" ORDER BY id LIMIT 1");
	query_number(&q, pass->boot);
	query_number(&q, pass->until_s - MARGIN_S);
	if (query_next(&q) > 0)
		*ret_boot = query_get_number(&q, 0);
	r = query_end(&q, err);
	return r;
}

int ledger_forget(
	struct ledger_writer *writer, struct forgetting *pass, bool *ret_more, struct err *err)
{
	struct sweep sweep = {.writer = writer, .pass = pass};
	int64_t boot = -1;
	int r = pass->boot ? 0 : note_links(writer, pass, err);

	for (unsigned i = 0; r == 0 && boot && i < BATCH_BOOTS; i++) {
		r = next_boot(writer, pass, &boot, err);
		if (r == 0 && boot)
			r = sweep_boot(&sweep, boot, err);
		if (sweep.pages == BATCH_PAGES)
			break; /* the boot may have more */
		if (boot)
			pass->boot = boot;
	}
	if (r == 0)
		r = note_slots(writer, pass, sweep.slots, err);
	bundle_forget(writer->view);
	pass->slots += sweep.slots;
	*ret_more = boot != 0;
	if (r == 0 && !*ret_more)
		r = samples_forget(writer, (pass->until_s - MARGIN_S) * US_PER_S, ret_more, err);
	return r;
}
