/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of the follower that takes a part of a lot. */
#include <stdlib.h>
#include <string.h>

#include "collector/ledgerd/follower_private.h"

#define PARTS_MAX 64 /* of 256 MiB */

/* While the first part is taken, the lot is measured. */
struct measure {
	size_t bytes, most_bytes;
	unsigned records;
	size_t part_bytes[PARTS_MAX];
};

static uint32_t part_of(const struct feed_record *waiting, uint32_t parts)
{
	struct journal_record record;

	if (journal_record_decode(waiting->bytes, waiting->length, &record) < 0)
		return 0;
	return (uint32_t)(record.agent * UINT64_C(2654435769) % (UINT64_C(1) << 32) * parts >> 32);
}

static bool is_lot(const struct follower *follower, const struct lot *lot)
{
	return lot->parts > 0 && lot->parts <= PARTS_MAX && lot->part < lot->parts &&
		(lot->part == 0 || seglog_pos_compare(lot->end, feed_cursor(follower->feed)) > 0);
}

size_t lot_bytes(const struct follower *follower)
{
	return follower->lot_bytes ? follower->lot_bytes : LOT_BYTES;
}

int lot_look(struct follower *follower, struct batch *batch, struct err *err)
{
	struct lot *lot = &batch->lot;
	struct feed_record waiting;
	int r = feed_peek(follower->feed, &waiting, err);

	if (r <= 0 || waiting.again)
		return r < 0 ? r : 0;
	if (!is_lot(follower, lot))
		*lot = (struct lot){.parts = 0};
	if (lot->parts == 0 && follower->lots && lot_bytes(follower) >= 2 * LOT_PART_BYTES)
		lot->parts = (uint32_t)(lot_bytes(follower) / LOT_PART_BYTES);
	return lot->parts > 0;
}

/* Whether the record still belongs to the lot, which is being measured. */
static bool measure(struct measure *measure, const struct feed_record *waiting, uint32_t part)
{
	if (measure->bytes >= measure->most_bytes || measure->records >= BATCH_RECORDS_MAX ||
		measure->part_bytes[part] >= 2 * LOT_PART_BYTES)
		return false;
	measure->bytes += waiting->length;
	measure->part_bytes[part] += waiting->length;
	measure->records++;
	return true;
}

static int take_part(
	struct follower *follower, struct batch *batch, struct measure *measured, struct err *err)
{
	struct lot *lot = &batch->lot;
	struct feed_record waiting;
	bool hushed = false;
	int r;

	for (unsigned read = 0; (r = feed_peek(follower->feed, &waiting, err)) > 0; read++) {
		uint32_t part = part_of(&waiting, lot->parts);

		if (read == 0) {
			hushed = mender_knows(follower->mender, waiting.after);
			if (hushed)
				ledger_hush(follower->writer);
		}
		if (lot->part > 0 && seglog_pos_compare(waiting.after, lot->end) > 0)
			break;
		if (lot->part == 0 &&
			(hushed != mender_knows(follower->mender, waiting.after) ||
				!measure(measured, &waiting, part)))
			break;
		if (part == lot->part) {
			r = follower_take(follower, &waiting, err);
			if (r < 0)
				return r;
			batch->bytes += waiting.length;
			batch->records++;
		}
		feed_next(follower->feed);
		if (lot->part == 0)
			lot->end = waiting.after;
	}
	return r < 0 ? r : r > 0;
}

int lot_take(struct follower *follower, struct batch *batch, struct err *err)
{
	struct measure measured = {.most_bytes = lot_bytes(follower)};
	struct lot *lot = &batch->lot;
	int r = take_part(follower, batch, &measured, err);

	if (r < 0)
		return r;
	batch->full = batch->lots = true;
	if (++lot->part < lot->parts) {
		feed_rewind(follower->feed, lot->end);
		return 0;
	}
	batch->end = lot->end;
	*lot = (struct lot){.parts = 0};
	batch->lots = r > 0;
	return 0;
}

int lot_write(struct follower *follower, const struct batch *batch, struct err *err)
{
	return memcmp(&batch->lot, &follower->lot, sizeof(batch->lot)) == 0
		? 0
		: ledger_put_lot(follower->writer, &batch->lot, err);
}
