/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/frame.h"

#include <errno.h>

#include "proto/limits.h"

void frame_reader_init(struct frame_reader *reader)
{
	buf_init(&reader->kept, FRAME_HEADER + FRAME_MAX);
	reader->handed_out = false;
}

void frame_reader_done(struct frame_reader *reader)
{
	buf_done(&reader->kept);
}

void frame_put_header(uint8_t *header, size_t length)
{
	header[0] = (uint8_t)(length >> 24);
	header[1] = (uint8_t)(length >> 16);
	header[2] = (uint8_t)(length >> 8);
	header[3] = (uint8_t)length;
}

/* The frame's size with its header; 0 while the header is not whole; -EMSGSIZE. */
static int32_t frame_size(const uint8_t *bytes, size_t length)
{
	uint32_t payload;

	if (length < FRAME_HEADER)
		return 0;
	payload = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
		bytes[3];
	if (payload == 0 || payload > FRAME_MAX)
		return -EMSGSIZE;
	return (int32_t)(FRAME_HEADER + payload);
}

/* Moves bytes from the input until `wanted` are kept, or the input is used up. */
static int keep(struct frame_reader *reader, struct frame_input *input, size_t wanted)
{
	size_t missing = wanted - buf_length(&reader->kept);
	size_t taken = missing < input->length ? missing : input->length;
	int failed;

	if (taken == 0)
		return 0;
	failed = buf_append(&reader->kept, input->bytes, taken);
	if (failed)
		return failed;
	input->bytes += taken;
	input->length -= taken;
	return 0;
}

/* The frame that was begun earlier. */
static int join(struct frame_reader *reader, struct frame_input *input, const uint8_t **ret_payload,
	size_t *ret_length)
{
	int32_t size;
	int failed;

	if (buf_length(&reader->kept) < FRAME_HEADER) {
		failed = keep(reader, input, FRAME_HEADER);
		if (failed)
			return failed;
	}
	size = frame_size(buf_peek(&reader->kept), buf_length(&reader->kept));
	if (size <= 0)
		return size;
	failed = keep(reader, input, (size_t)size);
	if (failed)
		return failed;
	if (buf_length(&reader->kept) < (size_t)size)
		return 0;
	reader->handed_out = true;
	*ret_payload = buf_peek(&reader->kept) + FRAME_HEADER;
	*ret_length = (size_t)size - FRAME_HEADER;
	return 1;
}

int frame_next(struct frame_reader *reader, struct frame_input *input, const uint8_t **ret_payload,
	size_t *ret_length)
{
	int32_t size;

	if (reader->handed_out) {
		buf_clear(&reader->kept);
		buf_release(&reader->kept);
		reader->handed_out = false;
	}
	if (buf_length(&reader->kept) > 0)
		return join(reader, input, ret_payload, ret_length);
	size = frame_size(input->bytes, input->length);
	if (size < 0)
		return size;
	if (size == 0 || (size_t)size > input->length)
		return keep(reader, input, input->length);
	*ret_payload = input->bytes + FRAME_HEADER;
	*ret_length = (size_t)size - FRAME_HEADER;
	input->bytes += size;
	input->length -= (size_t)size;
	return 1;
}
