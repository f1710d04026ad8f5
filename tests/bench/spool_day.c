/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/spool_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_US 1000000ULL /* from a record to its acknowledgement */

/* What is there is sent, and acknowledged. */
static void talk(struct spool_day *day)
{
	struct record_key last = {0, 0};
	struct entry entry;

	while (day->source.next(day->source.arg, &entry) > 0)
		last = entry.key;
	if (!last.run)
		return;
	day->source.acked(day->source.arg, last.run, last.sequence);
	if (last.run == day->run)
		day->acked = last.sequence;
}

void spool_day_pass(struct spool_day *day, uint64_t until_us)
{
	uint64_t due_us;

	while ((due_us = spool_due(day->spool)) <= until_us) {
		if (due_us > day->now_us)
			day->now_us = due_us;
		spool_turn(day->spool, day->now_us);
	}
	if (until_us > day->now_us)
		day->now_us = until_us;
}

/* The slot as it was known after so many seconds. */
static void sketch(struct spool_day *day, const struct slot *slot, uint32_t seconds)
{
	struct record *record = calloc(1, sizeof(*record));
	struct slot *part = &record->slot;

	record->kind = RECORD_SLOT;
	*part = *slot;
	part->length_ms = seconds * 1000;
	while (part->probe_count && part->probes[part->probe_count - 1].offset_ms > part->length_ms)
		part->probe_count--;
	while (part->event_count && part->events[part->event_count - 1].offset_ms > part->length_ms)
		part->event_count--;
	spool_day_pass(day, slot->start_us + part->length_ms * 1000ULL);
	spool_sketch(day->spool, record);
	spool_turn(day->spool, day->now_us);
	free(record);
}

static void hear(void *arg, const struct record *record, uint64_t at_us)
{
	static const uint32_t turns_s[] = {20, 40, 59};
	struct spool_day *day = arg;

	for (int i = 0; i < 3 && day->is_sketched && record->kind == RECORD_SLOT; i++)
		sketch(day, &record->slot, turns_s[i]);
	spool_day_pass(day, at_us);
	spool_add(day->spool, record);
	spool_turn(day->spool, day->now_us);
	day->sequence++;
	if (day->added)
		day->added(day->arg, day, record);
	if (!day->is_reached || day->now_us - day->reported_us < day->report_every_us)
		return;
	day->reported_us = day->now_us;
	spool_day_pass(day, at_us + ANSWER_US);
	talk(day);
	spool_turn(day->spool, day->now_us);
}

int spool_day_begin(struct spool_day *day, const struct spool_settings *settings, uint64_t seed)
{
	const struct village_ear ear = {day, hear};
	struct err err;
	int status = spool_open(settings, &day->spool, &err);

	if (status < 0) {
		fprintf(stderr, "%s\n", err.text);
		return status;
	}
	day->village = village_new(seed);
	day->source = spool_source(day->spool);
	day->run = spool_last_run(day->spool) + 1;
	day->sequence = day->acked = 0;
	spool_begin(day->spool, day->run, seed, day->village->boot);
	day->source.rewind(day->source.arg);
	village_start(day->village, &ear);
	return 0;
}

void spool_day_live(struct spool_day *day, uint32_t from, uint32_t to, enum village_link link)
{
	const struct village_ear ear = {day, hear};

	for (uint32_t minute = from; minute < to; minute++)
		village_live(day->village, minute, link, &ear);
}

void spool_day_end(struct spool_day *day)
{
	spool_close(day->spool);
	village_free(day->village);
	memset(day, 0, sizeof(*day));
}

long spool_day_peak_kib(void)
{
	long peak = 0, files = 0;
	char line[128];
	FILE *file = fopen("/proc/self/status", "r");

	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "VmHWM: %ld", &peak);
		sscanf(line, "RssFile: %ld", &files);
	}
	if (file)
		fclose(file);
	return peak - files;
}
