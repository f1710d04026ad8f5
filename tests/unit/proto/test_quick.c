/* SPDX-License-Identifier: Apache-2.0 */
/* The quick way to read a slot takes those of every day, and never says other than the plain one */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "proto/codec_quick.h"
#include "samples.h"

#define DAMAGES 200000

struct bench {
	struct record record, quick, plain;
	struct buf bytes;
	uint64_t random;
	unsigned taken; /* damaged slots that the quick way took */
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	buf_init(&bench->bytes, RECORD_MAX);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	buf_done(&bench->bytes);
	free(bench);
	return 0;
}

static void make_everyday_slot(struct bench *bench)
{
	sample_slot(&bench->record);
	bench->record.slot.event_count = 0;
	memset(bench->record.slot.events, 0, sizeof(bench->record.slot.events));
	buf_clear(&bench->bytes);
	sample_encode(&bench->record, &bench->bytes);
}

static unsigned draw(struct bench *bench, size_t below)
{
	bench->random = bench->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)((bench->random >> 33) % below);
}

static void compare(struct bench *bench, const uint8_t *bytes, size_t length)
{
	struct err err;

	memset(&bench->quick, 0x55, sizeof(bench->quick));
	memset(&bench->plain, 0xaa, sizeof(bench->plain));
	if (!codec_quick_slot(bytes, length, &bench->quick)) {
		assert_int_equal(((uint8_t *)&bench->quick)[0], 0x55);
		return;
	}
	bench->taken++;
	assert_int_equal(codec_plain_record(bytes, length, &bench->plain, &err), 0);
	assert_memory_equal(&bench->quick, &bench->plain, sizeof(bench->quick));
}

static void slots_of_every_day_are_read_quickly(void **state)
{
	struct bench *bench = *state;

	make_everyday_slot(bench);
	assert_true(codec_quick_slot(
		buf_peek(&bench->bytes), buf_length(&bench->bytes), &bench->quick));
	assert_memory_equal(&bench->quick, &bench->record, sizeof(bench->quick));
}

static void what_is_rare_is_left_alone(void **state)
{
	void (*const makers[])(struct record *) = {sample_slot, sample_full_slot, sample_anchor,
		sample_start, sample_stop, sample_http, sample_observation};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		makers[i](&bench->record);
		buf_clear(&bench->bytes);
		sample_encode(&bench->record, &bench->bytes);
		assert_false(codec_quick_slot(
			buf_peek(&bench->bytes), buf_length(&bench->bytes), &bench->quick));
	}
	assert_false(codec_quick_slot(NULL, 0, &bench->quick));
}

/* A byte changed, left out, doubled; or the end cut off. */
static size_t damage(struct bench *bench, uint8_t *bytes, size_t length)
{
	size_t at = draw(bench, length);

	switch (draw(bench, 5)) {
	case 0: bytes[at] ^= 1 << draw(bench, 8); return length;
	case 1: bytes[at] = (uint8_t)draw(bench, 256); return length;
	case 2: memmove(bytes + at, bytes + at + 1, length - at - 1); return length - 1;
	case 3: memmove(bytes + at + 1, bytes + at, length - at); return length + 1;
	default: return at;
	}
}

static void damaged_slots_are_read_alike(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[RECORD_MAX];

	make_everyday_slot(bench);
	for (int i = 0; i < DAMAGES; i++) {
		size_t length = buf_length(&bench->bytes);
		memcpy(bytes, buf_peek(&bench->bytes), length);
		for (unsigned times = 1 + draw(bench, 3); times > 0 && length > 2; times--)
			length = damage(bench, bytes, length);
		/* the outer length fits again: damage within is what is of interest */
		if (length > 3 && draw(bench, 2)) {
			bytes[1] = (uint8_t)((length - 3) | 0x80);
			bytes[2] = (uint8_t)((length - 3) >> 7);
		}
		compare(bench, bytes, length);
	}
	assert_in_range(bench->taken, DAMAGES / 100, DAMAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			slots_of_every_day_are_read_quickly, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_rare_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(damaged_slots_are_read_alike, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
