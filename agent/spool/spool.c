/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/spool/spool_format.h"
#include "agent/spool/spool_private.h"

/* ---- reading what an earlier run left */

static int take_state(void *arg, const struct spool_taken *taken)
{
	struct spool *spool = arg;

	if (spool_is_state(taken->bytes, taken->length))
		spool_state_decode(taken->bytes, taken->length, spool->held);
	return 0;
}

static bool read_head(struct spool *spool, const struct spool_taken *taken, struct spool_head *ret)
{
	struct spool_walk walk;
	struct entry entry;

	if (!spool_head_read(taken->bytes, taken->length, ret))
		return false;
	if (ret->has_span)
		return true;
	spool_walk_init(&walk);
	if (spool_walk_begin(&walk, taken->bytes, taken->length) == 0 &&
		spool_walk_next(&walk, &entry))
		ret->span = spool_read_span(&entry);
	spool_walk_done(&walk);
	return true;
}

static int take_far(void *arg, const struct spool_taken *taken)
{
	struct spool *spool = arg;
	struct spool_head head;

	if (!read_head(spool, taken, &head))
		return spool_sketch_found(spool, taken);
	held_store_range(spool->held, head.first, head.last, head.span);
	head.first.sequence = head.last;
	if (record_key_compare(head.first, spool->poured) > 0)
		spool->poured = head.first;
	return 0;
}

/* After a kill these are all that was not on flash yet; they go there with the next start. */
static int take_near(void *arg, const struct spool_taken *taken)
{
	struct spool *spool = arg;
	struct spool_head head;

	if (!read_head(spool, taken, &head))
		return 0;
	held_store(spool->held, head.first, head.span);
	if (record_key_compare(head.first, spool->poured) > 0)
		spool->fresh.bytes += taken->length;
	return 0;
}

static int scan_all(struct spool *spool, const struct spool_log *log,
	int (*take)(void *arg, const struct spool_taken *taken), uint64_t *ret_damaged)
{
	const struct spool_scan scan = {
		.last = UINT64_MAX, .take = take, .arg = spool, .ret_damaged = ret_damaged};

	return spool_log_scan(log, &scan);
}

/* A disk that cannot be read now may be one later: what it holds is then missing, and found out by
 * its numbers. */
static int restore(struct spool *spool, struct err *err)
{
	int status, far;

	held_restore_begin(spool->held);
	scan_all(spool, &spool->far, take_state, NULL);
	status = scan_all(spool, &spool->near, take_state, NULL);
	far = scan_all(spool, &spool->far, take_far, &spool->damaged);
	if (status == 0)
		status = scan_all(spool, &spool->near, take_near, &spool->damaged);
	held_restore_end(spool->held);
	spool_sketches_check(spool);
	if (far < 0)
		spool->trouble = far;
	return status < 0 ? err_errno(err, status, "%s: cannot be read", spool->near.folder) : 0;
}

bool spool_bears(int status)
{
	return status == -EROFS || status == -ENOSPC || status == -EDQUOT || status == -EIO ||
		status == -EUCLEAN;
}

static int open_logs(struct spool *spool, struct err *err)
{
	const struct seglog_options far = {.segment_bytes = spool->far.limit_bytes / SPOOL_SEGMENTS,
		.window_bytes = SPOOL_WINDOW_BYTES};
	const struct seglog_options near = {.segment_bytes = SPOOL_NEAR_BYTES / SPOOL_SEGMENTS,
		.in_memory = true,
		.window_bytes = SPOOL_WINDOW_BYTES};
	int status = seglog_open(spool->near.folder, &near, &spool->near.log, err);

	if (status < 0)
		return status;
	status = seglog_open(spool->far.folder, &far, &spool->far.log, err);
	if (status < 0 && spool_bears(status)) {
		spool->trouble = status;
		status = 0;
	}
	return status;
}

static int allocate(struct spool *spool, const struct spool_settings *settings)
{
	spool->far.limit_bytes = settings->limit_bytes;
	spool->near.limit_bytes = SPOOL_NEAR_BYTES;
	spool->told_run = UINT32_MAX;
	flush_init(&spool->flush, SPOOL_NEAR_BYTES / 2);
	news_init(&spool->news);
	buf_init(&spool->scratch, SEGLOG_RECORD_MAX);
	buf_init(&spool->state, SEGLOG_RECORD_MAX);
	for (size_t i = 0; i < SKETCHES_MAX; i++)
		buf_init(&spool->sketches[i].bytes, SEGLOG_RECORD_MAX);
	spool->far.folder = strdup(settings->folder);
	spool->near.folder = strdup(settings->near_folder);
	if (!spool->far.folder || !spool->near.folder || held_new(&spool->held) < 0)
		return -ENOMEM;
	return spool_reader_new(&spool->far, &spool->near, spool->held, &spool->reader);
}

int spool_open(const struct spool_settings *settings, struct spool **ret_spool, struct err *err)
{
	struct spool *spool = calloc(1, sizeof(*spool));
	int status = spool ? allocate(spool, settings) : -ENOMEM;

	if (status < 0) {
		spool_close(spool);
		return err_errno(err, status, "spool");
	}
	status = open_logs(spool, err);
	if (status == 0)
		status = restore(spool, err);
	if (status < 0) {
		spool_close(spool);
		return status;
	}
	*ret_spool = spool;
	return 0;
}

void spool_close(struct spool *spool)
{
	if (!spool)
		return;
	spool_reader_free(spool->reader);
	seglog_close(spool->far.log);
	seglog_close(spool->near.log);
	held_free(spool->held);
	spool_sketches_done(spool);
	buf_done(&spool->scratch);
	buf_done(&spool->state);
	free(spool->far.folder);
	free(spool->near.folder);
	free(spool);
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

/* Something of this run is to be written down on flash. */
static void mark_run(struct spool *spool, uint32_t run)
{
	if (run < spool->told_run)
		spool->told_run = run;
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
	mark_run(spool, run);
	spool_append_state(
		spool, &spool->near, run); /* on failure the next write to flash has it */
	return 0;
}

/* What `scratch` holds, encoded; or why it could not be. */
static int add_scratch(struct spool *spool, struct held_span span, int status)
{
	size_t length = 0;

	if (status == 0)
		status = spool_near_append(spool);
	if (status == 0)
		status = held_store(spool->held, spool->next, span);
	if (status < 0)
		held_lose(spool->held, spool->next, span);
	else
		length = buf_length(&spool->scratch);
	spool->next.sequence++;
	spool->fresh.bytes += length;
	buf_release(&spool->scratch);
	buf_clear(&spool->scratch);
	return status;
}

int spool_add(struct spool *spool, const struct record *record)
{
	int status;

	buf_clear(&spool->scratch);
	status = spool_record_encode(spool->next, record, &spool->scratch);
	status = add_scratch(spool, spool_record_span(record), status);
	spool->fresh.is_news |= news_take(&spool->news, record);
	if (record->kind == RECORD_SLOT)
		spool_sketch_settle(spool, &record->slot);
	return status;
}

int spool_add_news(struct spool *spool, const struct entry *entry)
{
	int status;

	buf_clear(&spool->scratch);
	status = spool_record_begin(spool->next, &spool->scratch);
	if (status == 0)
		status = buf_append(&spool->scratch, entry->record, entry->record_length);
	spool->fresh.is_news = true;
	return add_scratch(spool, spool_read_span(entry), status);
}

static void note_fresh(struct spool *spool)
{
	if (spool->fresh.bytes)
		flush_added(&spool->flush, spool->now_us, spool->fresh.bytes, spool->fresh.is_news);
	spool->fresh = (struct spool_fresh){0, false};
	if (held_waiting(spool->held) == 0 && !spool_sketch_waits(spool))
		flush_acked(&spool->flush);
}

void spool_turn(struct spool *spool, uint64_t now_us)
{
	spool->now_us = now_us;
	note_fresh(spool);
	if (flush_due(&spool->flush) <= now_us)
		spool_sync(spool);
}

uint64_t spool_due(const struct spool *spool)
{
	return flush_due(&spool->flush);
}

int spool_save(struct spool *spool)
{
	return spool_append_state(spool, &spool->near, 0);
}

int spool_sync(struct spool *spool)
{
	int status;

	note_fresh(spool);
	status = spool_pour(spool);
	if (status == 0)
		flush_done(&spool->flush, spool->now_us);
	else
		flush_failed(&spool->flush, spool->now_us);
	return status;
}

struct spool_figures spool_figures(const struct spool *spool)
{
	return (struct spool_figures){
		.waiting = held_waiting(spool->held),
		.lost = held_lost(spool->held),
		.damaged = spool->damaged,
		.bytes = spool->far.log ? seglog_bytes(spool->far.log) : 0,
		.near_bytes = seglog_bytes(spool->near.log),
		.trouble = -spool->trouble,
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

	if (up_to > held_acked_up_to(spool->held, run))
		mark_run(spool, run);
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
