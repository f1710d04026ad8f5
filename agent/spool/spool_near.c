/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_private.h"

#include <errno.h>

/* ---- no room in RAM, and flash takes nothing */

static int lose_record(void *arg, const struct spool_taken *taken)
{
	struct spool *spool = arg;
	struct spool_walk walk;
	struct entry entry;

	spool_walk_init(&walk);
	if (spool_walk_begin(&walk, taken->bytes, taken->length) == 0 &&
		spool_walk_next(&walk, &entry) && record_key_compare(entry.key, spool->poured) > 0)
		held_lose_within(spool->held, entry.key, spool_read_span(&entry));
	spool_walk_done(&walk);
	return 0;
}

static int drop_oldest(struct spool *spool)
{
	struct seglog *log = spool->near.log;
	struct seglog_pos oldest = seglog_oldest(log);
	const struct spool_scan scan = {.from = {.segment = oldest.segment},
		.last = oldest.segment,
		.take = lose_record,
		.arg = spool};
	int status;

	if (!seglog_segments(log))
		return -ENOENT;
	if (oldest.segment == seglog_end(log).segment)
		seglog_roll(log);
	status = spool_log_scan(&spool->near, &scan);
	return status < 0 ? status : seglog_drop_oldest(log);
}

/* Straight to flash, when RAM has no room even for one. */
static int append_far(struct spool *spool)
{
	struct spool_packer packer;
	struct spool_walk walk;
	struct entry entry;
	struct buf block;
	int status = spool_pour(spool);

	if (status < 0)
		return status;
	buf_init(&block, SEGLOG_RECORD_MAX);
	spool_packer_init(&packer);
	spool_walk_init(&walk);
	status = spool_walk_begin(&walk, buf_peek(&spool->scratch), buf_length(&spool->scratch));
	if (status == 0 && spool_walk_next(&walk, &entry))
		status = spool_packer_add(&packer, &entry, spool_read_span(&entry));
	if (status == 0)
		status = spool_packer_finish(&packer, &block);
	if (status == 0)
		status = spool_far_append(spool, &block);
	if (status == 0)
		spool->poured = entry.key;
	spool_walk_done(&walk);
	spool_packer_done(&packer);
	buf_done(&block);
	return status;
}

int spool_near_append(struct spool *spool)
{
	struct seglog *log = spool->near.log;
	size_t length = buf_length(&spool->scratch);
	int status;

	if (seglog_bytes(log) + length > spool->near.limit_bytes && !spool->trouble)
		spool_pour(spool);
	while (seglog_bytes(log) + length > spool->near.limit_bytes)
		if (drop_oldest(spool) < 0)
			break;
	status = seglog_append(log, buf_peek(&spool->scratch), length, NULL);
	return status < 0 ? append_far(spool) : 0;
}

/* ---- from RAM to flash */

struct pouring {
	struct spool *spool;
	struct spool_packer packer;
	struct spool_walk walk;
	struct buf block;
	struct record_key poured; /* the last one appended */
	struct seglog_pos packed,
		after; /* of near: behind what is packed, behind what is appended */
};

static int append_block(struct pouring *pouring)
{
	struct spool_packer *packer = &pouring->packer;
	struct record_key last = {packer->first.run, packer->first.sequence + packer->count - 1};
	int status;

	if (packer->count == 0)
		return 0;
	buf_clear(&pouring->block);
	status = spool_packer_finish(packer, &pouring->block);
	if (status == 0)
		status = spool_far_append(pouring->spool, &pouring->block);
	if (status < 0)
		return status;
	pouring->poured = last;
	pouring->after = pouring->packed;
	return 0;
}

static int pack_record(void *arg, const struct spool_taken *taken)
{
	struct pouring *pouring = arg;
	struct spool *spool = pouring->spool;
	struct entry entry;
	int status = spool_walk_begin(&pouring->walk, taken->bytes, taken->length);

	if (status == -EBADMSG)
		return 0; /* a state */
	if (status < 0 || !spool_walk_next(&pouring->walk, &entry) ||
		record_key_compare(entry.key, spool->poured) <= 0 ||
		!held_has(spool->held, entry.key))
		return status;
	if (!spool_packer_fits(&pouring->packer, &entry))
		status = append_block(pouring);
	if (status == 0)
		status = spool_packer_add(&pouring->packer, &entry, spool_read_span(&entry));
	pouring->packed = taken->after;
	return status;
}

static int append_blocks(struct pouring *pouring)
{
	struct spool *spool = pouring->spool;
	const struct spool_scan scan = {.last = UINT64_MAX, .take = pack_record, .arg = pouring};
	int status;

	buf_init(&pouring->block, SEGLOG_RECORD_MAX);
	spool_packer_init(&pouring->packer);
	spool_walk_init(&pouring->walk);
	status = spool_log_scan(&spool->near, &scan);
	if (status == 0)
		status = append_block(pouring);
	if (status == 0)
		status = spool_far_tell(spool);
	spool_walk_done(&pouring->walk);
	spool_packer_done(&pouring->packer);
	buf_done(&pouring->block);
	return status;
}

int spool_pour(struct spool *spool)
{
	struct pouring pouring = {.spool = spool, .poured = spool->poured};
	int status, synced;

	if (!spool->far.log)
		return -EROFS;
	status = append_blocks(&pouring);
	if (status == 0)
		status = spool_sketches_append(spool);
	synced = seglog_sync(spool->far.log);
	if (synced == 0) {
		spool->poured = pouring.poured;
		spool_reader_moved(spool->reader);
		if (status == 0) {
			spool_sketches_written(spool);
			seglog_roll(spool->near.log);
		}
		seglog_trim(
			spool->near.log, status == 0 ? seglog_end(spool->near.log) : pouring.after);
	}
	spool->trouble = status < 0 ? status : synced;
	return spool->trouble;
}
