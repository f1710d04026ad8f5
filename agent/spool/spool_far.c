/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_private.h"

#include <errno.h>

#define DROPS_MAX 32 /* for one block: all segments and as many again, should the disk stay full */

/* ---- giving up the oldest */

struct losses {
	struct spool *spool;
	struct spool_walk walk;
};

static int lose_records(void *arg, const struct spool_taken *taken)
{
	struct losses *losses = arg;
	struct spool *spool = losses->spool;
	struct entry entry;
	int status = spool_walk_begin(&losses->walk, taken->bytes, taken->length);

	while (status == 0 && spool_walk_next(&losses->walk, &entry))
		if (held_has(spool->held, entry.key))
			held_lose(spool->held, entry.key, spool_read_span(&entry));
	return status == -EBADMSG ? 0 : status; /* a state, or damage: found by its numbers later */
}

/* What goes is written down before it goes, if the disk has room for that much. */
static int drop_segment(struct spool *spool)
{
	struct seglog *log = spool->far.log;
	struct seglog_pos oldest = seglog_oldest(log);
	struct losses losses = {.spool = spool};
	const struct spool_scan scan = {.from = {.segment = oldest.segment},
		.last = oldest.segment,
		.take = lose_records,
		.arg = &losses};
	bool written;
	int status;

	if (!seglog_segments(log))
		return -ENOENT;
	if (oldest.segment == seglog_end(log).segment)
		seglog_roll(log);
	spool_walk_init(&losses.walk);
	status = spool_log_scan(&spool->far, &scan);
	spool_walk_done(&losses.walk);
	if (status < 0)
		return status;
	/* Durable before the records are gone: a power cut must not forget that they were. */
	written = spool_append_state(spool, &spool->far, 0) == 0 && seglog_sync(log) == 0;
	status = seglog_drop_oldest(log);
	if (status == 0 && !written)
		status = spool_append_state(spool, &spool->far, 0);
	return status;
}

/* ---- appending */

/* Those that are not held any more are nobody's. */
static int find_unacked(void *arg, const struct spool_taken *taken)
{
	const struct spool *spool = arg;
	struct spool_head head;
	struct record_key last;

	if (!spool_head_read(taken->bytes, taken->length, &head))
		return 0;
	last = (struct record_key){head.first.run, head.last};
	return !held_has(spool->held, last) || held_is_acked(spool->held, last) ? 0 : -EEXIST;
}

/* On a disk that others filled, records that are safe elsewhere make room; the others stay, and the
 * new ones wait in RAM. */
static bool may_drop(struct spool *spool)
{
	struct seglog_pos oldest = seglog_oldest(spool->far.log);
	const struct spool_scan scan = {.from = {.segment = oldest.segment},
		.last = oldest.segment,
		.take = find_unacked,
		.arg = spool};

	return spool_log_scan(&spool->far, &scan) == 0;
}

int spool_far_append(struct spool *spool, const struct buf *block)
{
	struct seglog *log = spool->far.log;
	size_t length = buf_length(block);
	struct seglog_pos at = {0, 0};
	unsigned drops = 0;
	int status;

	while (seglog_bytes(log) + length > spool->far.limit_bytes && drops++ < DROPS_MAX)
		if (drop_segment(spool) < 0)
			break;
	do {
		status = seglog_append(log, buf_peek(block), length, &at);
	} while (status == -ENOSPC && drops++ < DROPS_MAX && may_drop(spool) &&
		drop_segment(spool) == 0);
	/* A segment that just began needs the state; without room for it the next one has it. */
	if (status == 0 && at.segment != spool->segment)
		spool_append_state(spool, &spool->far, 0);
	return status;
}

int spool_far_tell(struct spool *spool)
{
	if (spool->told_run == UINT32_MAX)
		return 0;
	return spool_append_state(spool, &spool->far, spool->told_run);
}
