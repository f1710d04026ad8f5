/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a record, by its kind, and what follows from its being there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_speed.h"
#include "collector/store/ledger_touch.h"

/* Of the slots that a change of anchors moves, none is longer than this. */
#define SLOT_LENGTH_MAX_US (SLOT_LENGTH_MAX_MS * 1000LL)

static void bind_front(struct query *q, const struct taken *taken)
{
	query_number(q, taken->journal->agent);
	query_number(q, taken->journal->key.run);
	query_number(q, taken->journal->key.sequence);
	query_number(q, taken->boot);
}

static void bind_back(struct query *q, const struct taken *taken, bool disputed)
{
	query_bytes(q, taken->hash, sizeof(taken->hash));
	query_number(q, taken->journal->received_utc_us);
	query_number(q, disputed);
	query_bytes(q, taken->journal->record, taken->journal->record_length);
}

static int insert_slot(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct slot *slot = &taken->record->slot;
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO slot_hot(agent, run, sequence, boot, wan, start_us, length_ms, "
		"via_wan,"
		" standing, hash, received_us, disputed, record)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_front(&q, taken);
	query_text(&q, slot->wan);
	query_number(&q, (int64_t)slot->start_us);
	query_number(&q, slot->length_ms);
	query_text(&q, taken->journal->wan);
	query_number(&q, STANDING_COUNTED); /* place_slot() knows better if it is not so */
	bind_back(&q, taken, disputed);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	struct slot_row row = {
		.id = db_last_id(writer->db),
		.key = taken->journal->key,
		.agent = taken->journal->agent,
		.boot = taken->boot,
		.received_us = taken->journal->received_utc_us,
		.disputed = disputed,
		.slot = slot,
	};
	r = place_slot(writer, &row, err);
	return r < 0 ? r : touch_unplaced(writer, taken, err);
}

static int insert_mark(struct ledger_writer *writer, const struct taken *taken, bool disputed,
	uint64_t mono_us, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO mark(agent, run, sequence, boot, kind, mono_us, hash, received_us,"
		" disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_front(&q, taken);
	query_text(&q, taken->record->kind == RECORD_STOP ? "stop" : "start");
	query_number(&q, (int64_t)mono_us);
	bind_back(&q, taken, disputed);
	r = query_run(&q, err);
	return r < 0 ? r : touch_mono(writer, taken, mono_us, mono_us, err);
}

static int insert_dropped(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct dropped *dropped = &taken->record->dropped;
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO dropped(agent, run, sequence, boot, last, records, from_us, to_us,"
		" hash, received_us, disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		"?)");
	bind_front(&q, taken);
	query_number(&q, dropped->last);
	query_number(&q, dropped->records);
	query_number(&q, (int64_t)dropped->from_us);
	query_number(&q, (int64_t)dropped->to_us);
	bind_back(&q, taken, disputed);
	r = query_run(&q, err);
	return r < 0 ? r : touch_mono(writer, taken, dropped->from_us, dropped->to_us, err);
}

static int insert_anchor_row(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct anchor *anchor = &taken->record->anchor;
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO anchor(agent, run, sequence, boot, mono_us, utc_us, error_us, source,"
		" hash, received_us, disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		"?)");
	bind_front(&q, taken);
	query_number(&q, (int64_t)anchor->mono_us);
	query_number(&q, anchor->utc_us);
	/* more than can ever place, so that it fits a signed column */
	query_number(&q, anchor->error_us > INT64_MAX ? INT64_MAX : (int64_t)anchor->error_us);
	query_number(&q, anchor->source);
	bind_back(&q, taken, disputed);
	return query_run(&q, err);
}

/* When the boot began; INT64_MIN: nobody knows yet. */
static int find_booted(
	struct ledger_writer *writer, int64_t boot, int64_t *ret_utc_us, struct err *err)
{
	const struct boot_anchors *anchors;
	int r = anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);

	if (r == 0)
		*ret_utc_us = anchors->count ? place_us(anchors->items, anchors->count, 0)
					     : INT64_MIN;
	return r;
}

static int insert_anchor(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	uint64_t mono_us = taken->record->anchor.mono_us;
	int64_t before_us, after_us;
	int r = anchors_remember(writer, taken->boot, err);

	if (r == 0)
		r = find_booted(writer, taken->boot, &before_us, err);
	if (r == 0)
		r = insert_anchor_row(writer, taken, disputed, err);
	if (r == 0)
		r = anchors_changed(writer, taken->boot, err);
	if (r == 0) /* a sign of life */
		r = touch_mono(writer, taken, mono_us, mono_us, err);
	if (r == 0)
		r = find_booted(writer, taken->boot, &after_us, err);
	if (r == 0 && before_us != after_us)
		r = touch_boot(writer, taken, err);
	return r;
}

int record_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct record *record = taken->record;

	switch (record->kind) {
	case RECORD_SLOT: return insert_slot(writer, taken, disputed, err);
	case RECORD_ANCHOR: return insert_anchor(writer, taken, disputed, err);
	case RECORD_DROPPED: return insert_dropped(writer, taken, disputed, err);
	case RECORD_START: return insert_mark(writer, taken, disputed, record->start.mono_us, err);
	case RECORD_STOP: return insert_mark(writer, taken, disputed, record->stop.mono_us, err);
	case RECORD_SPEED: return speed_insert(writer, taken, disputed, err);
	}
	return err_set(err, -EINVAL, "a record of kind %d", (int)record->kind);
}

/* ---- what a change of anchors moves */

struct moved_range { /* monotonic, [from_us, to_us) */
	int64_t from_us, to_us;
};

static bool same(const struct place_anchor *a, const struct place_anchor *b)
{
	return a->mono_us == b->mono_us && a->utc_us == b->utc_us;
}

/* Where two sets of chosen anchors place differently: from the first one that differs (everything
 * before the first anchor hangs on it) to the first one of those that are the same again. */
static struct moved_range differ(
	const struct place_anchor *old, size_t old_count, const struct boot_anchors *now)
{
	struct moved_range range = {0, INT64_MAX};
	size_t least = old_count < now->count ? old_count : now->count, front = 0, back = 0;

	while (front < least && same(&old[front], &now->items[front]))
		front++;
	while (back < least - front &&
		same(&old[old_count - 1 - back], &now->items[now->count - 1 - back]))
		back++;
	if (front == old_count && front == now->count)
		return (struct moved_range){0, 0};
	if (front) {
		uint64_t from_us = UINT64_MAX;
		if (front < old_count)
			from_us = old[front].mono_us;
		if (front < now->count && now->items[front].mono_us < from_us)
			from_us = now->items[front].mono_us;
		range.from_us = (int64_t)from_us;
	}
	if (back)
		range.to_us = (int64_t)now->items[now->count - back].mono_us;
	return range;
}

/* Slots with an edge in the range: an end that lies just on its beginning is placed by it too. */
static int collect_moved(
	struct ledger_writer *writer, int64_t boot, struct moved_range range, struct err *err)
{
	struct query q;
	int failed = 0, r;

	if (range.from_us >= range.to_us)
		return 0;
	db_query(&q, writer->db,
		"SELECT id FROM slot_hot WHERE boot = ?1 AND start_us >= ?2 - ?4 AND start_us < ?3"
		" AND start_us + length_ms * 1000 >= ?2");
	query_number(&q, boot);
	query_number(&q, range.from_us);
	query_number(&q, range.to_us);
	query_number(&q, SLOT_LENGTH_MAX_US);
	while (!failed && query_next(&q) > 0)
		failed = moved_add(writer, query_get_number(&q, 0), err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

int anchors_remember(struct ledger_writer *writer, int64_t boot, struct err *err)
{
	const struct boot_anchors *anchors;

	return anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);
}

int anchors_changed(struct ledger_writer *writer, int64_t boot, struct err *err)
{
	struct anchor_cache *cache = writer->view->anchors;
	const struct boot_anchors *anchors;
	struct moved_range range;
	struct place_anchor *old;
	size_t old_count;
	int r = anchor_cache_take(cache, boot, &old, &old_count);

	if (r < 0)
		return err_set(err, r, "anchors of a boot were not remembered");
	r = anchor_cache_get(cache, writer->db, boot, &anchors, err);
	if (r == 0) {
		range = differ(old, old_count, anchors);
		r = collect_moved(writer, boot, range, err);
	}
	if (r == 0)
		r = speed_moved(writer, boot, &(struct span){range.from_us, range.to_us}, err);
	free(old);
	return r;
}
