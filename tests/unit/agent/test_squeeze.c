/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/squeeze.h"

#define MORE(length) ((length) + (length) / 16 + 16) /* as the header promises */

static uint32_t random_state = 1;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)random_state * below >> 32);
}

/* What comes back is what went in; returns how few bytes it was meanwhile. */
static size_t round_trip(const uint8_t *bytes, size_t length)
{
	uint8_t *back = malloc(length + 1);
	struct buf fewer;
	size_t count;

	buf_init(&fewer, 1 << 20);
	assert_non_null(back);
	assert_int_equal(squeeze(bytes, length, &fewer), 0);
	count = buf_length(&fewer);
	assert_true(count <= MORE(length));
	assert_int_equal(squeeze_undo(buf_peek(&fewer), count, back, length), 0);
	assert_memory_equal(back, bytes, length);
	/* One byte less or more was not asked for. */
	if (length > 1)
		assert_int_equal(squeeze_undo(buf_peek(&fewer), count, back, length - 1), -EBADMSG);
	assert_int_equal(squeeze_undo(buf_peek(&fewer), count, back, length + 1), -EBADMSG);
	free(back);
	buf_done(&fewer);
	return count;
}

static void nothing_stays_nothing(void **state)
{
	assert_int_equal(round_trip((const uint8_t *)"", 0), 0);
}

static void few_bytes_stay_few(void **state)
{
	assert_int_equal(round_trip((const uint8_t *)"a", 1), 2);
	round_trip((const uint8_t *)"aa", 2);
	round_trip((const uint8_t *)"aaa", 3);
	round_trip((const uint8_t *)"abcabcab", 8);
}

static void what_repeats_takes_no_room(void **state)
{
	uint8_t bytes[50000];

	memset(bytes, 7, sizeof(bytes));
	assert_true(round_trip(bytes, sizeof(bytes)) < 10);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i % 300 * 7);
	assert_true(round_trip(bytes, sizeof(bytes)) < 600);
}

static void noise_grows_by_no_more_than_promised(void **state)
{
	uint8_t bytes[SQUEEZE_BYTES_MAX];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)draw(256);
	round_trip(bytes, sizeof(bytes));
	round_trip(bytes, 6);
	round_trip(bytes, 7);
	round_trip(bytes, 8);
}

/* Alphabets of every size, pieces copied from before with a byte changed: as records are. */
static void whatever_goes_in_comes_back(void **state)
{
	uint8_t bytes[4000];

	for (int round = 0; round < 4000; round++) {
		size_t length = draw(sizeof(bytes)) + 1, at = 0;
		uint32_t alphabet = draw(255) + 1, copies = draw(100);

		while (at < length) {
			size_t piece = draw(40) + 1, from = at ? draw((uint32_t)at) : 0;

			for (; piece && at < length; piece--, at++)
				bytes[at] = at && draw(100) < copies ? bytes[from++]
								     : (uint8_t)draw(alphabet);
		}
		round_trip(bytes, length);
	}
}

static void too_much_is_refused(void **state)
{
	uint8_t *bytes = calloc(1, SQUEEZE_BYTES_MAX + 1);
	struct buf out;

	assert_non_null(bytes);
	buf_init(&out, 10);
	assert_int_equal(squeeze(bytes, SQUEEZE_BYTES_MAX + 1, &out), -EMSGSIZE);
	for (size_t i = 0; i < 1000; i++)
		bytes[i] = (uint8_t)draw(256);
	assert_int_equal(squeeze(bytes, 1000, &out), -ENOBUFS);
	buf_done(&out);
	free(bytes);
}

/* Damage gives other bytes or none, and never reads or writes beside its own. */
static void damaged_bytes_are_survived(void **state)
{
	uint8_t bytes[600], back[700];
	struct buf fewer;

	buf_init(&fewer, 1 << 16);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i % 90 + draw(3));
	assert_int_equal(squeeze(bytes, sizeof(bytes), &fewer), 0);
	for (int round = 0; round < 20000; round++) {
		size_t length = buf_length(&fewer);
		uint8_t *damaged = malloc(length);

		memcpy(damaged, buf_peek(&fewer), length);
		for (uint32_t i = draw(4) + 1; i; i--)
			damaged[draw((uint32_t)length)] = (uint8_t)draw(256);
		squeeze_undo(damaged, length - draw(2), back, draw(sizeof(back)));
		free(damaged);
	}
	buf_done(&fewer);
}

static void bytes_that_were_never_made_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t length;
	} cases[] = {
		{{0x02, 0x01}, 2}, /* a match before anything is there */
		{{0x03}, 1}, /* the distance before, and there was none */
		{{0x22, 'a', 0x02}, 3}, /* from before the beginning */
		{{0x22, 'a', 0x00}, 3}, /* from no distance */
		{{0x22, 'a', 0x80}, 3}, /* a distance cut short */
		{{0xe0, 0xff, 0xff, 0xff, 0xff, 0x0f}, 6}, /* more literals than there are */
		{{0x3e, 'a', 0xff, 0xff, 0x7f, 0x01}, 6}, /* a match longer than all */
		{{0x20, 'a', 0x00}, 3}, /* something behind the end */
	};
	uint8_t back[1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(squeeze_undo(cases[i].bytes, cases[i].length, back, 1), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_stays_nothing),
		cmocka_unit_test(few_bytes_stay_few),
		cmocka_unit_test(what_repeats_takes_no_room),
		cmocka_unit_test(noise_grows_by_no_more_than_promised),
		cmocka_unit_test(whatever_goes_in_comes_back),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(damaged_bytes_are_survived),
		cmocka_unit_test(bytes_that_were_never_made_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
