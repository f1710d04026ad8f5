/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot's anchors have changed, so what it says of itself lies elsewhere, or somewhere at last. No
 * slot is written again for it: where they were and where they are is touched.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_bound.h"
#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/ledger_twin.h"

int boot_moves(struct ledger_writer *writer, int64_t boot, uint32_t agent, struct err *err)
{
	bool noted = false;
	/* now, before the table changes: the cache has the old ones until settle */
	int r = anchor_cache_note(writer->view->anchors, writer->db, boot, &noted, err);

	if (r < 0 || noted)
		return r;
	if (writer->moved_count == writer->moved_room) {
		size_t room = writer->moved_room ? writer->moved_room * 2 : 64;
		struct moved_boot *items = realloc(writer->moved, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "boots of a batch");
		writer->moved = items;
		writer->moved_room = room;
	}
	writer->moved[writer->moved_count++] = (struct moved_boot){boot, agent};
	return settlements_touch(writer, agent, err);
}

struct change { /* of one boot's anchors */
	struct ledger_writer *writer;
	int64_t boot;
	uint32_t agent;
	struct boot_anchors old; /* as they placed until now */
	struct boot_anchors now;
	struct mono_span range; /* where they place otherwise; no further than the last record */
};

static bool same(const struct place_anchor *a, const struct place_anchor *b)
{
	return a->mono_us == b->mono_us && a->utc_us == b->utc_us;
}

/* From the first one that differs (everything before the first anchor hangs on it) to the first one
 * of those that are the same again. */
static struct mono_span differ(const struct boot_anchors *old, const struct boot_anchors *now)
{
	struct mono_span range = {0, MONO_MAX_US};
	size_t least = old->count < now->count ? old->count : now->count, front = 0, back = 0;

	while (front < least && same(&old->items[front], &now->items[front]))
		front++;
	while (back < least - front &&
		same(&old->items[old->count - 1 - back], &now->items[now->count - 1 - back]))
		back++;
	if (front == old->count && front == now->count)
		return (struct mono_span){0, 0};
	if (front) {
		range.from_us = UINT64_MAX;
		if (front < old->count)
			range.from_us = old->items[front].mono_us;
		if (front < now->count && now->items[front].mono_us < range.from_us)
			range.from_us = now->items[front].mono_us;
	}
	if (back)
		range.to_us = now->items[now->count - back].mono_us;
	return range;
}

/* The last moment of which the boot's records speak. */
static int last_moment(const struct change *change, uint64_t *ret_mono_us, struct err *err)
{
	struct db *db = change->writer->db;
	uint64_t anchor_us = 0, slot_us = 0;
	struct query q;
	int r = anchors_last(db, change->boot, &anchor_us, err);

	if (r == 0)
		r = boot_last_slot(change->writer, change->boot, &slot_us, err);
	if (r < 0)
		return r;
	db_query(&q, db,
		"SELECT max(coalesce((SELECT max(m.mono_us) FROM mark AS m JOIN boot AS b"
		"  ON b.id = m.boot WHERE m.boot = ?1 AND m.agent = ?2"
		"  AND m.run BETWEEN b.first_run AND b.last_run), 0),"
		" coalesce((SELECT max(to_us) FROM dropped WHERE agent = ?2 AND boot = ?1), 0))");
	query_number(&q, change->boot);
	query_number(&q, change->agent);
	*ret_mono_us = anchor_us > slot_us ? anchor_us : slot_us;
	if (query_next(&q) > 0 && (uint64_t)query_get_number(&q, 0) > *ret_mono_us)
		*ret_mono_us = (uint64_t)query_get_number(&q, 0);
	return query_end(&q, err);
}

static struct span hull_of(const struct boot_anchors *anchors, struct mono_span range)
{
	struct span hull = placing_hull((struct placing){anchors->items, anchors->count}, range);

	hull.from--;
	hull.to++;
	return hull;
}

/* All of it lies between, and what may come soon. */
static int put_boot(const struct change *change, uint64_t last_us, struct err *err)
{
	struct span hull;
	struct query q;

	db_query(&q, change->writer->db, "UPDATE boot SET from_s = ?, to_s = ? WHERE id = ?");
	if (change->now.count) {
		hull = hull_of(&change->now, (struct mono_span){0, last_us});
		query_number(&q, hull.from);
		query_number(&q, hull.to);
	} else {
		query_null(&q);
		query_null(&q);
	}
	query_number(&q, change->boot);
	return query_run(&q, err);
}

/* ---- pages in the range */

static int recount_pages(const struct change *change, const struct page_refs *refs, struct err *err)
{
	struct bound bound = {
		.boot = change->boot, .agent = change->agent, .anchors = &change->now};
	int r = 0;

	for (size_t i = 0; r == 0 && i < refs->count; i++) {
		bound.wan = refs->items[i].wan;
		r = change->now.count
			? bound_recount(change->writer, &bound, &refs->items[i], err)
			: page_put_unbound(change->writer->db, refs->items[i].id, 0, err);
	}
	return r;
}

static bool has_edge(const struct span *hull, int64_t second)
{
	return hull->from < second && second < hull->to;
}

/* What a link ever answered hangs on which slots are its own: it can only have changed where a
 * binding begins or ends, or at the link's first slot. */
static int recount_links(const struct change *change, const struct span *hull, struct err *err)
{
	const struct registry_binding *bindings;
	struct link_first first;
	size_t count;
	int r = 0;

	bindings = bindings_of_agent(change->writer, change->agent, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = link_ever_get(change->writer->db, bindings[i].link, &first, err);
		if (r == 0 &&
			(!change->old.count || has_edge(hull, bindings[i].from_s) ||
				has_edge(hull, bindings[i].to_s) || hull->from <= first.first_s))
			r = link_ever_recount(change->writer, bindings[i].link, err);
	}
	return r;
}

/* All that the range covers, before and after. */
static struct span hull_of_both(const struct change *change)
{
	struct span hull = {SPAN_FOREVER, INT64_MIN}, own;

	if (change->old.count)
		hull = hull_of(&change->old, change->range);
	if (!change->now.count)
		return hull;
	own = hull_of(&change->now, change->range);
	if (own.from < hull.from)
		hull.from = own.from;
	if (own.to > hull.to)
		hull.to = own.to;
	return hull;
}

static int touch_both(const struct change *change, struct err *err)
{
	struct span hull;
	int r = 0;

	if (change->old.count) {
		hull = hull_of(&change->old, change->range);
		r = touched_agent(change->writer, change->agent, NULL, &hull, err);
	}
	if (r == 0 && change->now.count) {
		hull = hull_of(&change->now, change->range);
		r = touched_agent(change->writer, change->agent, NULL, &hull, err);
	}
	if (r == 0 && !change->old.count != !change->now.count)
		r = touched_unplaced(change->writer, change->agent, change->boot, err);
	return r;
}

/* ---- the outbox: what began where, of each link that the agent ever measured */

/* Without the second on either side that is touched too. */
static struct ledger_span said_span(const struct change *change, int64_t link)
{
	struct span hull = hull_of_both(change);

	return (struct ledger_span){link, hull.from + 1, hull.to - 1};
}

static int load_starts(const struct change *change, struct starts *ret_starts, struct err *err)
{
	const struct registry_binding *bindings;
	size_t count;
	int r = 0;

	bindings = bindings_of_agent(change->writer, change->agent, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct ledger_span span = said_span(change, bindings[i].link);
		r = starts_load(change->writer, &span, &ret_starts[i], err);
	}
	return r;
}

static int say_moved(const struct change *change, const struct starts *old, struct err *err)
{
	const struct registry_binding *bindings;
	size_t count;
	int r = 0;

	bindings = bindings_of_agent(change->writer, change->agent, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct ledger_span span = said_span(change, bindings[i].link);
		r = say_slots(change->writer, &span, err);
		if (r == 0)
			r = say_gone(change->writer, &span, &old[i], err);
		if (r == 0)
			r = said_forget(change->writer, &span, err);
	}
	return r;
}

/* ---- */

static int settle_pages(const struct change *change, struct err *err)
{
	struct page_query query = {.boot = change->boot, .stretch = change->range};
	struct page_refs refs = {0};
	struct span hull = hull_of_both(change);
	int r = pages_load(change->writer->db, &query, &refs, err);

	if (r == 0)
		r = recount_pages(change, &refs, err);
	if (r == 0 && refs.count)
		r = recount_links(change, &hull, err);
	free(refs.items);
	return r;
}

/* From here on the view has the new anchors. */
static int adopt(struct change *change, uint64_t last_us, struct err *err)
{
	struct ledger_writer *writer = change->writer;
	struct mono_span all = change->range;
	int r;

	anchor_cache_drop(writer->view->anchors, change->boot);
	r = put_boot(change, last_us, err);
	if (r < 0 || all.from_us >= all.to_us)
		return r;
	if (change->range.to_us > last_us)
		change->range.to_us = last_us > all.from_us ? last_us : all.from_us;
	r = touch_both(change, err);
	if (r == 0)
		r = settle_pages(change, err);
	return r < 0 ? r
		     : samples_moved(writer, change->boot,
			       &(struct span){(int64_t)all.from_us, (int64_t)all.to_us}, err);
}

static int settle_change(struct change *change, struct err *err)
{
	struct starts *starts;
	uint64_t last_us;
	size_t count;
	int r = last_moment(change, &last_us, err);

	if (r < 0)
		return r;
	change->range = differ(&change->old, &change->now);
	if (change->writer->unread || change->range.from_us >= change->range.to_us)
		return adopt(change, last_us, err);
	bindings_of_agent(change->writer, change->agent, &count);
	starts = calloc(count + 1, sizeof(*starts));
	if (!starts)
		return err_errno(err, -ENOMEM, "boots of a batch");
	struct mono_span all = change->range;
	if (change->range.to_us > last_us)
		change->range.to_us = last_us > all.from_us ? last_us : all.from_us;
	r = load_starts(change, starts, err);
	change->range = all;
	if (r == 0)
		r = adopt(change, last_us, err);
	if (r == 0)
		r = say_moved(change, starts, err);
	for (size_t i = 0; i < count; i++)
		free(starts[i].items);
	free(starts);
	return r;
}

int settle_moved(struct ledger_writer *writer, struct err *err)
{
	struct anchor_cache *cache = writer->view->anchors;
	const struct boot_anchors *old;
	int r = 0;

	for (size_t i = 0; r == 0 && i < writer->moved_count; i++) {
		struct change change = {.writer = writer,
			.boot = writer->moved[i].boot,
			.agent = writer->moved[i].agent};
		r = anchor_cache_get(cache, writer->db, change.boot, &old, err);
		if (r == 0)
			r = boot_anchors_copy(old, &change.old);
		if (r == 0)
			r = boot_anchors_load(writer->db, change.boot, &change.now, err);
		if (r == 0)
			r = settle_change(&change, err);
		if (r == 0)
			r = twin_suspect(writer, change.agent, change.boot, err);
		free(change.old.items);
		free(change.now.items);
	}
	writer->moved_count = 0;
	return r;
}
