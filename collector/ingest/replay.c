/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/replay.h"

#include <errno.h>
#include <stdlib.h>

#include "proto/codec.h"
#include "proto/journal_record.h"

struct stretch { /* of one run's sequences, the last included */
	struct progress_run run;
	uint32_t first, last;
};

struct replay {
	struct seglog_reader *reader;
	uint64_t before;
	uint64_t records;
	bool done;
	/* those from `merged` on wait to be merged */
	struct stretch piece[REPLAY_PIECE_RECORDS];
	size_t count, merged;
};

int replay_new(
	const char *folder, struct seglog_pos from, uint64_t before, struct replay **ret_replay)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int r;

	if (!replay)
		return -ENOMEM;
	replay->before = before;
	r = seglog_reader_open(folder, from, &replay->reader, NULL);
	if (r < 0) {
		free(replay);
		return r;
	}
	*ret_replay = replay;
	return 0;
}

void replay_free(struct replay *replay)
{
	if (!replay)
		return;
	seglog_reader_close(replay->reader);
	free(replay);
}

/* A gap record stands for all sequences up to the one in its body. */
static uint32_t last_of(const struct journal_record *journaled)
{
	struct record record;

	if (journaled->reject_code == 0 &&
		codec_record_kind(journaled->record, journaled->record_length) != RECORD_SLOT &&
		codec_record_decode(journaled->record, journaled->record_length, &record, NULL) ==
			0 &&
		record.kind == RECORD_DROPPED && record.dropped.last > journaled->key.sequence)
		return record.dropped.last;
	return journaled->key.sequence;
}

/* What one record of the journal says is durable. */
static void note(struct replay *replay, const uint8_t *bytes, size_t length)
{
	struct journal_record record;

	replay->records++;
	if (journal_record_decode(bytes, length, &record) < 0 || record.agent == 0 ||
		record.sighted)
		return; /* of another version, or no agent's: it claims nothing */
	replay->piece[replay->count++] = (struct stretch){
		.run = {record.agent, record.key.run, record.nonce},
		.first = record.key.sequence,
		.last = last_of(&record)};
}

int replay_read(struct replay *replay)
{
	const uint8_t *bytes;
	struct seglog_pos after;
	size_t length;
	int r = 1;

	if (replay->merged < replay->count)
		return 1;
	replay->count = replay->merged = 0;
	while (!replay->done && replay->count < REPLAY_PIECE_RECORDS) {
		r = seglog_read(replay->reader, &bytes, &length, &after);
		if (r < 0)
			break;
		if (r == 0 || after.segment >= replay->before)
			replay->done = true;
		else
			note(replay, bytes, length);
	}
	if (replay->count > 0)
		return 1;
	return r < 0 ? r : 0;
}

int replay_merge(struct replay *replay, struct progress *progress)
{
	int r = 0;

	while (r == 0 && replay->merged < replay->count) {
		const struct stretch *stretch = &replay->piece[replay->merged];

		r = progress_add(progress, &stretch->run, stretch->first, stretch->last);
		if (r != -ENOMEM) { /* what can never be added is not tried again */
			replay->merged++;
			r = 0;
		}
	}
	return r;
}

uint64_t replay_records(const struct replay *replay)
{
	return replay->records;
}

uint64_t replay_damaged(const struct replay *replay)
{
	return seglog_reader_damaged(replay->reader);
}
