/* SPDX-License-Identifier: Apache-2.0 */
/* Which samples of a link are read: those that stand, and those that were put aside and count in
 * their stead because people chose their device. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_chosen.h"
#include "collector/store/ledger_private.h"
#include "collector/store/ledger_sample.h"
#include "proto/codec.h"

#define US_PER_S 1000000

struct aside { /* a content that was put aside, and is given in its turn: by when it began */
	struct ledger_sample sample; /* without its record */
	const struct chosen_slot *content;
};

struct reader {
	struct ledger_db *db;
	const struct sample_query *query;
	struct chosen chosen; /* its items: samples of the link's agents, of any kind and time */
	struct aside *aside; /* sorted */
	size_t aside_count, next;
	int (*each)(void *arg, const struct ledger_sample *sample);
	void *arg;
	struct err *err;
};

static struct span second_of(int64_t at_us)
{
	return (struct span){at_us / US_PER_S, at_us / US_PER_S + 1};
}

/* ---- contents put aside */

static bool is_sample(enum record_kind kind)
{
	return kind == RECORD_SPEED || kind == RECORD_HTTP || kind == RECORD_OBSERVATION;
}

struct content { /* of one settlement */
	struct reader *reader;
	const struct settled *settled;
	const struct boot_anchors *anchors;
	struct record_key last; /* of the row before */
	bool any; /* there was one */
};

static const uint8_t *boot_and_place(
	const struct record *record, uint64_t *ret_start_us, const char **ret_wan)
{
	switch (record->kind) {
	case RECORD_SPEED:
		*ret_start_us = record->speed.start_us;
		*ret_wan = record->speed.wan;
		return record->speed.boot;
	case RECORD_HTTP:
		*ret_start_us = record->http.start_us;
		*ret_wan = record->http.wan;
		return record->http.boot;
	default: break;
	}
	*ret_start_us = record->observation.mono_us;
	*ret_wan = "";
	return record->observation.boot;
}

/* As the query of those that stand has it. 1: it is the link's. */
static int is_bound(const struct reader *reader, uint32_t agent, const char *wan, int64_t at_s)
{
	struct query q;
	int found, r;

	db_query(&q, reader->db->db,
		"SELECT 1 FROM binding b WHERE b.link = ?1 AND b.agent = ?2 AND ?3 IN (b.wan, '')"
		" AND b.from_s <= ?4 AND (b.to_s IS NULL OR b.to_s > ?4)"
		" AND NOT EXISTS (SELECT 1 FROM binding n WHERE n.link = ?1 AND n.agent > b.agent"
		"  AND n.from_s <= ?4 AND (n.to_s IS NULL OR n.to_s > ?4))");
	query_number(&q, reader->query->span.link);
	query_number(&q, agent);
	query_text(&q, wan);
	query_number(&q, at_s);
	found = query_next(&q);
	r = query_end(&q, reader->err);
	return r < 0 ? r : found > 0;
}

/* Of whichever kind and time: it has its number, and what else the boot told under that is doubted
 * by it. Listed is what was asked for. */
static int add_content(struct content *content, struct chosen_slot *item, const char *wan)
{
	struct reader *reader = content->reader;
	const struct span *at = &item->placed.at;
	const struct ledger_span *asked = &reader->query->span;
	int bound = 0;

	if (settlements_find(&reader->chosen.settlements, item->agent, at->from, at->to) !=
		content->settled)
		return 0;
	if (reader->db->record->kind == reader->query->kind && at->from >= asked->from_s &&
		at->from < asked->to_s)
		bound = is_bound(reader, item->agent, wan, at->from);
	if (bound < 0)
		return bound;
	item->listed = bound > 0;
	if (chosen_add(&reader->chosen, item) < 0)
		return err_errno(reader->err, -ENOMEM, "samples of a link");
	return 0;
}

static int take_content(struct content *content, struct query *q)
{
	struct chosen *chosen = &content->reader->chosen;
	struct record *record = content->reader->db->record;
	const struct record_key key = {
		(uint32_t)query_get_number(q, 0), (uint32_t)query_get_number(q, 1)};
	struct chosen_slot item = {.settled = content->settled,
		.agent = content->settled->agent,
		.run = key.run,
		.sequence = key.sequence};
	bool twice = content->any && key.run == content->last.run &&
		key.sequence == content->last.sequence;
	size_t length, hash_length;
	const void *bytes = query_get_bytes(q, 3, &length);
	const void *hash = query_get_bytes(q, 2, &hash_length);
	uint64_t start_us;
	const char *wan;

	content->any = true;
	content->last = key;
	if (twice && chosen->count && chosen->items[chosen->count - 1].run == key.run &&
		chosen->items[chosen->count - 1].sequence == key.sequence)
		chosen->items[chosen->count - 1].twice = true;
	if (twice || hash_length != sizeof(item.hash) ||
		codec_record_decode(bytes, length, record, NULL) != 0 || !is_sample(record->kind) ||
		memcmp(boot_and_place(record, &start_us, &wan), content->settled->boot,
			BOOT_BYTES) != 0)
		return 0;
	memcpy(item.hash, hash, sizeof(item.hash));
	item.placed.start_utc_us = place_us(
		content->anchors->items, content->anchors->count, start_us);
	item.placed.at = second_of(item.placed.start_utc_us);
	return add_content(content, &item, wan);
}

static int read_contents(struct content *content)
{
	struct reader *reader = content->reader;
	struct query q;
	int failed = 0, r;

	db_query(&q, reader->db->db,
		"SELECT run, sequence, hash, record FROM conflict WHERE agent = ?1"
		" AND instr(record, ?2) > 0"
		" AND EXISTS (SELECT 1 FROM binding WHERE link = ?3 AND agent = ?1)"
		" ORDER BY run, sequence, hash");
	query_number(&q, content->settled->agent);
	query_bytes(&q, content->settled->boot, sizeof(content->settled->boot));
	query_number(&q, reader->query->span.link);
	while (!failed && query_next(&q) > 0)
		failed = take_content(content, &q);
	r = query_end(&q, failed ? NULL : reader->err);
	return failed ? failed : r;
}

static int load_contents(struct reader *reader)
{
	const struct ledger_span *span = &reader->query->span;
	const struct settlements *settlements = &reader->chosen.settlements;
	int r = 0;

	for (size_t i = 0; r == 0 && i < settlements->count; i++) {
		struct content content = {.reader = reader, .settled = &settlements->items[i]};

		if (!content.settled->boot_row || content.settled->from_s >= span->to_s ||
			content.settled->to_s <= span->from_s)
			continue;
		r = anchor_cache_get(reader->db->anchors, reader->db->db, content.settled->boot_row,
			&content.anchors, reader->err);
		if (r == 0 && content.anchors->count)
			r = read_contents(&content);
	}
	return r;
}

/* What stands under its key may be the same device's: then nobody knows which it meant, and the one
 * that stands is listed for both. */
static int ask_standing(struct reader *reader, struct chosen_slot *content)
{
	struct query q;

	db_query(&q, reader->db->db,
		"SELECT boot FROM sample WHERE agent = ? AND run = ? AND sequence = ?");
	query_number(&q, content->agent);
	query_number(&q, content->run);
	query_number(&q, content->sequence);
	if (query_next(&q) > 0 && query_get_number(&q, 0) == content->settled->boot_row) {
		content->twice = true;
		content->listed = false;
	}
	return query_end(&q, reader->err);
}

static int by_time(const void *left, const void *right)
{
	const struct ledger_sample *a = left, *b = right;

	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

_Static_assert(offsetof(struct aside, sample) == 0, "sorted by it");

static int sort_contents(struct reader *reader)
{
	struct chosen *chosen = &reader->chosen;
	int r = 0;

	if (!chosen->count)
		return 0;
	reader->aside = calloc(chosen->count, sizeof(*reader->aside));
	if (!reader->aside)
		return err_errno(reader->err, -ENOMEM, "samples of a link");
	for (size_t i = 0; r == 0 && i < chosen->count; i++)
		r = ask_standing(reader, &chosen->items[i]);
	for (size_t i = 0; i < chosen->count; i++) {
		const struct chosen_slot *item = &chosen->items[i];

		if (item->listed)
			reader->aside[reader->aside_count++] = (struct aside){
				.sample = {.agent = item->agent,
					.run = item->run,
					.sequence = item->sequence,
					.at_us = item->placed.start_utc_us,
					.disputed = item->twice,
					.several = item->twice},
				.content = item};
	}
	qsort(reader->aside, reader->aside_count, sizeof(*reader->aside), by_time);
	return r;
}

static int give_content(struct reader *reader, struct aside *aside)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, reader->db->db,
		"SELECT record FROM conflict WHERE agent = ? AND run = ? AND sequence = ?"
		" AND hash = ?");
	query_number(&q, aside->sample.agent);
	query_number(&q, aside->sample.run);
	query_number(&q, aside->sample.sequence);
	query_bytes(&q, aside->content->hash, sizeof(aside->content->hash));
	if (query_next(&q) > 0) {
		aside->sample.record = query_get_bytes(&q, 0, &aside->sample.record_length);
		stop = reader->each(reader->arg, &aside->sample);
	}
	r = query_end(&q, stop < 0 ? NULL : reader->err);
	return stop ? stop : r;
}

/* Those that began before it; NULL: all that are left. */
static int give_contents(struct reader *reader, const struct ledger_sample *before)
{
	int stop = 0;

	while (!stop && reader->next < reader->aside_count &&
		(!before || by_time(&reader->aside[reader->next], before) < 0))
		stop = give_content(reader, &reader->aside[reader->next++]);
	return stop;
}

/* ---- those that stand */

/* People decided against it, also where the device that they chose told something else under its
 * number, or nothing: a test that is no second leaves no hole that somebody has to explain. */
static bool is_refused(
	const struct reader *reader, const struct chosen_key *key, const struct span *at)
{
	const struct settled *settled = settlements_find(
		&reader->chosen.settlements, key->agent, at->from, at->to);

	return settled &&
		(settled_for_none(settled) ||
			(settled->boot_row && settled->boot_row != key->boot));
}

static int give_row(struct reader *reader, struct query *q)
{
	struct ledger_sample sample = {
		.agent = (uint32_t)query_get_number(q, 0),
		.run = (uint32_t)query_get_number(q, 1),
		.sequence = (uint32_t)query_get_number(q, 2),
		.at_us = query_get_number(q, 3),
	};
	const struct chosen_key key = {
		.agent = sample.agent,
		.run = sample.run,
		.sequence = sample.sequence,
		.boot = query_get_number(q, 5),
		.disputed = query_get_number(q, 6) != 0,
	};
	const struct span at = second_of(sample.at_us);
	enum chosen_say say = chosen_ask(&reader->chosen, &key, &at);
	int stop = give_contents(reader, &sample);

	if (say == CHOSEN_DISPUTED && is_refused(reader, &key, &at))
		say = CHOSEN_HIDDEN;
	if (stop || say == CHOSEN_HIDDEN)
		return stop;
	sample.disputed = say == CHOSEN_DISPUTED;
	sample.several = sample.disputed && key.disputed;
	sample.record = query_get_bytes(q, 4, &sample.record_length);
	return reader->each(reader->arg, &sample);
}

static int give_all(struct reader *reader)
{
	const struct sample_query *query = reader->query;
	struct query q;
	int stop = 0, r;

	db_query(&q, reader->db->db,
		"SELECT s.agent, s.run, s.sequence, s.at_us, s.record, s.boot, s.disputed"
		" FROM binding b"
		" JOIN sample s ON s.kind = ?4 AND s.agent = b.agent AND s.wan IN (b.wan, '')"
		" AND s.at_us >= max(b.from_s, ?2) * 1000000"
		" AND s.at_us < min(ifnull(b.to_s, ?3), ?3) * 1000000"
		" WHERE b.link = ?1"
		" AND NOT EXISTS (SELECT 1 FROM binding n WHERE n.link = ?1 AND n.agent > b.agent"
		"  AND n.from_s * 1000000 <= s.at_us"
		"  AND (n.to_s IS NULL OR n.to_s * 1000000 > s.at_us))"
		/* a router may have two WANs bound to one link */
		" GROUP BY s.agent, s.run, s.sequence"
		" ORDER BY s.at_us, s.agent, s.run, s.sequence");
	query_number(&q, query->span.link);
	query_number(&q, query->span.from_s);
	query_number(&q, query->span.to_s);
	query_number(&q, query->kind);
	while (!stop && query_next(&q) > 0)
		stop = give_row(reader, &q);
	r = query_end(&q, stop ? NULL : reader->err);
	return stop ? stop : r < 0 ? r : give_contents(reader, NULL);
}

/* ---- */

int ledger_has_samples(struct ledger_db *db, enum record_kind kind, bool *ret_any, struct err *err)
{
	struct query q;
	bool any;
	int r;

	/* what was put aside may count in the stead of another kind */
	db_query(&q, db->db,
		"SELECT 1 FROM sample WHERE kind = ? UNION ALL SELECT 1 FROM conflict LIMIT 1");
	query_number(&q, kind);
	any = query_next(&q) > 0;
	r = query_end(&q, err);
	if (r == 0)
		*ret_any = any;
	return r;
}

int ledger_samples(struct ledger_db *db, const struct sample_query *query,
	int (*each)(void *arg, const struct ledger_sample *sample), void *arg, struct err *err)
{
	struct reader reader = {.db = db, .query = query, .each = each, .arg = arg, .err = err};
	int r = settlements_load(db->db, &reader.chosen.settlements, err);

	if (r == 0)
		r = doubts_load(db->db, query->span.link, &reader.chosen.settlements,
			&reader.chosen.doubts, err);
	if (r == 0)
		r = load_contents(&reader);
	if (r == 0)
		r = sort_contents(&reader);
	if (r == 0)
		r = give_all(&reader);
	free(reader.aside);
	chosen_done(&reader.chosen);
	return r;
}
