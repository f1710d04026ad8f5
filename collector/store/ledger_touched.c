/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch touches: one span a link. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_bound.h"

#define TOUCHED_FIRST 256 /* a power of two */

static size_t hash_of(const struct ledger_writer *writer, int64_t link)
{
	return (size_t)((uint64_t)link * 0x9e3779b97f4a7c15u >> 20) & writer->touched_mask;
}

/* Where the link is in the table of places, or would be. */
static uint32_t *find_place(const struct ledger_writer *writer, int64_t link)
{
	size_t at = hash_of(writer, link);

	while (writer->touched_at[at] && writer->touched[writer->touched_at[at] - 1].link != link)
		at = (at + 1) & writer->touched_mask;
	return &writer->touched_at[at];
}

/* At most half of the places are taken. */
static int make_room(struct ledger_writer *writer)
{
	size_t room = writer->touched_room ? writer->touched_room * 2 : TOUCHED_FIRST;
	struct ledger_span *items;
	uint32_t *places;

	if (writer->touched_count < writer->touched_room)
		return 0;
	items = realloc(writer->touched, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	writer->touched = items;
	places = calloc(room * 2, sizeof(*places));
	if (!places)
		return -ENOMEM;
	free(writer->touched_at);
	writer->touched_at = places;
	writer->touched_mask = room * 2 - 1;
	writer->touched_room = room;
	for (size_t i = 0; i < writer->touched_count; i++)
		*find_place(writer, items[i].link) = (uint32_t)i + 1;
	return 0;
}

int touched_add(struct ledger_writer *writer, const struct ledger_span *span, struct err *err)
{
	struct ledger_span *touched;
	uint32_t *place;

	if (make_room(writer) < 0)
		return err_errno(err, -ENOMEM, "links of a batch");
	place = find_place(writer, span->link);
	if (!*place) {
		writer->touched[writer->touched_count++] = *span;
		*place = (uint32_t)writer->touched_count;
		return 0;
	}
	touched = &writer->touched[*place - 1];
	if (span->from_s < touched->from_s)
		touched->from_s = span->from_s;
	if (span->to_s > touched->to_s)
		touched->to_s = span->to_s;
	return 0;
}

int ledger_touched(struct ledger_writer *writer,
	int (*each)(void *arg, const struct ledger_span *span), void *arg)
{
	int stop = 0;

	for (size_t i = 0; !stop && i < writer->touched_count; i++)
		stop = each(arg, &writer->touched[i]);
	return stop;
}

int touched_agent(struct ledger_writer *writer, uint32_t agent, const char *wan,
	const struct span *span, struct err *err)
{
	const struct registry_binding *bindings;
	size_t count;
	int r = 0;

	bindings = bindings_of_agent(writer, agent, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct ledger_span part = {
			.link = bindings[i].link,
			.from_s = span->from > bindings[i].from_s ? span->from : bindings[i].from_s,
			.to_s = span->to < bindings[i].to_s ? span->to : bindings[i].to_s,
		};
		if ((!wan || !strcmp(wan, bindings[i].wan)) && part.from_s < part.to_s)
			r = touched_add(writer, &part, err);
	}
	return r;
}

/* It explains holes between slots of runs before and after it. */
int touched_unplaced(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err)
{
	struct span span = {INT64_MIN, SPAN_FOREVER};
	struct query q;
	int r;

	db_query(&q, writer->db,
		"WITH own AS (SELECT first_run, last_run FROM boot WHERE id = ?2)"
		" SELECT (SELECT max(to_s) FROM boot WHERE agent = ?1 AND to_s IS NOT NULL"
		"  AND last_run < (SELECT first_run FROM own)),"
		" (SELECT min(from_s) FROM boot WHERE agent = ?1 AND to_s IS NOT NULL"
		"  AND first_run > (SELECT last_run FROM own))");
	query_number(&q, agent);
	query_number(&q, boot);
	if (query_next(&q) > 0) {
		/* a row says a little more than there is: an hour, and the slot before it */
		if (!query_is_null(&q, 0))
			span.from = query_get_number(&q, 0) - 2 * 3600;
		if (!query_is_null(&q, 1))
			span.to = query_get_number(&q, 1) + 2 * 3600;
	}
	r = query_end(&q, err);
	if (span.from >= span.to) /* runs say another order than time does */
		span = (struct span){INT64_MIN, SPAN_FOREVER};
	return r < 0 ? r : touched_agent(writer, agent, NULL, &span, err);
}

/* ---- signs of life */

int sign_add(struct ledger_writer *writer, const struct sign *sign, struct err *err)
{
	for (size_t i = writer->sign_count; i-- > 0 && i + 8 > writer->sign_count;) {
		if (writer->signs[i].boot == sign->boot &&
			writer->signs[i].mono_us == sign->mono_us &&
			writer->signs[i].starts == sign->starts)
			return 0;
	}
	if (writer->sign_count == writer->sign_room) {
		size_t room = writer->sign_room ? writer->sign_room * 2 : 64;
		struct sign *items = realloc(writer->signs, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "signs of life");
		writer->signs = items;
		writer->sign_room = room;
	}
	writer->signs[writer->sign_count++] = *sign;
	return 0;
}

struct last {
	uint64_t end_us;
};

static int find_last(void *arg, const struct page_ref *ref)
{
	struct last *last = arg;

	if (ref->at.to_us > last->end_us)
		last->end_us = ref->at.to_us;
	return 0;
}

/* The moment up to which the boot has slots: among the pages that begin last. 0: it has none. */
static int last_slot(struct db *db, int64_t boot, uint64_t *ret_end_us, struct err *err)
{
	struct page_query query = {.boot = boot};
	struct last last = {0};
	struct query q;
	int r;

	db_query(&q, db,
		"SELECT max(coalesce((SELECT max(start_us) FROM page WHERE boot = ?1 AND packed = "
		"0),"
		" -1), coalesce((SELECT max(start_us) FROM page WHERE boot = ?1 AND packed = 1), "
		"-1))");
	query_number(&q, boot);
	if (query_next(&q) > 0)
		query.stretch.from_us = (uint64_t)query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0 || query.stretch.from_us == UINT64_MAX) {
		*ret_end_us = 0;
		return r;
	}
	query.stretch.to_us = query.stretch.from_us;
	r = pages_each(db, &query, find_last, &last, err);
	*ret_end_us = last.end_us;
	return r;
}

int boot_last_slot(
	struct ledger_writer *writer, int64_t boot, uint64_t *ret_end_us, struct err *err)
{
	return last_slot(writer->db, boot, ret_end_us, err);
}

/* The moment at which the boot's slots begin; UINT64_MAX: it has none. */
static int first_slot(struct db *db, int64_t boot, uint64_t *ret_start_us, struct err *err)
{
	struct query q;

	*ret_start_us = UINT64_MAX;
	db_query(&q, db,
		"SELECT min(least) FROM (SELECT min(start_us) AS least FROM page WHERE boot = ?1"
		" AND packed = 0 UNION ALL SELECT min(start_us) FROM page WHERE boot = ?1"
		" AND packed = 1)");
	query_number(&q, boot);
	if (query_next(&q) > 0 && !query_is_null(&q, 0))
		*ret_start_us = (uint64_t)query_get_number(&q, 0);
	return query_end(&q, err);
}

int boot_first_slot(
	struct ledger_writer *writer, int64_t boot, uint64_t *ret_start_us, struct err *err)
{
	return first_slot(writer->db, boot, ret_start_us, err);
}

/* Who derives goes from here back to the slot before. */
static int settle_start(struct ledger_writer *writer, const struct sign *sign,
	const struct boot_anchors *anchors, struct err *err)
{
	uint64_t start_us;
	struct span edge;
	int r = first_slot(writer->db, sign->boot, &start_us, err);

	if (r < 0 || start_us == UINT64_MAX)
		return r;
	edge.from = place_s(anchors->items, anchors->count, start_us) - 1;
	edge.to = edge.from + 2;
	return touched_agent(writer, sign->agent, NULL, &edge, err);
}

static int settle_sign(struct ledger_writer *writer, const struct sign *sign, struct err *err)
{
	const struct boot_anchors *anchors;
	struct mono_span stretch = {0, sign->mono_us};
	struct span hull;
	int r = anchor_cache_get(writer->view->anchors, writer->db, sign->boot, &anchors, err);

	if (r < 0 || !anchors->count)
		return r;
	if (sign->starts)
		r = settle_start(writer, sign, anchors, err);
	if (r == 0)
		r = last_slot(writer->db, sign->boot, &stretch.from_us, err);
	if (r < 0 || !stretch.from_us)
		return r; /* without a slot it has no hole after it */
	if (stretch.to_us < stretch.from_us)
		stretch.to_us = stretch.from_us;
	hull = placing_hull((struct placing){anchors->items, anchors->count}, stretch);
	hull.from--;
	hull.to++;
	return touched_agent(writer, sign->agent, NULL, &hull, err);
}

int settle_signs(struct ledger_writer *writer, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < writer->sign_count; i++)
		r = settle_sign(writer, &writer->signs[i], err);
	writer->sign_count = 0;
	return r;
}

int news_add(struct ledger_writer *writer, int64_t link, struct err *err)
{
	if (writer->news_count && writer->news[writer->news_count - 1] == link)
		return 0;
	if (writer->news_count == writer->news_room) {
		size_t room = writer->news_room ? writer->news_room * 2 : 64;
		int64_t *items = realloc(writer->news, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "links of a batch");
		writer->news = items;
		writer->news_room = room;
	}
	writer->news[writer->news_count++] = link;
	return 0;
}
