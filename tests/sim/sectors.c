/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log on a disk that loses power: sectors [--seeds N] [--from SEED] [--seed SEED]. In each seed a
 * seglog lives several lives of random appends, syncs, rolls and trims; each ends in a power cut
 * (disk.h) or a kill. Promised after each: all that was synced is there, once, in order; what else
 * is there was appended; what was gone at a start never comes back; a reader's stored place stays
 * good. PANTAU_SECTOR_SEEDS gives the number where no --seeds does.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/seglog.h"
#include "tests/sim/disk.h"
#include "tests/sim/draw.h"
#include "tests/sim/fail.h"
#include "tests/sim/options.h"

#define SEEDS_DEFAULT 2000
#define LIVES_MAX 4
#define STEPS_MAX 60
#define RECORDS_MAX (LIVES_MAX * STEPS_MAX)
#define LENGTH_MAX 3000 /* six sectors */

enum fate {
	FATE_APPENDED, /* may be lost */
	FATE_SAFE, /* synced, or found at a start */
	FATE_TRIMMED, /* may be there or not */
	FATE_GONE, /* was not there at a start */
};

struct written {
	struct seglog_pos after; /* where it stands */
	uint32_t length;
	enum fate fate;
	bool met; /* by the reader that looks now */
};

struct sum {
	uint64_t seeds, records, synced, found, lost, damaged;
};

struct trial {
	struct draw draw;
	const char *folder;
	struct seglog_options options;
	struct seglog *log;
	struct written written[RECORDS_MAX];
	size_t count;
	struct seglog_pos place; /* as a reader stored it */
	struct sum *sum;
};

static void die(const struct trial *trial, const char *what, struct seglog_pos at)
{
	sim_fail(trial->draw.seed, "%s: segment %" PRIu64 ", record %" PRIu64, what, at.segment,
		at.record);
}

/* What record number `i` holds. */
static void fill(size_t i, uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length; at++)
		bytes[at] = (uint8_t)(i * 31 + at * 7 + (at >> 8));
}

/* ---- reading */

static struct written *find(struct trial *trial, struct seglog_pos after)
{
	for (size_t i = 0; i < trial->count; i++)
		if (seglog_pos_compare(trial->written[i].after, after) == 0)
			return &trial->written[i];
	die(trial, "a record that nobody appended", after);
	return NULL;
}

static void meet(struct trial *trial, struct seglog_pos after, const uint8_t *bytes, size_t length)
{
	struct written *written = find(trial, after);
	uint8_t wanted[LENGTH_MAX];

	fill((size_t)(written - trial->written), wanted, written->length);
	if (length != written->length || memcmp(bytes, wanted, length) != 0)
		die(trial, "a record with other content", after);
	if (written->fate == FATE_GONE)
		die(trial, "a record that was gone", after);
	if (written->met)
		die(trial, "a record twice", after);
	written->met = true;
}

/* Reads on from the place to the end; returns where that is. */
static struct seglog_pos read_from(struct trial *trial, struct seglog_pos place)
{
	struct seglog_reader *reader;
	struct seglog_pos after;
	const uint8_t *bytes;
	size_t length;
	int r;

	for (size_t i = 0; i < trial->count; i++)
		trial->written[i].met = false;
	if (seglog_reader_open(trial->folder, place, &reader, NULL) < 0)
		die(trial, "cannot be read", place);
	while ((r = seglog_read(reader, &bytes, &length, &after)) == 1) {
		if (seglog_pos_compare(after, place) <= 0)
			die(trial, "out of order", after);
		place = after;
		meet(trial, after, bytes, length);
	}
	if (r < 0)
		die(trial, strerror(-r), place);
	trial->sum->damaged += seglog_reader_damaged(reader);
	seglog_reader_close(reader);
	return place;
}

static void expect_safe_ones_after(struct trial *trial, struct seglog_pos place)
{
	for (size_t i = 0; i < trial->count; i++) {
		const struct written *written = &trial->written[i];

		if (written->fate == FATE_SAFE && !written->met &&
			seglog_pos_compare(written->after, place) > 0)
			die(trial, "a synced record is lost", written->after);
	}
}

/* ---- writing */

static void append(struct trial *trial)
{
	struct written *written = &trial->written[trial->count];
	uint8_t bytes[LENGTH_MAX];

	written->length = (uint32_t)draw_scale(&trial->draw, 1, LENGTH_MAX) - 1;
	written->fate = FATE_APPENDED;
	fill(trial->count, bytes, written->length);
	if (seglog_append(trial->log, bytes, written->length, &written->after) < 0)
		die(trial, "cannot be appended", written->after);
	for (size_t i = 0; i < trial->count; i++)
		if (seglog_pos_compare(trial->written[i].after, written->after) == 0)
			die(trial, "a place used twice", written->after);
	trial->count++;
	trial->sum->records++;
}

static void sync_all(struct trial *trial)
{
	if (seglog_sync(trial->log) < 0)
		die(trial, "cannot be synced", seglog_end(trial->log));
	for (size_t i = 0; i < trial->count; i++)
		if (trial->written[i].fate == FATE_APPENDED) {
			trial->written[i].fate = FATE_SAFE;
			trial->sum->synced++;
		}
}

/* The newest segment that holds a record stays, as in ingest: numbering goes on from there. */
static void trim(struct trial *trial)
{
	struct seglog_pos oldest = seglog_oldest(trial->log), to = {0, 0};

	for (size_t i = 0; i < trial->count; i++)
		if (trial->written[i].fate <= FATE_SAFE)
			to.segment = trial->written[i].after.segment;
	if (to.segment <= oldest.segment)
		return;
	to.segment = draw_between(&trial->draw, oldest.segment, to.segment);
	if (seglog_trim(trial->log, to) < 0)
		die(trial, "cannot be trimmed", to);
	for (size_t i = 0; i < trial->count; i++)
		if (trial->written[i].after.segment < to.segment &&
			trial->written[i].fate != FATE_GONE)
			trial->written[i].fate = FATE_TRIMMED;
}

static void step(struct trial *trial)
{
	uint64_t dice = draw_between(&trial->draw, 0, 99);

	if (dice < 70)
		append(trial);
	else if (dice < 90)
		sync_all(trial);
	else if (dice < 94)
		seglog_roll(trial->log);
	else if (dice < 97)
		trim(trial);
	else
		trial->place = read_from(trial, trial->place);
}

/* ---- a life */

/* What is not there now is gone; what is there was made durable by the start. */
static void take_stock(struct trial *trial)
{
	struct seglog_pos beginning = {0, 0};

	read_from(trial, beginning);
	expect_safe_ones_after(trial, beginning);
	for (size_t i = 0; i < trial->count; i++) {
		struct written *written = &trial->written[i];

		if (written->fate == FATE_GONE)
			continue;
		if (written->fate == FATE_APPENDED) {
			trial->sum->found += written->met;
			trial->sum->lost += !written->met;
		}
		if (written->fate != FATE_TRIMMED || !written->met)
			written->fate = written->met ? FATE_SAFE : FATE_GONE;
	}
	trial->place = read_from(trial, trial->place);
	expect_safe_ones_after(trial, trial->place);
}

static void live(struct trial *trial)
{
	uint64_t steps = draw_between(&trial->draw, 0, STEPS_MAX);
	struct err err;

	if (seglog_open(trial->folder, &trial->options, &trial->log, &err) < 0)
		sim_fail(trial->draw.seed, "%s", err.text);
	take_stock(trial);
	while (steps-- > 0)
		step(trial);
	disk_hear_syncs(false);
	seglog_close(trial->log);
	disk_hear_syncs(true);
	if (draw_chance(&trial->draw, 80))
		disk_cut_power(trial->folder, &trial->draw);
}

static void run_seed(uint64_t seed, const char *folder, struct sum *sum)
{
	struct trial *trial = calloc(1, sizeof(*trial));

	if (!trial)
		sim_fail(seed, "no memory");
	draw_init(&trial->draw, seed);
	trial->folder = folder;
	trial->sum = sum;
	trial->options = (struct seglog_options){
		.segment_bytes = draw_scale(&trial->draw, 600, 65536),
		.buffer_bytes = draw_chance(&trial->draw, 50) ? draw_scale(&trial->draw, 100, 16384)
							      : 0,
		.window_bytes = draw_chance(&trial->draw, 50) ? 512 : 0,
	};
	for (int life = 0; life < LIVES_MAX; life++)
		live(trial);
	disk_remove(folder);
	free(trial);
	sum->seeds++;
}

int main(int argc, char **argv)
{
	struct sim_options options = sim_options(argc, argv, "PANTAU_SECTOR_SEEDS", SEEDS_DEFAULT);
	struct sum sum = {0};
	char folder[4096];

	for (uint64_t i = 0; i < options.seeds; i++) {
		sim_folder(folder, sizeof(folder));
		run_seed(options.from + i, folder, &sum);
	}
	printf("%" PRIu64 " seeds, %" PRIu64 " records: %" PRIu64
	       " synced, none of them lost; of the others %" PRIu64 " came through, %" PRIu64
	       " did not; %" PRIu64 " damaged stretches passed\n",
		sum.seeds, sum.records, sum.synced, sum.found, sum.lost, sum.damaged);
	return 0;
}
