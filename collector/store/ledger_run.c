/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_twin.h"

#define CHAINS 65536
/* Some 250 bytes each: every village of the country, twice. */
#define RUNS_MAX_KEPT 180000
/* A set that broke into more pieces than it can hold has forgotten some (proto/marks.h). */
#define BROKEN_RANGES (MARKS_RANGES_MAX - 1)
#define SEEN_BYTES_MAX (MARKS_RANGES_MAX * 8 + 16)

/* Slots further apart go to pages of their own, so that a page lies close to what it holds. */
#define SHEAF_US (6 * 3600 * 1000000ULL)
#define SHEAF_BYTES (64 * 1024)

struct run_cache {
	struct run *chains[CHAINS];
	struct run *dirty;
	size_t count;
};

struct run_cache *run_cache_new(void)
{
	return calloc(1, sizeof(struct run_cache));
}

void sheaf_free(struct sheaf *sheaf)
{
	buf_done(&sheaf->body);
	free(sheaf);
}

static void run_free(struct run *run)
{
	while (run->sheaves) {
		struct sheaf *first = run->sheaves;
		run->sheaves = first->next;
		sheaf_free(first);
	}
	marks_done(&run->seen);
	free(run);
}

void run_cache_clear(struct run_cache *cache)
{
	for (size_t i = 0; i < CHAINS; i++) {
		while (cache->chains[i]) {
			struct run *first = cache->chains[i];
			cache->chains[i] = first->next;
			run_free(first);
		}
	}
	cache->dirty = NULL;
	cache->count = 0;
}

void run_cache_free(struct run_cache *cache)
{
	if (!cache)
		return;
	run_cache_clear(cache);
	free(cache);
}

bool run_cache_full(const struct run_cache *cache)
{
	return cache->count > RUNS_MAX_KEPT;
}

static struct run **chain_of(struct run_cache *cache, uint32_t agent, uint32_t run)
{
	return &cache->chains[(agent * 2654435761u ^ run * 40503u) % CHAINS];
}

static struct run *find(struct run *from, uint32_t agent, uint32_t run)
{
	while (from && (from->agent != agent || from->run != run))
		from = from->next;
	return from;
}

void run_cache_close(struct run_cache *cache, uint32_t agent, uint32_t run)
{
	struct run *item = find(*chain_of(cache, agent, run), agent, run);

	for (; item; item = find(item->next, agent, run))
		memset(item->open, 0, sizeof(item->open));
}

/* ---- out of the table */

static struct run *add(struct run_cache *cache, uint32_t agent, uint32_t number)
{
	struct run **chain = chain_of(cache, agent, number);
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->agent = agent;
	run->run = number;
	marks_init(&run->seen);
	run->next = *chain;
	*chain = run;
	cache->count++;
	return run;
}

static int read_run(struct run_cache *cache, struct query *q, uint32_t agent, uint32_t number)
{
	struct run *run = add(cache, agent, number);
	size_t length, taken;
	const void *bytes;

	if (!run)
		return -ENOMEM;
	run->boot = query_get_number(q, 0);
	bytes = query_get_bytes(q, 1, &length);
	if (length == BOOT_BYTES)
		memcpy(run->boot_id, bytes, length);
	run->last_sequence = (uint32_t)query_get_number(q, 3);
	run->stop_sequence = (uint32_t)query_get_number(q, 4);
	run->records = query_get_number(q, 5);
	run->slots = query_get_number(q, 6);
	run->received_us = query_get_number(q, 7);
	bytes = query_get_bytes(q, 2, &length);
	return marks_decode(bytes, length, &run->seen, &taken);
}

/* All that is known of the agent's run, whatever its boots; NULL: nothing. */
static int get_all(struct ledger_writer *writer, uint32_t agent, uint32_t number,
	struct run **ret_first, struct err *err)
{
	struct run_cache *cache = writer->runs;
	struct query q;
	int failed = 0, r;

	*ret_first = find(*chain_of(cache, agent, number), agent, number);
	if (*ret_first)
		return 0;
	db_query(&q, writer->db,
		"SELECT r.boot, b.boot, r.seen, r.last_sequence, r.stop_sequence, r.records,"
		" r.slots, r.received_us FROM agent_run AS r JOIN boot AS b ON b.id = r.boot"
		" WHERE r.agent = ? AND r.run = ?");
	query_number(&q, agent);
	query_number(&q, number);
	while (!failed && query_next(&q) > 0)
		failed = read_run(cache, &q, agent, number);
	r = query_end(&q, failed ? NULL : err);
	if (failed)
		return err_errno(err, failed, "run %u of agent %u", number, agent);
	*ret_first = find(*chain_of(cache, agent, number), agent, number);
	return r;
}

int run_seen(struct ledger_writer *writer, const struct journal_record *journal, bool *ret_seen,
	struct err *err)
{
	uint32_t agent = journal->agent, number = journal->key.run;
	struct run *run;
	int r = get_all(writer, agent, number, &run, err);

	if (r < 0)
		return r;
	*ret_seen = false;
	for (; run; run = find(run->next, agent, number)) {
		if (run->seen.count >= BROKEN_RANGES ||
			marks_contain(&run->seen, journal->key.sequence))
			*ret_seen = true;
	}
	return 0;
}

/* ---- boots */

static int insert_boot(
	struct ledger_writer *writer, const struct taken *taken, int64_t *ret_boot, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO boot(agent, boot, first_run, last_run) VALUES (?1, ?2, ?3, ?3)"
		" ON CONFLICT(agent, boot) DO UPDATE SET"
		" first_run = min(first_run, excluded.first_run),"
		" last_run = max(last_run, excluded.last_run) RETURNING id");
	query_number(&q, taken->journal->agent);
	/* every kind of record begins with the boot's id */
	query_bytes(&q, taken->record->slot.boot, BOOT_BYTES);
	query_number(&q, taken->journal->key.run);
	*ret_boot = 0;
	if (query_next(&q) > 0)
		*ret_boot = query_get_number(&q, 0);
	while (query_next(&q) > 0)
		;
	return query_end(&q, err);
}

int run_get(struct ledger_writer *writer, const struct taken *taken, struct run **ret_run,
	struct err *err)
{
	uint32_t agent = taken->journal->agent, number = taken->journal->key.run;
	const uint8_t *boot_id = taken->record->slot.boot;
	struct run *run;
	int64_t boot;
	int r = get_all(writer, agent, number, &run, err);

	while (r == 0 && run && memcmp(run->boot_id, boot_id, BOOT_BYTES) != 0)
		run = find(run->next, agent, number);
	if (r == 0 && !run) {
		r = insert_boot(writer, taken, &boot, err);
		if (r < 0)
			return r;
		newest_boot_note(writer, agent, boot);
		run = add(writer->runs, agent, number);
		if (!run)
			return err_errno(err, -ENOMEM, "run of agent %u", agent);
		run->boot = boot;
		memcpy(run->boot_id, boot_id, BOOT_BYTES);
	}
	if (r == 0)
		*ret_run = run;
	return r;
}

static void mark_dirty(struct ledger_writer *writer, struct run *run)
{
	if (run->dirty)
		return;
	run->dirty = true;
	run->next_dirty = writer->runs->dirty;
	writer->runs->dirty = run;
}

int run_note(struct ledger_writer *writer, struct run *run, const struct taken *taken, bool fresh,
	struct err *err)
{
	const struct journal_record *journal = taken->journal;
	enum record_kind kind = taken->record->kind;
	uint32_t sequence = journal->key.sequence, last = sequence;

	mark_dirty(writer, run);
	run->records += fresh;
	if (journal->received_utc_us > run->received_us)
		run->received_us = journal->received_utc_us;
	if (kind == RECORD_DROPPED)
		last = taken->record->dropped.last; /* it speaks for all that it covers */
	else if (marks_add(&run->seen, sequence, sequence) == -ENOMEM)
		return err_errno(err, -ENOMEM, "run of agent %u", run->agent);
	if (last > run->last_sequence)
		run->last_sequence = last;
	if (kind == RECORD_STOP && sequence > run->stop_sequence)
		run->stop_sequence = sequence;
	return 0;
}

/* ---- slots that wait */

static bool fits(const struct sheaf *sheaf, const struct hot_entry *entry, const char *wan)
{
	uint64_t end_us = entry->start_us + entry->length_ms * 1000ULL;
	uint64_t from_us = entry->start_us < sheaf->start_us ? entry->start_us : sheaf->start_us;
	uint64_t to_us = end_us > sheaf->end_us ? end_us : sheaf->end_us;

	return !strcmp(sheaf->wan, wan) && to_us - from_us <= SHEAF_US &&
		buf_length(&sheaf->body) + entry->record_length <= SHEAF_BYTES;
}

static struct sheaf *sheaf_for(struct run *run, const struct hot_entry *entry, const char *wan)
{
	struct sheaf *sheaf = run->sheaves;

	/* the newest of each WAN is tried; beyond, order is lost and a page more does no harm */
	for (int i = 0; sheaf && i < OPEN_MAX; i++, sheaf = sheaf->next) {
		if (fits(sheaf, entry, wan))
			return sheaf;
	}
	sheaf = calloc(1, sizeof(*sheaf));
	if (!sheaf)
		return NULL;
	strcpy(sheaf->wan, wan);
	sheaf->start_us = entry->start_us;
	sheaf->received_from = entry->received_us;
	buf_init(&sheaf->body, SHEAF_BYTES + HOT_ENTRY_BYTES + RECORD_MAX);
	sheaf->next = run->sheaves;
	run->sheaves = sheaf;
	return sheaf;
}

int run_add_slot(struct ledger_writer *writer, struct run *run, const struct hot_entry *entry,
	const char *wan, struct err *err)
{
	uint64_t end_us = entry->start_us + entry->length_ms * 1000ULL;
	struct sheaf *sheaf = sheaf_for(run, entry, wan);
	int r = sheaf ? hot_append(&sheaf->body, entry) : -ENOMEM;

	if (r < 0)
		return err_errno(err, r, "slots of agent %u", run->agent);
	mark_dirty(writer, run);
	if (entry->start_us < sheaf->start_us)
		sheaf->start_us = entry->start_us;
	if (end_us > sheaf->end_us)
		sheaf->end_us = end_us;
	if (entry->received_us < sheaf->received_from)
		sheaf->received_from = entry->received_us;
	if (entry->received_us > sheaf->received_to)
		sheaf->received_to = entry->received_us;
	sheaf->slots++;
	sheaf->ever |= entry->evidence.ever;
	return 0;
}

/* The oldest first, as they came. */
static int flush_sheaves(struct ledger_writer *writer, struct run *run, struct err *err)
{
	struct sheaf *oldest = NULL;
	int r = 0;

	while (run->sheaves) {
		struct sheaf *sheaf = run->sheaves;
		run->sheaves = sheaf->next;
		sheaf->next = oldest;
		oldest = sheaf;
	}
	while (oldest) {
		struct sheaf *sheaf = oldest;
		oldest = sheaf->next;
		if (r == 0)
			r = sheaf_flush(writer, run, sheaf, err);
		sheaf_free(sheaf);
	}
	return r;
}

int run_flush_key(struct ledger_writer *writer, uint32_t agent, uint32_t number, struct err *err)
{
	struct run *run = find(*chain_of(writer->runs, agent, number), agent, number);
	int r = 0;

	for (; r == 0 && run; run = find(run->next, agent, number))
		r = flush_sheaves(writer, run, err);
	return r;
}

/* ---- into the table */

static int write_run(struct ledger_writer *writer, const struct run *run, struct err *err)
{
	struct query q;
	struct buf seen;
	int r;

	buf_init(&seen, SEEN_BYTES_MAX);
	r = marks_encode(&run->seen, &seen);
	if (r < 0) {
		buf_done(&seen);
		return err_errno(err, r, "run of agent %u", run->agent);
	}
	db_query(&q, writer->db,
		"INSERT OR REPLACE INTO agent_run(agent, run, boot, seen, last_sequence, "
		"stop_sequence,"
		" records, slots, received_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, run->agent);
	query_number(&q, run->run);
	query_number(&q, run->boot);
	query_bytes(&q, buf_peek(&seen), buf_length(&seen));
	query_number(&q, run->last_sequence);
	query_number(&q, run->stop_sequence);
	query_number(&q, run->records);
	query_number(&q, run->slots);
	query_number(&q, run->received_us);
	r = query_run(&q, err);
	buf_done(&seen);
	return r;
}

int runs_flush(struct ledger_writer *writer, struct err *err)
{
	struct run_cache *cache = writer->runs;
	int r = 0;

	while (r == 0 && cache->dirty) {
		struct run *run = cache->dirty;
		r = flush_sheaves(writer, run, err);
		if (r == 0)
			r = write_run(writer, run, err);
		if (r == 0)
			r = newest_boot_look(writer, run->agent, run->boot, err);
		if (r < 0)
			break;
		cache->dirty = run->next_dirty;
		run->dirty = false;
	}
	return r;
}
