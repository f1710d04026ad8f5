/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_twin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/twin.h"
#include "collector/store/ledger_anchor.h"
#include "proto/codec.h"

/* One row a pair, `one` the boot whose row is the older. */
const char ledger_twin_schema[] =
	"CREATE TABLE twin(agent INTEGER NOT NULL, one INTEGER NOT NULL, other INTEGER NOT NULL,"
	"  from_s INTEGER NOT NULL, to_s INTEGER NOT NULL, PRIMARY KEY(agent, one, other)) "
	"STRICT, WITHOUT ROWID;";

#define ANCHOR_RECORD_BYTES 80 /* more than an anchor takes; slots are longer */

int twin_suspect(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err)
{
	for (size_t i = writer->suspect_count; i-- > 0 && i + 8 > writer->suspect_count;) {
		if (writer->suspects[i].boot == boot)
			return 0;
	}
	if (writer->suspect_count == writer->suspect_room) {
		size_t room = writer->suspect_room ? writer->suspect_room * 2 : 64;
		struct moved_boot *items = realloc(writer->suspects, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "boots of a batch");
		writer->suspects = items;
		writer->suspect_room = room;
	}
	writer->suspects[writer->suspect_count++] = (struct moved_boot){boot, agent};
	return 0;
}

/* ---- the life of a boot */

struct biography {
	struct ledger_writer *writer;
	int64_t boot;
	uint32_t agent;
	struct twin_sign *signs;
	size_t count, room;
	uint64_t mono_us[2]; /* the first and the last moment of which it speaks */
};

static void see_moment(struct biography *life, uint64_t mono_us)
{
	if (mono_us < life->mono_us[0])
		life->mono_us[0] = mono_us;
	if (mono_us > life->mono_us[1])
		life->mono_us[1] = mono_us;
}

static int add_sign(struct biography *life, const struct twin_sign *sign)
{
	if (life->count == life->room) {
		size_t room = life->room ? life->room * 2 : 32;
		struct twin_sign *signs = realloc(life->signs, room * sizeof(*signs));
		if (!signs)
			return -ENOMEM;
		life->signs = signs;
		life->room = room;
	}
	life->signs[life->count++] = *sign;
	see_moment(life, sign->mono_us);
	return 0;
}

static int see_anchor(void *arg, const struct kept_anchor *anchor)
{
	const struct twin_sign sign = {.mono_us = anchor->mono_us,
		.error_us = anchor->error_us,
		.utc_us = anchor->utc_us,
		.received_us = anchor->received_us,
		.source = (enum anchor_source)anchor->source};

	return add_sign(arg, &sign);
}

/* A content that lost its key to the other device still tells of its own. */
static int see_rival(struct biography *life, struct query *q)
{
	struct record *record = life->writer->view->record;
	size_t length;
	const void *bytes = query_get_bytes(q, 0, &length);

	if (codec_record_decode(bytes, length, record, NULL) != 0)
		return 0;
	if (record->kind == RECORD_ANCHOR)
		return add_sign(life,
			&(struct twin_sign){.mono_us = record->anchor.mono_us,
				.error_us = record->anchor.error_us,
				.utc_us = record->anchor.utc_us,
				.received_us = query_get_number(q, 1),
				.source = record->anchor.source});
	if (record->kind != RECORD_SLOT)
		return 0;
	see_moment(life, record->slot.start_us);
	see_moment(life, record->slot.start_us + record->slot.length_ms * 1000ULL);
	return 0;
}

#define RIVALS                                                               \
	"SELECT c.record, c.received_us FROM boot AS b JOIN conflict AS c"   \
	" ON c.agent = b.agent AND c.run BETWEEN b.first_run AND b.last_run" \
	" WHERE b.id = ?1 AND instr(c.record, b.boot) > 0 AND length(c.record) "

/* All anchors, and of the slots the first and the last by their numbers. */
static const char *const rivals[] = {
	RIVALS "<= ?2",
	RIVALS "> ?2 ORDER BY c.run, c.sequence LIMIT 1",
	RIVALS "> ?2 ORDER BY c.run DESC, c.sequence DESC LIMIT 1",
};

static int see_rivals(struct biography *life, struct err *err)
{
	struct query q;
	int failed = 0, r = 0;

	for (size_t i = 0; r == 0 && !failed && i < sizeof(rivals) / sizeof(*rivals); i++) {
		db_query(&q, life->writer->db, rivals[i]);
		query_number(&q, life->boot);
		query_number(&q, ANCHOR_RECORD_BYTES);
		while (!failed && query_next(&q) > 0)
			failed = see_rival(life, &q);
		r = query_end(&q, failed ? NULL : err);
	}
	return failed ? err_errno(err, failed, "boots of agent %u", life->agent) : r;
}

static int see_marks(struct biography *life, struct err *err)
{
	struct query q;

	db_query(&q, life->writer->db,
		"SELECT min(m.mono_us), max(m.mono_us) FROM boot AS b JOIN mark AS m"
		" ON m.agent = b.agent AND m.run BETWEEN b.first_run AND b.last_run"
		" AND m.boot = b.id WHERE b.id = ?");
	query_number(&q, life->boot);
	if (query_next(&q) > 0 && !query_is_null(&q, 0)) {
		see_moment(life, (uint64_t)query_get_number(&q, 0));
		see_moment(life, (uint64_t)query_get_number(&q, 1));
	}
	return query_end(&q, err);
}

/* 1: it is known; 0: nothing tells when it was. */
static int read_life(struct biography *life, struct twin_life *ret_life, struct err *err)
{
	struct ledger_writer *writer = life->writer;
	uint64_t first_us, last_us;
	int r = anchors_each(writer->db, life->boot, see_anchor, life, err);

	if (r == 0)
		r = see_rivals(life, err);
	if (r == 0)
		r = see_marks(life, err);
	if (r == 0)
		r = boot_first_slot(writer, life->boot, &first_us, err);
	if (r == 0)
		r = boot_last_slot(writer, life->boot, &last_us, err);
	if (r < 0)
		return r;
	if (first_us != UINT64_MAX) {
		see_moment(life, first_us);
		see_moment(life, last_us);
	}
	return twin_life(life->signs, life->count, life->mono_us, ret_life);
}

static int life_of(struct ledger_writer *writer, const struct moved_boot *of,
	struct twin_life *ret_life, struct err *err)
{
	struct biography life = {
		.writer = writer, .boot = of->boot, .agent = of->agent, .mono_us = {UINT64_MAX, 0}};
	int r = read_life(&life, ret_life, err);

	free(life.signs);
	return r;
}

/* ---- pairs */

struct others { /* that may have lived beside the boot, or were said to have */
	int64_t *items;
	size_t count;
};

static int find_others(struct ledger_writer *writer, const struct moved_boot *boot,
	struct others *others, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, writer->db,
		"SELECT b.id FROM boot AS a JOIN boot AS b ON b.agent = a.agent AND b.id <> a.id"
		" AND b.to_s > a.from_s AND b.from_s < a.to_s WHERE a.id = ?1"
		" UNION SELECT one + other - ?1 FROM twin WHERE agent = ?2"
		" AND (one = ?1 OR other = ?1)");
	query_number(&q, boot->boot);
	query_number(&q, boot->agent);
	while (!failed && query_next(&q) > 0) {
		int64_t *items = realloc(others->items, (others->count + 1) * sizeof(*items));
		if (items) {
			others->items = items;
			items[others->count++] = query_get_number(&q, 0);
		}
		failed = items ? 0 : -ENOMEM;
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "boots of agent %u", boot->agent) : r;
}

struct pair {
	uint32_t agent;
	int64_t one, other;
};

static void bind_pair(struct query *q, const struct pair *pair)
{
	query_number(q, pair->agent);
	query_number(q, pair->one);
	query_number(q, pair->other);
}

/* Empty: it is none. */
static int get_pair(struct db *db, const struct pair *pair, struct span *ret_span, struct err *err)
{
	struct query q;

	*ret_span = (struct span){0, 0};
	db_query(&q, db, "SELECT from_s, to_s FROM twin WHERE agent = ? AND one = ? AND other = ?");
	bind_pair(&q, pair);
	if (query_next(&q) > 0)
		*ret_span = (struct span){query_get_number(&q, 0), query_get_number(&q, 1)};
	return query_end(&q, err);
}

static int put_pair(
	struct db *db, const struct pair *pair, const struct span *span, struct err *err)
{
	struct query q;

	if (span->from >= span->to) {
		db_query(&q, db, "DELETE FROM twin WHERE agent = ? AND one = ? AND other = ?");
		bind_pair(&q, pair);
		return query_run(&q, err);
	}
	db_query(&q, db,
		"INSERT OR REPLACE INTO twin(agent, one, other, from_s, to_s)"
		" VALUES (?, ?, ?, ?, ?)");
	bind_pair(&q, pair);
	query_number(&q, span->from);
	query_number(&q, span->to);
	return query_run(&q, err);
}

/* Where the answer to "is it doubted" may be another one now. */
static int64_t changed_from(const struct span *old, const struct span *now)
{
	if (old->from != now->from)
		return old->from >= old->to || (now->from < now->to && now->from < old->from)
			? now->from
			: old->from;
	return old->to < now->to ? old->to : now->to;
}

static int note_pair(struct ledger_writer *writer, const struct pair *pair, const struct span *now,
	struct err *err)
{
	struct span old, touched = {0, SPAN_FOREVER};
	int r = get_pair(writer->db, pair, &old, err);

	if (r < 0 || (old.from == now->from && old.to == now->to))
		return r;
	r = put_pair(writer->db, pair, now, err);
	touched.from = changed_from(&old, now) - 1;
	return r < 0 ? r : touched_agent(writer, pair->agent, NULL, &touched, err);
}

struct verdict { /* of one boot */
	struct ledger_writer *writer;
	struct moved_boot boot;
	struct twin_life life;
	bool known; /* when it lived */
	bool behind; /* another one beside it goes on for longer */
};

static int judge_pair(struct verdict *verdict, int64_t other, struct err *err)
{
	const struct moved_boot *boot = &verdict->boot, beside = {other, boot->agent};
	const struct pair pair = {boot->agent, other < boot->boot ? other : boot->boot,
		other < boot->boot ? boot->boot : other};
	struct twin_life life;
	struct span span = {0, 0};
	int r = 0;

	if (verdict->known) {
		r = life_of(verdict->writer, &beside, &life, err);
		if (r > 0) {
			twin_overlap(&verdict->life, &life, &span);
			verdict->behind |= life.to_us > verdict->life.to_us;
		}
	}
	return r < 0 ? r : note_pair(verdict->writer, &pair, &span, err);
}

static int judge_boot(struct ledger_writer *writer, const struct moved_boot *boot, struct err *err)
{
	struct verdict verdict = {.writer = writer, .boot = *boot};
	struct others others = {0};
	int r = find_others(writer, boot, &others, err);

	if (r == 0 && others.count) {
		r = life_of(writer, boot, &verdict.life, err);
		verdict.known = r > 0;
	}
	for (size_t i = 0; r >= 0 && i < others.count; i++)
		r = judge_pair(&verdict, others.items[i], err);
	free(others.items);
	if (r < 0)
		return r;
	newest_boot_judged(writer, boot, verdict.behind);
	return 0;
}

int settle_twins(struct ledger_writer *writer, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < writer->suspect_count; i++)
		r = judge_boot(writer, &writer->suspects[i], err);
	writer->suspect_count = 0;
	return r;
}

int twins_touch(struct ledger_writer *writer, uint32_t agent, int64_t from_s, struct err *err)
{
	const struct span span = {from_s, SPAN_FOREVER};
	struct query q;
	int found, r;

	db_query(&q, writer->db, "SELECT 1 FROM twin WHERE agent = ? LIMIT 1");
	query_number(&q, agent);
	found = query_next(&q);
	r = query_end(&q, err);
	return r < 0 || found <= 0 ? r : touched_agent(writer, agent, NULL, &span, err);
}
