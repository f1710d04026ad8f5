/* SPDX-License-Identifier: Apache-2.0 */
/* What a link's targets ever answered, and its first second: asked at every judgement, so kept. */
#include <errno.h>

#include "collector/store/forget_link.h"
#include "collector/store/ledger_source.h"

int link_ever_get(struct db *db, int64_t link, struct link_first *ret_first, struct err *err)
{
	struct link_first first = {0, SPAN_FOREVER};
	struct query q;
	int r;

	db_query(&q, db, "SELECT ever, first_s FROM link_ever WHERE link = ?");
	query_number(&q, link);
	if (query_next(&q) > 0)
		first = (struct link_first){
			(uint8_t)query_get_number(&q, 0), query_get_number(&q, 1)};
	r = query_end(&q, err);
	if (r == 0)
		*ret_first = first;
	return r;
}

static int put(struct db *db, int64_t link, const struct link_first *first, struct err *err)
{
	struct query q;

	if (first->first_s == SPAN_FOREVER) {
		db_query(&q, db, "DELETE FROM link_ever WHERE link = ?");
		query_number(&q, link);
		return query_run(&q, err);
	}
	db_query(&q, db, "INSERT OR REPLACE INTO link_ever(link, ever, first_s) VALUES (?, ?, ?)");
	query_number(&q, link);
	query_number(&q, first->ever);
	query_number(&q, first->first_s);
	return query_run(&q, err);
}

/* Causes hang on what ever answered: all of the link may mean something else now. */
static int touch_all(struct ledger_writer *writer, int64_t link, struct err *err)
{
	return touched_add(writer, &(struct ledger_span){link, INT64_MIN, SPAN_FOREVER}, err);
}

int link_ever_add(
	struct ledger_writer *writer, int64_t link, const struct link_first *first, struct err *err)
{
	struct link_first now;
	int r = link_ever_get(writer->db, link, &now, err);
	bool grows;

	if (r < 0)
		return r;
	grows = (now.ever | first->ever) != now.ever;
	if (!grows && now.first_s <= first->first_s)
		return 0;
	now.ever |= first->ever;
	if (first->first_s < now.first_s)
		now.first_s = first->first_s;
	r = put(writer->db, link, &now, err);
	return r == 0 && grows ? touch_all(writer, link, err) : r;
}

/* Page by page: only one that is cut by a binding, or may hold the first second, is opened. */
static int count_source(struct ledger_db *db, const struct sources *sources,
	const struct source *source, struct link_first *first, struct err *err)
{
	const struct link_binding *binding = &sources->bindings[source->binding];
	const struct boot_anchors *anchors;
	const struct bundle *bundle;
	struct placed_slot placed;
	struct span hull;
	int r = anchor_cache_get(db->anchors, db->db, source->ref.boot, &anchors, err);

	if (r < 0)
		return r;
	hull = placing_hull((struct placing){anchors->items, anchors->count}, source->ref.at);
	if (hull.from >= binding->from_s && hull.to <= binding->to_s &&
		source->hull.from >= first->first_s) {
		first->ever |= source->ref.ever;
		return 0;
	}
	r = bundle_load(db, &source->ref, &bundle, err);
	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		const struct bundle_item *item = bundle_item(bundle, i);
		if (!source_place(source, sources, anchors, item, &placed))
			continue;
		first->ever |= item->evidence.ever;
		if (placed.at.from < first->first_s)
			first->first_s = placed.at.from;
	}
	return r;
}

/* What slots said that are gone. */
static int add_forgotten(
	struct ledger_writer *writer, int64_t link, struct link_first *now, struct err *err)
{
	struct forgotten_link forgotten;
	int r = forgotten_get(writer->db, link, &forgotten, err);

	if (r < 0)
		return r;
	now->ever |= forgotten.ever;
	if (forgotten.first_s < now->first_s)
		now->first_s = forgotten.first_s;
	return 0;
}

int link_ever_recount(struct ledger_writer *writer, int64_t link, struct err *err)
{
	struct ledger_span ever = {link, INT64_MIN, SPAN_FOREVER};
	struct link_first before, now = {0, SPAN_FOREVER};
	struct sources sources;
	int r = link_ever_get(writer->db, link, &before, err);

	if (r == 0)
		r = sources_find(writer->view, &ever, &sources, err);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < sources.count; i++)
		r = count_source(writer->view, &sources, &sources.items[i], &now, err);
	sources_done(&sources);
	if (r == 0)
		r = add_forgotten(writer, link, &now, err);
	if (r == 0 && (now.ever != before.ever || now.first_s != before.first_s))
		r = put(writer->db, link, &now, err);
	return r == 0 && now.ever != before.ever ? touch_all(writer, link, err) : r;
}
