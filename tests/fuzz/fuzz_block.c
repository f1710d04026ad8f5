/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes made fewer and back are the same; any bytes as a record of the spool's log are
 * survived; and any bytes as records, packed into blocks, come out as they went in. */
#include <stdlib.h>
#include <string.h>

#include "agent/core/squeeze.h"
#include "agent/spool/spool_block.h"
#include "tests/fuzz/fuzz.h"

static void make_fewer_and_back(const uint8_t *bytes, size_t size)
{
	uint8_t *back = malloc(size + 1);
	struct buf fewer;

	buf_init(&fewer, 1 << 20);
	FUZZ_CHECK(back);
	FUZZ_CHECK(squeeze(bytes, size, &fewer) == 0);
	FUZZ_CHECK(buf_length(&fewer) <= size + size / 16 + 16);
	FUZZ_CHECK(squeeze_undo(buf_peek(&fewer), buf_length(&fewer), back, size) == 0);
	FUZZ_CHECK(memcmp(back, bytes, size) == 0);
	free(back);
	buf_done(&fewer);
}

static void read_as_block(const uint8_t *bytes, size_t size)
{
	struct spool_walk walk;
	struct spool_head head;
	struct entry entry;
	uint32_t count = 0, sum = 0;

	spool_walk_init(&walk);
	if (spool_walk_begin(&walk, bytes, size) == 0) {
		FUZZ_CHECK(spool_head_read(bytes, size, &head));
		while (spool_walk_next(&walk, &entry)) {
			FUZZ_CHECK(entry.key.run == head.first.run);
			FUZZ_CHECK(entry.key.sequence == head.first.sequence + count++);
			for (size_t i = 0; i < entry.record_length; i++)
				sum += entry.record[i]; /* it can be read */
		}
		FUZZ_CHECK(count <= head.last - head.first.sequence + 1);
	}
	spool_walk_done(&walk);
	(void)sum;
}

/* The next record of the input: a byte says how long it is. */
static size_t cut(const uint8_t *bytes, size_t size, size_t at)
{
	size_t length = bytes[at];

	return length < size - at ? length : size - at - 1;
}

static void check_block(struct spool_packer *packer, const uint8_t *bytes, size_t size, size_t from)
{
	uint32_t first = packer->first.sequence, count = packer->count;
	struct spool_walk walk;
	struct entry entry;
	struct buf block;

	buf_init(&block, 1 << 20);
	spool_walk_init(&walk);
	FUZZ_CHECK(spool_packer_finish(packer, &block) == 0);
	FUZZ_CHECK(spool_walk_begin(&walk, buf_peek(&block), buf_length(&block)) == 0);
	for (uint32_t i = 0; i < count; i++) {
		size_t length = cut(bytes, size, from);

		FUZZ_CHECK(spool_walk_next(&walk, &entry));
		FUZZ_CHECK(entry.key.run == 7 && entry.key.sequence == first + i);
		FUZZ_CHECK(entry.record_length == length);
		FUZZ_CHECK(memcmp(entry.record, bytes + from + 1, length) == 0);
		from += 1 + length;
	}
	FUZZ_CHECK(!spool_walk_next(&walk, &entry));
	spool_walk_done(&walk);
	buf_done(&block);
}

static void pack_as_records(const uint8_t *bytes, size_t size)
{
	struct spool_packer packer;
	struct entry entry = {.key = {7, 1}};
	size_t at = 0, from = 0;

	spool_packer_init(&packer);
	while (at < size) {
		entry.record = bytes + at + 1;
		entry.record_length = cut(bytes, size, at);
		if (!spool_packer_fits(&packer, &entry)) {
			check_block(&packer, bytes, size, from);
			from = at;
		}
		FUZZ_CHECK(spool_packer_add(&packer, &entry, (struct held_span){at, at}) == 0);
		entry.key.sequence++;
		at += 1 + entry.record_length;
	}
	if (packer.count)
		check_block(&packer, bytes, size, from);
	spool_packer_done(&packer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size > SQUEEZE_BYTES_MAX)
		return 0;
	make_fewer_and_back(bytes, size);
	read_as_block(bytes, size);
	pack_as_records(bytes, size);
	return 0;
}
