/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/held.h"
#include "agent/spool_format.h"
#include "agent/spool_reader.h"
#include "common/seglog.h"
#include "proto/codec.h"

#define SEGMENTS 16 /* of which one at a time is given up: 6 % of what is held */
#define DROPS_MAX 32 /* for one record: all segments and as many again, should the disk stay full */

struct spool {
	struct seglog *log;
	struct held *held;
	char *folder;
	size_t limit_bytes;
	uint64_t damaged;
	struct record_key next; /* to be given out */
	uint64_t segment; /* the last one that tells the whole state */
	struct buf scratch; /* one log record being built */
	struct buf state; /* one state record being built */
	struct record *decoded; /* one record being looked into */
	struct spool_reader *reader; /* of the sender */
};

/* The time that an encoded record covers; 0 to 0 if it cannot be read. */
static struct held_span read_span(struct spool *spool, const struct entry *entry)
{
	if (codec_record_decode(entry->record, entry->record_length, spool->decoded, NULL) != 0)
		return (struct held_span){0, 0};
	return spool_record_span(spool->decoded);
}

/* ---- reading what an earlier run left */

/* Calls `take` for every record of the log up to and in segment `last`. */
static int scan(struct spool *spool, struct seglog_pos from, uint64_t last,
	void (*take)(struct spool *spool, const uint8_t *bytes, size_t length))
{
	struct seglog_reader *reader;
	struct seglog_pos at;
	const uint8_t *bytes;
	size_t length;
	int status = seglog_reader_open(spool->folder, from, &reader, NULL);

	if (status < 0)
		return status;
	while ((status = seglog_read(reader, &bytes, &length, &at)) > 0 && at.segment <= last)
		take(spool, bytes, length);
	if (last == UINT64_MAX)
		spool->damaged = seglog_reader_damaged(reader);
	seglog_reader_close(reader);
	return status < 0 ? status : 0;
}

static void take_state(struct spool *spool, const uint8_t *bytes, size_t length)
{
	if (spool_is_state(bytes, length))
		spool_state_decode(bytes, length, spool->held);
}

static void take_record(struct spool *spool, const uint8_t *bytes, size_t length)
{
	struct entry entry;

	if (spool_record_parse(bytes, length, &entry))
		held_store(spool->held, entry.key, read_span(spool, &entry));
}

static int restore(struct spool *spool, struct err *err)
{
	int status;

	held_restore_begin(spool->held);
	status = scan(spool, (struct seglog_pos){0, 0}, UINT64_MAX, take_state);
	if (status == 0)
		status = scan(spool, (struct seglog_pos){0, 0}, UINT64_MAX, take_record);
	held_restore_end(spool->held);
	return status < 0 ? err_errno(err, status, "spool %s: cannot be read", spool->folder) : 0;
}

int spool_open(const struct spool_settings *settings, struct spool **ret_spool, struct err *err)
{
	const struct seglog_options options = {.segment_bytes = settings->limit_bytes / SEGMENTS};
	struct spool *spool = calloc(1, sizeof(*spool));
	int status = -ENOMEM;

	if (!spool)
		return err_errno(err, status, "spool");
	spool->limit_bytes = settings->limit_bytes;
	buf_init(&spool->scratch, SEGLOG_RECORD_MAX);
	buf_init(&spool->state, SEGLOG_RECORD_MAX);
	spool->folder = strdup(settings->folder);
	spool->decoded = calloc(1, sizeof(*spool->decoded));
	if (!spool->folder || !spool->decoded || held_new(&spool->held) < 0 ||
		spool_reader_new(spool->folder, spool->held, &spool->reader) < 0) {
		err_errno(err, status, "spool");
		goto close_spool;
	}
	status = seglog_open(spool->folder, &options, &spool->log, err);
	if (status < 0)
		goto close_spool;
	status = restore(spool, err);
	if (status < 0)
		goto close_spool;
	*ret_spool = spool;
	return 0;
close_spool:
	spool_close(spool);
	return status;
}

void spool_close(struct spool *spool)
{
	if (!spool)
		return;
	spool_reader_free(spool->reader);
	if (spool->log)
		seglog_close(spool->log);
	held_free(spool->held);
	buf_done(&spool->scratch);
	buf_done(&spool->state);
	free(spool->decoded);
	free(spool->folder);
	free(spool);
}

/* ---- giving up the oldest */

static void lose_record(struct spool *spool, const uint8_t *bytes, size_t length)
{
	struct entry entry;

	if (spool_record_parse(bytes, length, &entry) && held_has(spool->held, entry.key))
		held_lose(spool->held, entry.key, read_span(spool, &entry));
}

static int append_state(struct spool *spool, uint32_t from_run)
{
	struct seglog_pos at;
	int status;

	buf_clear(&spool->state);
	status = spool_state_encode(spool->held, from_run, &spool->state);
	if (status == 0)
		status = seglog_append(
			spool->log, buf_peek(&spool->state), buf_length(&spool->state), &at);
	if (status == 0 && from_run == 0)
		spool->segment = at.segment;
	buf_done(&spool->state);
	return status;
}

/* What goes is written down before it goes, if the disk has room for that much. */
static int drop_segment(struct spool *spool)
{
	struct seglog_pos oldest = seglog_oldest(spool->log);
	bool written;
	int status;

	if (!seglog_segments(spool->log))
		return -ENOENT;
	oldest.record = 0;
	if (oldest.segment == seglog_end(spool->log).segment)
		seglog_roll(spool->log);
	status = scan(spool, oldest, oldest.segment, lose_record);
	if (status < 0)
		return status;
	/* Durable before the records are gone: a power cut must not forget that they were. */
	written = append_state(spool, 0) == 0 && seglog_sync(spool->log) == 0;
	status = seglog_drop_oldest(spool->log);
	if (status == 0 && !written)
		status = append_state(spool, 0);
	return status;
}

/* Appends what `scratch` holds, making room as long as there is something to give up. */
static int append_scratch(struct spool *spool, struct seglog_pos *ret_pos)
{
	size_t length = buf_length(&spool->scratch);
	unsigned drops = 0;
	int status;

	while (seglog_bytes(spool->log) + length > spool->limit_bytes && drops++ < DROPS_MAX)
		if (drop_segment(spool) < 0)
			break;
	do {
		status = seglog_append(spool->log, buf_peek(&spool->scratch), length, ret_pos);
	} while (status == -ENOSPC && drops++ < DROPS_MAX && drop_segment(spool) == 0);
	return status;
}

/* ---- adding */

uint32_t spool_last_run(const struct spool *spool)
{
	struct held_identity run;
	uint32_t last = 0;

	for (size_t i = 0; held_run_at(spool->held, i, &run); i++)
		last = run.run;
	return last;
}

int spool_begin(struct spool *spool, uint32_t run, uint64_t nonce, const uint8_t boot[BOOT_BYTES])
{
	int status = held_run(spool->held, run, nonce, boot);

	if (status == -ENOSPC) {
		held_forget_oldest(spool->held);
		status = held_run(spool->held, run, nonce, boot);
	}
	if (status < 0)
		return status;
	spool->next = (struct record_key){run, 1};
	append_state(spool, run); /* on failure the first record's segment has it */
	return 0;
}

int spool_add(struct spool *spool, const struct record *record)
{
	struct held_span span = spool_record_span(record);
	struct seglog_pos at = {0, 0};
	int status;

	buf_clear(&spool->scratch);
	status = spool_record_encode(spool->next, record, &spool->scratch);
	if (status == 0)
		status = append_scratch(spool, &at);
	if (status == 0)
		status = held_store(spool->held, spool->next, span);
	if (status < 0)
		held_lose(spool->held, spool->next, span);
	spool->next.sequence++;
	buf_release(&spool->scratch);
	/* A segment that just began needs the state; without room for it the next one has it. */
	if (status == 0 && at.segment != spool->segment)
		append_state(spool, 0);
	return status;
}

int spool_save(struct spool *spool)
{
	return append_state(spool, 0);
}

int spool_sync(struct spool *spool)
{
	return seglog_sync(spool->log);
}

struct spool_figures spool_figures(const struct spool *spool)
{
	return (struct spool_figures){
		.waiting = held_waiting(spool->held),
		.lost = held_lost(spool->held),
		.damaged = spool->damaged,
		.bytes = seglog_bytes(spool->log),
	};
}

/* ---- the sender's source */

static size_t source_runs(void *arg, struct held_run *ret_runs)
{
	struct spool *spool = arg;

	return held_runs(spool->held, ret_runs);
}

static void source_rewind(void *arg)
{
	struct spool *spool = arg;

	spool_reader_rewind(spool->reader);
}

static int source_next(void *arg, struct entry *ret_entry)
{
	struct spool *spool = arg;

	return spool_reader_next(spool->reader, ret_entry);
}

static void source_acked(void *arg, uint32_t run, uint32_t up_to)
{
	struct spool *spool = arg;

	held_acked(spool->held, run, up_to);
}

struct sender_source spool_source(struct spool *spool)
{
	return (struct sender_source){
		.arg = spool,
		.runs = source_runs,
		.rewind = source_rewind,
		.next = source_next,
		.acked = source_acked,
	};
}
