/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/spool_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/spool/spool_block.h"
#include "common/pack.h"

#define RECORDS 30

static struct spool_packer packer;
static struct spool_walk walk;
static struct buf block;

static void begin(void)
{
	buf_init(&block, 1 << 20);
	spool_packer_init(&packer);
	spool_walk_init(&walk);
}

static void end(void)
{
	buf_done(&block);
	spool_packer_done(&packer);
	spool_walk_done(&walk);
}

/* Any bytes will do for a record: lengths from none to the most. */
static struct entry make_entry(uint32_t run, uint32_t sequence, uint8_t *room)
{
	size_t length = sequence % 7 ? sequence * 13 % 250 : 0;

	for (size_t i = 0; i < length; i++)
		room[i] = (uint8_t)(i * i + sequence);
	return (struct entry){.key = {run, sequence}, .record = room, .record_length = length};
}

static void records_come_back_in_order_with_their_keys(void **state)
{
	uint8_t room[256];
	struct entry entry, found;
	struct spool_head head;

	begin();
	for (uint32_t i = 5; i < 5 + RECORDS; i++) {
		entry = make_entry(3, i, room);
		assert_true(spool_packer_fits(&packer, &entry));
		assert_int_equal(spool_packer_add(&packer, &entry,
					 (struct held_span){S(60.0 * i), S(60.0 * i + 60)}),
			0);
	}
	assert_int_equal(spool_packer_finish(&packer, &block), 0);
	assert_true(spool_head_read(buf_peek(&block), buf_length(&block), &head));
	assert_int_equal(head.first.run, 3);
	assert_int_equal(head.first.sequence, 5);
	assert_int_equal(head.last, 5 + RECORDS - 1);
	assert_true(head.has_span && head.span.from_us == S(300));
	assert_int_equal(head.span.to_us, S(60.0 * (5 + RECORDS)));
	assert_int_equal(spool_walk_begin(&walk, buf_peek(&block), buf_length(&block)), 0);
	for (uint32_t i = 5; i < 5 + RECORDS; i++) {
		entry = make_entry(3, i, room);
		assert_true(spool_walk_next(&walk, &found));
		assert_int_equal(found.key.run, 3);
		assert_int_equal(found.key.sequence, i);
		assert_int_equal(found.record_length, entry.record_length);
		assert_memory_equal(found.record, entry.record, entry.record_length);
	}
	assert_false(spool_walk_next(&walk, &found));
	end();
}

static void largest_record_fits_alone(void **state)
{
	uint8_t *room = malloc(RECORD_MAX);
	struct entry entry = {.key = {1, 1}, .record = room, .record_length = RECORD_MAX}, found;

	begin();
	for (size_t i = 0; i < RECORD_MAX; i++)
		room[i] = (uint8_t)(i * 2654435761U >> 13);
	assert_true(spool_packer_fits(&packer, &entry));
	assert_int_equal(spool_packer_add(&packer, &entry, (struct held_span){0, 0}), 0);
	entry.key.sequence = 2;
	assert_false(spool_packer_fits(&packer, &entry));
	assert_int_equal(spool_packer_finish(&packer, &block), 0);
	assert_int_equal(spool_walk_begin(&walk, buf_peek(&block), buf_length(&block)), 0);
	assert_true(spool_walk_next(&walk, &found));
	assert_int_equal(found.record_length, RECORD_MAX);
	assert_memory_equal(found.record, room, RECORD_MAX);
	end();
	free(room);
}

static void block_holds_one_run_without_holes(void **state)
{
	uint8_t room[256];
	struct entry entry = make_entry(1, 9, room);

	begin();
	spool_packer_add(&packer, &entry, (struct held_span){0, 0});
	entry.key = (struct record_key){1, 11};
	assert_false(spool_packer_fits(&packer, &entry));
	entry.key = (struct record_key){2, 10};
	assert_false(spool_packer_fits(&packer, &entry));
	entry.key = (struct record_key){1, 10};
	assert_true(spool_packer_fits(&packer, &entry));
	end();
}

static void heads_that_make_no_sense_are_refused(void **state)
{
	uint8_t bytes[64];
	struct spool_head head;
	struct pack pack;
	static const uint64_t cases[][5] = {
		/* run, first, count, bytes, from */
		{1ULL << 32, 1, 1, 0, 0},
		{1, 1ULL << 32, 1, 0, 0},
		{1, 1, 0, 0, 0},
		{1, UINT32_MAX, 1, 0, 0},
		{1, 1, 1, 1 << 20, 0},
	};

	begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pack_init(&pack, bytes, sizeof(bytes));
		pack_u8(&pack, 'B');
		for (int j = 0; j < 5; j++)
			pack_varint(&pack, cases[i][j]);
		pack_varint(&pack, 0);
		assert_false(spool_head_read(bytes, pack.length, &head));
		assert_int_equal(spool_walk_begin(&walk, bytes, pack.length), -EBADMSG);
	}
	assert_false(spool_head_read(bytes, 0, &head));
	assert_false(spool_head_read((const uint8_t *)"R12345678", 9, &head)); /* no record in it */
	assert_false(spool_head_read((const uint8_t *)"S12345678", 9, &head));
	end();
}

/* A count beyond what is there ends the walk where the bytes end. */
static void count_beyond_the_bytes_is_survived(void **state)
{
	uint8_t bytes[64];
	struct entry found;
	struct pack pack;

	begin();
	pack_init(&pack, bytes, sizeof(bytes));
	pack_u8(&pack, 'B');
	pack_varint(&pack, 1);
	pack_varint(&pack, 1);
	pack_varint(&pack, 1000);
	pack_varint(&pack, 3);
	pack_varint(&pack, 0);
	pack_varint(&pack, 0);
	pack_bytes(&pack, (const uint8_t *)"\x60\x02xy", 4); /* three literals: a record of two */
	assert_int_equal(spool_walk_begin(&walk, bytes, pack.length), 0);
	assert_true(spool_walk_next(&walk, &found));
	assert_int_equal(found.record_length, 2);
	assert_false(spool_walk_next(&walk, &found));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_order_with_their_keys),
		cmocka_unit_test(largest_record_fits_alone),
		cmocka_unit_test(block_holds_one_run_without_holes),
		cmocka_unit_test(heads_that_make_no_sense_are_refused),
		cmocka_unit_test(count_beyond_the_bytes_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
