/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/station.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proto/journal_record.h"
#include "proto/marks.h"
#include "proto/receiver.h"
#include "tests/sim/fail.h"

#define OUT_BYTES (1U << 20)
#define RUNS 512
#define FORGETS_PERCENT 5 /* of the answers in WELCOME say that nothing is durable */

struct tracked { /* what is durable of one run */
	uint32_t run;
	uint64_t nonce;
	struct marks marks;
};

struct note { /* what a journal record asks for once it is durable */
	struct held_run held;
	struct record_key key;
	uint32_t last;
	int code;
	bool told; /* its session is still the one that sent it */
};

struct station {
	struct station_settings settings;
	struct wire *wire;
	struct draw *draw;
	bool up, full;
	struct receiver *receiver; /* NULL: no session */
	struct station_record *records;
	struct note *notes; /* one a record */
	size_t count, room;
	size_t durable, syncing;
	uint64_t synced_us; /* when the sync under way ends */
	uint64_t now_us;
	struct tracked runs[RUNS];
	size_t run_count;
	struct buf out, scratch;
};

static void die(const struct station *station, const char *what)
{
	sim_fail(station->draw->seed, "collector: %s", what);
}

/* ---- what is durable */

static struct tracked *track(struct station *station, uint32_t run, uint64_t nonce)
{
	struct tracked *tracked;
	size_t i;

	for (i = 0; i < station->run_count; i++)
		if (station->runs[i].run == run && station->runs[i].nonce == nonce)
			return &station->runs[i];
	if (station->run_count == RUNS)
		die(station, "more runs than the simulation holds");
	tracked = &station->runs[station->run_count++];
	tracked->run = run;
	tracked->nonce = nonce;
	marks_init(&tracked->marks);
	return tracked;
}

static void forget_marks(struct station *station)
{
	size_t i;

	for (i = 0; i < station->run_count; i++)
		marks_done(&station->runs[i].marks);
	station->run_count = 0;
}

static void mark(struct station *station, const struct note *note)
{
	struct tracked *tracked = track(station, note->held.run, note->held.nonce);

	if (marks_add(&tracked->marks, note->key.sequence, note->last) < 0)
		die(station, "marks_add");
}

/* A restart: from the journal, part of it by way of a snapshot. */
static void rebuild_marks(struct station *station)
{
	size_t snapshot = station->durable / 2, i, taken;
	struct marks back;

	forget_marks(station);
	for (i = 0; i < snapshot; i++)
		mark(station, &station->notes[i]);
	for (i = 0; i < station->run_count; i++) {
		struct tracked *tracked = &station->runs[i];

		buf_clear(&station->scratch);
		marks_init(&back);
		if (marks_encode(&tracked->marks, &station->scratch) < 0 ||
			marks_decode(buf_peek(&station->scratch), buf_length(&station->scratch),
				&back, &taken) < 0)
			die(station, "a snapshot of the marks cannot be read back");
		marks_done(&tracked->marks);
		tracked->marks = back;
	}
	for (i = snapshot; i < station->durable; i++)
		mark(station, &station->notes[i]);
}

/* ---- the receiver's owner */

static uint32_t give_durable(void *arg, const struct held_run *held)
{
	struct station *station = arg;

	if (draw_chance(station->draw, FORGETS_PERCENT))
		return held->first - 1; /* too low is allowed */
	return marks_up_to(&track(station, held->run, held->nonce)->marks, held->first);
}

static void make_room(struct station *station)
{
	if (station->count < station->room)
		return;
	station->room = station->room ? 2 * station->room : 4096;
	station->records = realloc(station->records, station->room * sizeof(*station->records));
	station->notes = realloc(station->notes, station->room * sizeof(*station->notes));
	if (!station->records || !station->notes)
		die(station, "no memory");
}

static int take_entry(void *arg, const struct entry *entry, const struct held_run *held, int code,
	const char *why)
{
	struct station *station = arg;
	struct journal_record journal = {
		.agent = STATION_AGENT,
		.nonce = held->nonce,
		.received_utc_us = station->settings.utc_at_zero_us + (int64_t)station->now_us,
		.key = entry->key,
		.reject_code = (uint8_t)code,
		.wan = "wan",
		.record = entry->record,
		.record_length = entry->record_length,
	};
	struct station_record *record;

	if (station->full)
		return -ENOSPC;
	make_room(station);
	buf_clear(&station->scratch);
	if (journal_record_encode(&journal, &station->scratch) < 0)
		die(station, "a journal record cannot be encoded");
	record = &station->records[station->count];
	record->length = buf_length(&station->scratch);
	record->bytes = malloc(record->length);
	if (!record->bytes)
		die(station, "no memory");
	memcpy(record->bytes, buf_peek(&station->scratch), record->length);
	station->notes[station->count++] = (struct note){
		.held = *held,
		.key = entry->key,
		.last = entry->last,
		.code = code,
		.told = true,
	};
	return 0;
}

static void take_hello(void *arg, const struct hello *hello)
{
}

/* ---- sessions */

static void speak(struct station *station)
{
	wire_send(station->wire, WIRE_TO_AGENT, &station->out, station->now_us);
}

static void end_session(struct station *station)
{
	size_t i;

	receiver_free(station->receiver);
	station->receiver = NULL;
	for (i = station->durable; i < station->count; i++)
		station->notes[i].told = false;
}

bool station_accept(struct station *station)
{
	struct receiver_owner owner = {station, give_durable, take_entry, take_hello};

	if (!station->up)
		return false;
	end_session(station);
	buf_clear(&station->out);
	if (receiver_new(&owner, &station->receiver) < 0)
		die(station, "no memory");
	return true;
}

static void listen(struct station *station)
{
	struct receiver_clock clock = {
		.trusted = station->now_us >= station->settings.trusted_from_us,
		.utc_us = station->settings.utc_at_zero_us + (int64_t)station->now_us,
		.error_us = 2000,
	};
	const uint8_t *bytes;
	size_t length;
	struct err err;

	while (station->receiver &&
		(length = wire_take(station->wire, WIRE_TO_COLLECTOR, station->now_us, &bytes)) >
			0) {
		struct receiver_input input = {bytes, length, &clock};
		int failed = receiver_feed(station->receiver, &input, &station->out, &err);

		if (failed == -EPROTO)
			die(station, err.text); /* the agent never breaks the protocol */
		speak(station);
		if (failed)
			end_session(station);
	}
}

/* ---- durability */

/* The records of the sync that ended are safe: now, and not before, is the agent told. */
static void tell(struct station *station, size_t from)
{
	size_t i;

	for (i = from; i < station->durable; i++) {
		const struct note *note = &station->notes[i];
		const struct tracked *tracked = track(station, note->held.run, note->held.nonce);

		if (!station->receiver || !note->told)
			continue;
		if (note->code)
			receiver_rejected(
				station->receiver, note->key, note->code, "", &station->out);
		receiver_committed(station->receiver, note->held.run,
			marks_up_to(&tracked->marks, note->held.first), &station->out);
	}
	speak(station);
}

static void finish_sync(struct station *station)
{
	size_t from = station->durable, i;

	station->synced_us = STATION_NEVER;
	for (i = from; i < station->syncing; i++)
		mark(station, &station->notes[i]);
	station->durable = station->syncing;
	tell(station, from);
}

static void begin_sync(struct station *station)
{
	if (station->synced_us != STATION_NEVER || station->count == station->durable)
		return;
	station->syncing = station->count;
	station->synced_us = station->now_us +
		draw_scale(station->draw, 100, station->settings.sync_us);
}

static void cut_journal(struct station *station, size_t count)
{
	while (station->count > count)
		free(station->records[--station->count].bytes);
	station->durable = station->syncing = count;
	station->synced_us = STATION_NEVER;
}

void station_crash(struct station *station)
{
	if (!station->up)
		return;
	end_session(station);
	wire_cut(station->wire);
	station->up = false;
	cut_journal(station, draw_between(station->draw, station->durable, station->count));
}

void station_start(struct station *station)
{
	if (station->up)
		return;
	station->up = true;
	rebuild_marks(station);
}

void station_restore(struct station *station, size_t count)
{
	if (station->up || count >= station->count)
		return;
	cut_journal(station, count);
}

void station_set_full(struct station *station, bool full)
{
	station->full = full;
}

/* ---- life */

struct station *station_new(
	const struct station_settings *settings, struct wire *wire, struct draw *draw)
{
	struct station *station = calloc(1, sizeof(*station));

	if (!station)
		sim_fail(draw->seed, "no memory");
	station->settings = *settings;
	station->wire = wire;
	station->draw = draw;
	station->up = true;
	station->synced_us = STATION_NEVER;
	buf_init(&station->out, OUT_BYTES);
	buf_init(&station->scratch, OUT_BYTES);
	return station;
}

void station_free(struct station *station)
{
	if (!station)
		return;
	receiver_free(station->receiver);
	cut_journal(station, 0);
	forget_marks(station);
	free(station->records);
	free(station->notes);
	buf_done(&station->out);
	buf_done(&station->scratch);
	free(station);
}

uint64_t station_due(const struct station *station)
{
	uint64_t arrives_us = station->receiver ? wire_due(station->wire, WIRE_TO_COLLECTOR)
						: STATION_NEVER;

	return arrives_us < station->synced_us ? arrives_us : station->synced_us;
}

void station_step(struct station *station, uint64_t now_us)
{
	station->now_us = now_us;
	if (!station->up)
		return;
	if (now_us >= station->synced_us)
		finish_sync(station);
	listen(station);
	begin_sync(station);
}

struct station_journal station_journal(const struct station *station)
{
	return (struct station_journal){station->records, station->durable};
}
