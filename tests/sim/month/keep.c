/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/fail.h"
#include "tests/sim/month/journal.h"

#define BYTES_MAX (256 << 20)
#define CHUNKS 16 /* the spool gives up one segment of so many at a time */

static void *checked(const struct keep *keep, void *memory)
{
	if (!memory)
		sim_fail(keep->seed, "no memory");
	return memory;
}

void keep_init(struct keep *keep, size_t capacity, uint64_t seed)
{
	memset(keep, 0, sizeof(*keep));
	keep->seed = seed;
	keep->capacity = capacity;
	buf_init(&keep->bytes, BYTES_MAX);
	if (held_new(&keep->held) < 0)
		sim_fail(seed, "no memory");
}

void keep_done(struct keep *keep)
{
	held_free(keep->held);
	facts_done(&keep->facts);
	free(keep->letters);
	free(keep->runs);
	free(keep->arrived);
	free(keep->arrived_us);
	buf_done(&keep->bytes);
}

uint64_t keep_nonce(const struct keep *keep, uint32_t run)
{
	for (size_t i = keep->run_count; i-- > 0;)
		if (keep->runs[i].run == run)
			return keep->runs[i].nonce;
	return 0;
}

static struct held_span span_of(const struct fact *fact)
{
	return (struct held_span){
		fact->from_us, fact->to_us > fact->from_us ? fact->to_us : fact->from_us};
}

/* ---- adding */

static void grow(struct keep *keep)
{
	if (keep->facts.count < keep->room)
		return;
	keep->room = keep->room ? 2 * keep->room : 4096;
	keep->facts.items = checked(
		keep, realloc(keep->facts.items, keep->room * sizeof(*keep->facts.items)));
	keep->letters = checked(keep, realloc(keep->letters, keep->room * sizeof(*keep->letters)));
}

static void write_letter(struct keep *keep, const struct fact *fact, const struct letter *letter)
{
	struct letter *written;

	grow(keep);
	keep->facts.items[keep->facts.count] = *fact;
	written = &keep->letters[keep->facts.count++];
	*written = *letter;
	if (!keep->keeps_bytes)
		return;
	if (fact->kind != RECORD_SLOT)
		journal_encode(fact, keep_nonce(keep, fact->key.run), keep->seed, &keep->bytes);
	written->offset = keep->bytes_from;
	written->length = buf_length(&keep->bytes) - keep->bytes_from;
	keep->bytes_from += written->length;
}

static void give_up(struct keep *keep, size_t at)
{
	const struct fact *fact = &keep->facts.items[at];
	struct letter *letter = &keep->letters[at];

	if (!letter->is_stored)
		return;
	letter->is_stored = false;
	keep->stored--;
	if (!held_is_acked(keep->held, fact->key)) {
		letter->is_dropped = true;
		keep->dropped++;
	}
	if (held_has(keep->held, fact->key))
		held_lose(keep->held, fact->key, span_of(fact));
}

static void make_room(struct keep *keep)
{
	size_t spare = keep->capacity / CHUNKS + 1;

	if (keep->stored < keep->capacity)
		return;
	while (keep->stored > keep->capacity - spare)
		give_up(keep, keep->oldest++);
	if (keep->waiting < keep->oldest)
		keep->waiting = keep->oldest;
}

void keep_begin_run(struct keep *keep, const struct keep_run *run)
{
	int status = held_run(keep->held, run->run, run->nonce, run->boot);

	if (status == -ENOSPC) {
		held_forget_oldest(keep->held);
		status = held_run(keep->held, run->run, run->nonce, run->boot);
	}
	if (status < 0)
		sim_fail(keep->seed, "held_run %u: %s", run->run, strerror(-status));
	if (keep->run_count == keep->run_room) {
		keep->run_room = keep->run_room ? 2 * keep->run_room : 64;
		keep->runs = checked(
			keep, realloc(keep->runs, keep->run_room * sizeof(*keep->runs)));
	}
	keep->runs[keep->run_count++] = *run;
}

void keep_add(struct keep *keep, const struct fact *fact, const struct letter *letter)
{
	int status;

	make_room(keep);
	write_letter(keep, fact, letter);
	keep->letters[keep->facts.count - 1].is_stored = true;
	keep->stored++;
	status = held_store(keep->held, fact->key, span_of(fact));
	if (status < 0)
		sim_fail(keep->seed, "held_store: %s", strerror(-status));
}

void keep_sync(struct keep *keep)
{
	keep->durable = keep->facts.count;
}

/* ---- the power is cut */

static void restore_gaps(struct keep *keep, const struct held *before)
{
	struct record_key key;
	struct dropped gap;

	for (size_t i = 0; held_gap_at(before, i, &key, &gap); i++)
		held_restore_gap(keep->held, key.run, key.sequence, &gap);
}

/* As the spool does when it is opened: runs and gaps first, then the records. */
static void restore(struct keep *keep)
{
	struct held *before = keep->held;
	struct held_identity run;

	if (held_new(&keep->held) < 0)
		sim_fail(keep->seed, "no memory");
	held_restore_begin(keep->held);
	for (size_t i = 0; held_run_at(before, i, &run); i++) {
		held_run(keep->held, run.run, run.nonce, run.boot);
		held_acked(keep->held, run.run, run.acked);
	}
	restore_gaps(keep, before);
	for (size_t i = keep->oldest; i < keep->facts.count; i++)
		if (keep->letters[i].is_stored)
			held_store(keep->held, keep->facts.items[i].key,
				span_of(&keep->facts.items[i]));
	held_restore_end(keep->held);
	held_free(before);
}

void keep_cut_power(struct keep *keep, unsigned why)
{
	for (size_t i = keep->durable; i < keep->facts.count; i++) {
		struct letter *letter = &keep->letters[i];

		if (!letter->is_stored)
			continue;
		letter->is_stored = false;
		letter->died = why;
		keep->stored--;
	}
	restore(keep);
	keep->durable = keep->facts.count;
}

/* ---- sending */

static void arrive(struct keep *keep, size_t at)
{
	if (keep->arrived_count == keep->arrived_room) {
		keep->arrived_room = keep->arrived_room ? 2 * keep->arrived_room : 4096;
		keep->arrived = checked(
			keep, realloc(keep->arrived, keep->arrived_room * sizeof(*keep->arrived)));
		keep->arrived_us = checked(keep,
			realloc(keep->arrived_us, keep->arrived_room * sizeof(*keep->arrived_us)));
	}
	keep->arrived_us[keep->arrived_count] = keep->now_us;
	keep->arrived[keep->arrived_count++] = at;
	keep->letters[at].has_arrived = true;
}

/* The Dropped records that the policy gives for what is gone. */
static void send_gaps(struct keep *keep)
{
	struct record_key after = {0, 0}, key;
	struct dropped gap;

	while (held_gap_after(keep->held, after, &key, &gap)) {
		struct fact fact = {.key = key, .kind = RECORD_DROPPED, .last = gap.last};
		const struct letter none = {.is_stored = false};

		after = key;
		if (gap.last <= held_acked_up_to(keep->held, key.run))
			continue;
		held_gap_handed_out(keep->held, key);
		memcpy(fact.boot, gap.boot, BOOT_BYTES);
		fact.checksum = gap.last;
		fact.from_us = gap.from_us;
		fact.to_us = gap.to_us;
		write_letter(keep, &fact, &none);
		arrive(keep, keep->facts.count - 1);
	}
}

static void hear_acks(struct keep *keep)
{
	struct held_run runs[RUNS_MAX];
	size_t count = held_runs(keep->held, runs);

	for (size_t i = 0; i < count; i++)
		held_acked(keep->held, runs[i].run, runs[i].last);
	keep->waiting = keep->facts.count;
}

void keep_send(struct keep *keep, bool is_acked)
{
	size_t end = keep->facts.count;

	send_gaps(keep);
	for (size_t i = keep->waiting; i < end; i++)
		if (keep->letters[i].is_stored &&
			!held_is_acked(keep->held, keep->facts.items[i].key))
			arrive(keep, i);
	if (is_acked)
		hear_acks(keep);
}

bool keep_has_news(const struct keep *keep)
{
	return keep->waiting < keep->facts.count;
}
