/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/frame.h"
#include "proto/limits.h"

/* Three frames: "a", "bcd", and one of FRAME_MAX bytes. */
static uint8_t *make_stream(size_t *ret_length)
{
	uint8_t *stream = malloc(3 * FRAME_HEADER + 4 + FRAME_MAX);

	memcpy(stream, "\0\0\0\1a\0\0\0\3bcd\0\1\0\0", 16);
	memset(stream + 16, 'x', FRAME_MAX);
	*ret_length = 16 + FRAME_MAX;
	return stream;
}

/* Feeds the stream in pieces of `step` bytes and checks what comes out. */
static void read_in_steps(const uint8_t *stream, size_t length, size_t step)
{
	static const size_t lengths[] = {1, 3, FRAME_MAX};
	static const char firsts[] = {'a', 'b', 'x'};
	struct frame_reader reader;
	size_t frames = 0, at, payload_length;
	const uint8_t *payload;

	frame_reader_init(&reader);
	for (at = 0; at < length; at += step) {
		struct frame_input input = {stream + at, step < length - at ? step : length - at};
		int r;

		while ((r = frame_next(&reader, &input, &payload, &payload_length)) > 0) {
			assert_int_equal(payload_length, lengths[frames]);
			assert_int_equal(payload[0], firsts[frames]);
			assert_int_equal(
				payload[payload_length - 1], frames == 1 ? 'd' : firsts[frames]);
			frames++;
		}
		assert_int_equal(r, 0);
		assert_int_equal(input.length, 0);
		assert_true(reader.kept.cap <= FRAME_HEADER + FRAME_MAX);
	}
	assert_int_equal(frames, 3);
	assert_null(reader.kept.bytes);
	frame_reader_done(&reader);
}

static void frames_come_out_whole_however_they_arrive(void **state)
{
	static const size_t steps[] = {1, 2, 3, 4, 5, 7, 16, 4096, 65536, 1 << 20};
	size_t length, i;
	uint8_t *stream = make_stream(&length);

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		read_in_steps(stream, length, steps[i]);
	free(stream);
}

static void whole_frames_are_not_copied(void **state)
{
	static const uint8_t stream[] = "\0\0\0\1a\0\0\0\3bcd";
	struct frame_input input = {stream, 12};
	struct frame_reader reader;
	const uint8_t *payload;
	size_t length;

	frame_reader_init(&reader);
	assert_int_equal(frame_next(&reader, &input, &payload, &length), 1);
	assert_ptr_equal(payload, stream + 4);
	assert_int_equal(frame_next(&reader, &input, &payload, &length), 1);
	assert_ptr_equal(payload, stream + 9);
	assert_int_equal(frame_next(&reader, &input, &payload, &length), 0);
	assert_null(reader.kept.bytes);
	frame_reader_done(&reader);
}

static int feed(const char *bytes, size_t length, size_t first)
{
	struct frame_input input = {(const uint8_t *)bytes, first};
	struct frame_reader reader;
	const uint8_t *payload = NULL;
	size_t payload_length = 0;
	int r;

	frame_reader_init(&reader);
	r = frame_next(&reader, &input, &payload, &payload_length);
	if (r == 0 && first < length) {
		input = (struct frame_input){(const uint8_t *)bytes + first, length - first};
		r = frame_next(&reader, &input, &payload, &payload_length);
	}
	if (r < 0)
		assert_null(payload); /* untouched on failure */
	frame_reader_done(&reader);
	return r;
}

static void no_length_and_too_much_length_end_the_stream(void **state)
{
	size_t first;

	for (first = 0; first <= 4; first++) {
		assert_int_equal(feed("\0\0\0\0", 4, first), -EMSGSIZE);
		assert_int_equal(feed("\0\1\0\1", 4, first), -EMSGSIZE);
		assert_int_equal(feed("\xff\xff\xff\xff", 4, first), -EMSGSIZE);
		assert_int_equal(feed("GET ", 4, first), -EMSGSIZE);
		assert_int_equal(feed("\0\1\0\0", 4, first), 0);
	}
}

static void header_is_big_endian(void **state)
{
	uint8_t header[FRAME_HEADER];

	frame_put_header(header, 0x00010203);
	assert_memory_equal(header, "\0\1\2\3", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_out_whole_however_they_arrive),
		cmocka_unit_test(whole_frames_are_not_copied),
		cmocka_unit_test(no_length_and_too_much_length_end_the_stream),
		cmocka_unit_test(header_is_big_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
