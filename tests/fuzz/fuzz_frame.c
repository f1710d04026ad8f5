/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a stream of frames: the same frames come out, whole, however the bytes are cut up.
 * The first byte says how: pieces of so many bytes. */
#include <errno.h>
#include <string.h>

#include "common/crc32c.h"
#include "proto/frame.h"
#include "proto/limits.h"
#include "tests/fuzz/fuzz.h"

struct heard { /* what came out of a stream */
	size_t frames;
	uint32_t checksum;
	int ended; /* the error that ended it, 0: none */
};

static void hear(struct frame_reader *reader, struct frame_input *input, struct heard *heard)
{
	const uint8_t *payload;
	size_t length;
	int r;

	while ((r = frame_next(reader, input, &payload, &length)) > 0) {
		FUZZ_CHECK(length >= 1 && length <= FRAME_MAX);
		heard->frames++;
		heard->checksum = crc32c(heard->checksum, &length, sizeof length);
		heard->checksum = crc32c(heard->checksum, payload, length);
	}
	if (r == 0)
		FUZZ_CHECK(input->length == 0);
	FUZZ_CHECK(r == 0 || r == -EMSGSIZE);
	FUZZ_CHECK(reader->kept.cap <= FRAME_HEADER + FRAME_MAX);
	heard->ended = r;
}

static struct heard hear_in_pieces(const uint8_t *bytes, size_t size, size_t piece)
{
	struct heard heard = {0};
	struct frame_reader reader;
	size_t at = 0;

	frame_reader_init(&reader);
	while (at < size && heard.ended == 0) {
		struct frame_input input = {bytes + at, piece < size - at ? piece : size - at};

		at += input.length;
		hear(&reader, &input, &heard);
	}
	frame_reader_done(&reader);
	return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct heard whole, pieces;

	if (size < 1)
		return 0;
	whole = hear_in_pieces(bytes + 1, size - 1, size);
	pieces = hear_in_pieces(bytes + 1, size - 1, 1 + (size_t)bytes[0]);
	FUZZ_CHECK(whole.frames == pieces.frames);
	FUZZ_CHECK(whole.checksum == pieces.checksum);
	FUZZ_CHECK(whole.ended == pieces.ended);
	return 0;
}
