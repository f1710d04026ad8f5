/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct finder {
	struct ledger_db *db;
	const struct ledger_span *span;
	struct sources *sources;
	/* of the present binding and boot */
	size_t binding;
	int64_t boot;
	const struct boot_anchors *anchors;
	struct span within;
};

/* Room for one more item. */
static int grow(void **items, size_t *room, size_t count, size_t size)
{
	size_t wanted = *room ? *room * 2 : 16;
	void *grown;

	if (count < *room)
		return 0;
	grown = realloc(*items, wanted * size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*room = wanted;
	return 0;
}

int link_bindings_load(struct db *db, int64_t link, struct link_binding **ret_items,
	size_t *ret_count, struct err *err)
{
	struct link_binding *items = NULL;
	size_t room = 0, count = 0;
	struct query q;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT agent, wan, from_s, to_s FROM binding WHERE link = ? ORDER BY agent,"
		" from_s, wan");
	query_number(&q, link);
	while (!failed && query_next(&q) > 0) {
		failed = grow((void **)&items, &room, count, sizeof(*items));
		if (failed)
			break;
		items[count] = (struct link_binding){.agent = (uint32_t)query_get_number(&q, 0),
			.from_s = query_get_number(&q, 2),
			.to_s = query_get_until(&q, 3)};
		query_copy_text(&q, 1, items[count].wan, sizeof(items[count].wan));
		count++;
	}
	r = query_end(&q, failed ? NULL : err);
	if (failed || r < 0) {
		free(items);
		return failed ? err_errno(err, failed, "bindings of a link") : r;
	}
	*ret_items = items;
	*ret_count = count;
	return 0;
}

static int add_source(void *arg, const struct page_ref *ref)
{
	struct finder *finder = arg;
	struct sources *sources = finder->sources;
	struct source source = {.ref = *ref, .binding = finder->binding};
	int r;

	source.hull = placing_hull(
		(struct placing){finder->anchors->items, finder->anchors->count}, ref->at);
	if (source.hull.from < finder->within.from)
		source.hull.from = finder->within.from;
	if (source.hull.to > finder->within.to)
		source.hull.to = finder->within.to;
	if (source.hull.from >= source.hull.to)
		return 0;
	r = grow((void **)&sources->items, &sources->room, sources->count, sizeof(source));
	if (r == 0)
		sources->items[sources->count++] = source;
	return r;
}

static int find_in_boot(struct finder *finder, struct err *err)
{
	const struct link_binding *binding = &finder->sources->bindings[finder->binding];
	struct page_query query = {.boot = finder->boot, .wan = binding->wan};
	int r = anchor_cache_get(
		finder->db->anchors, finder->db->db, finder->boot, &finder->anchors, err);

	if (r < 0 || !finder->anchors->count)
		return r;
	if (!placing_back((struct placing){finder->anchors->items, finder->anchors->count},
		    &finder->within, &query.stretch))
		return 0;
	return pages_each(finder->db->db, &query, add_source, finder, err);
}

static int find_in_binding(struct finder *finder, struct err *err)
{
	const struct link_binding *binding = &finder->sources->bindings[finder->binding];
	struct query q;
	int failed = 0, r;

	finder->within = (struct span){
		binding->from_s > finder->span->from_s ? binding->from_s : finder->span->from_s,
		binding->to_s < finder->span->to_s ? binding->to_s : finder->span->to_s};
	if (finder->within.from >= finder->within.to)
		return 0;
	db_query(&q, finder->db->db,
		"SELECT id FROM boot WHERE agent = ? AND to_s > ? AND from_s < ?");
	query_number(&q, binding->agent);
	query_number(&q, finder->within.from);
	query_number(&q, finder->within.to);
	while (!failed && query_next(&q) > 0) {
		finder->boot = query_get_number(&q, 0);
		failed = find_in_boot(finder, err);
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

static int by_place(const void *left, const void *right)
{
	const struct source *a = left, *b = right;

	if (a->hull.from != b->hull.from)
		return a->hull.from < b->hull.from ? -1 : 1;
	return (a->ref.id > b->ref.id) - (a->ref.id < b->ref.id);
}

int sources_find(struct ledger_db *db, const struct ledger_span *span, struct sources *ret_sources,
	struct err *err)
{
	struct sources sources = {0};
	struct finder finder = {.db = db, .span = span, .sources = &sources};
	int r = link_bindings_load(
		db->db, span->link, &sources.bindings, &sources.binding_count, err);

	for (; r == 0 && finder.binding < sources.binding_count; finder.binding++)
		r = find_in_binding(&finder, err);
	if (r < 0) {
		sources_done(&sources);
		return r;
	}
	if (sources.count)
		qsort(sources.items, sources.count, sizeof(*sources.items), by_place);
	*ret_sources = sources;
	return 0;
}

void sources_done(struct sources *sources)
{
	free(sources->bindings);
	free(sources->items);
	*sources = (struct sources){0};
}

bool source_place(const struct source *source, const struct sources *sources,
	const struct boot_anchors *anchors, const struct bundle_item *item,
	struct placed_slot *ret_placed)
{
	const struct link_binding *binding = &sources->bindings[source->binding];
	uint64_t end_us = item->start_us + item->length_ms * 1000ULL;
	struct placed_slot placed = {
		.at = {place_s(anchors->items, anchors->count, item->start_us),
			place_s(anchors->items, anchors->count, end_us)},
		.start_utc_us = place_us(anchors->items, anchors->count, item->start_us),
	};

	if (placed.at.from < binding->from_s)
		placed.at.from = binding->from_s;
	if (placed.at.to > binding->to_s)
		placed.at.to = binding->to_s;
	if (placed.at.from >= placed.at.to)
		return false;
	*ret_placed = placed;
	return true;
}

/* ---- the nearest slots */

struct nearest {
	struct ledger_db *db;
	int64_t second, from_s;
	bool before;
};

static int look_in(struct nearest *nearest, const struct sources *sources,
	const struct source *source, struct err *err)
{
	const struct boot_anchors *anchors;
	const struct bundle *bundle;
	struct placed_slot placed;
	int r = bundle_load(nearest->db, &source->ref, &bundle, err);

	if (r == 0)
		r = anchor_cache_get(
			nearest->db->anchors, nearest->db->db, source->ref.boot, &anchors, err);
	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		if (!source_place(source, sources, anchors, bundle_item(bundle, i), &placed))
			continue;
		if (nearest->before && placed.at.from < nearest->second &&
			placed.at.from > nearest->from_s)
			nearest->from_s = placed.at.from;
		if (!nearest->before && placed.at.from >= nearest->second &&
			placed.at.from < nearest->from_s)
			nearest->from_s = placed.at.from;
	}
	return r;
}

int sources_before(struct ledger_db *db, const struct sources *sources, int64_t second,
	int64_t *ret_from_s, struct err *err)
{
	struct nearest nearest = {.db = db, .second = second, .from_s = INT64_MIN, .before = true};
	int r = 0;

	for (size_t i = sources->count; r == 0 && i-- > 0;) {
		/* they are by their beginning: an earlier one may end later */
		if (sources->items[i].hull.from < second &&
			sources->items[i].hull.to > nearest.from_s)
			r = look_in(&nearest, sources, &sources->items[i], err);
	}
	if (r == 0)
		*ret_from_s = nearest.from_s;
	return r;
}

int sources_after(struct ledger_db *db, const struct sources *sources, int64_t second,
	int64_t *ret_from_s, struct err *err)
{
	struct nearest nearest = {.db = db, .second = second, .from_s = SPAN_FOREVER};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sources->count; i++) {
		if (sources->items[i].hull.from >= nearest.from_s)
			break;
		if (sources->items[i].hull.to > second)
			r = look_in(&nearest, sources, &sources->items[i], err);
	}
	if (r == 0)
		*ret_from_s = nearest.from_s;
	return r;
}

static int look(struct ledger_db *db, const struct ledger_span *span, bool before,
	int64_t *ret_from_s, struct err *err)
{
	struct sources sources;
	int r = sources_find(db, span, &sources, err);

	if (r < 0)
		return r;
	r = before ? sources_before(db, &sources, span->to_s, ret_from_s, err)
		   : sources_after(db, &sources, span->from_s, ret_from_s, err);
	sources_done(&sources);
	return r;
}

int slot_before(
	struct ledger_db *db, int64_t link, int64_t second, int64_t *ret_from_s, struct err *err)
{
	struct link_first first = {0};
	int64_t end_s = 0, from_s = INT64_MIN;
	int r = link_ever_get(db->db, link, &first, err);

	if (r == 0)
		r = slots_end(db, link, &end_s, err);
	if (r < 0)
		return r;
	if (second > end_s)
		second = end_s;
	for (int64_t reach_s = SOURCE_NEAR_S; r == 0 && first.first_s < second; reach_s *= 8) {
		struct ledger_span span = {link, second - reach_s, second};
		if (span.from_s < first.first_s)
			span.from_s = first.first_s;
		r = look(db, &span, true, &from_s, err);
		if (from_s != INT64_MIN || span.from_s == first.first_s)
			break;
	}
	if (r == 0)
		*ret_from_s = from_s;
	return r;
}

int slot_after(
	struct ledger_db *db, int64_t link, int64_t second, int64_t *ret_from_s, struct err *err)
{
	int64_t end_s = 0, from_s = SPAN_FOREVER;
	int r = slots_end(db, link, &end_s, err);

	for (int64_t reach_s = SOURCE_NEAR_S; r == 0 && second < end_s; reach_s *= 8) {
		struct ledger_span span = {link, second, second + reach_s};
		r = look(db, &span, false, &from_s, err);
		if (from_s != SPAN_FOREVER || span.to_s >= end_s)
			break;
	}
	if (r == 0)
		*ret_from_s = from_s;
	return r;
}

int slots_end(struct ledger_db *db, int64_t link, int64_t *ret_end_s, struct err *err)
{
	struct query q;

	*ret_end_s = INT64_MIN;
	db_query(&q, db->db,
		"SELECT max(b.to_s) FROM (SELECT DISTINCT agent FROM binding WHERE link = ?) AS a"
		" JOIN boot AS b ON b.agent = a.agent AND b.to_s IS NOT NULL");
	query_number(&q, link);
	if (query_next(&q) > 0 && !query_is_null(&q, 0))
		*ret_end_s = query_get_number(&q, 0);
	return query_end(&q, err);
}
