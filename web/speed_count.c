/* SPDX-License-Identifier: Apache-2.0 */
#include "web/speed_count.h"

#include <string.h>

#define US_PER_S 1000000ULL
#define MINUTE_US (60 * US_PER_S)

static bool is_same(const struct speed_stream *stream, const struct speed_address *address)
{
	return memcmp(&stream->address, address, sizeof(*address)) == 0;
}

static bool may_begin(const struct speed_count *count, uint64_t nonce,
	const struct speed_address *address, uint64_t now_us)
{
	size_t running = 0, theirs = 0, recent = 0;

	for (size_t i = 0; i < SPEED_KEPT; i++) {
		const struct speed_stream *stream = &count->streams[i];

		if (!stream->used)
			continue;
		if (stream->nonce == nonce && now_us - stream->begun_us < SPEED_KEPT_S * US_PER_S)
			return false;
		running += stream->running;
		if (!address || !is_same(stream, address))
			continue;
		theirs += stream->running;
		recent += now_us - stream->begun_us < MINUTE_US;
	}
	return running < count->most && theirs < SPEED_ADDRESS_STREAMS &&
		recent < SPEED_ADDRESS_MINUTE;
}

/* The one that ended longest ago; there is one, as fewer run than there is room for. */
static struct speed_stream *find_room(struct speed_count *count)
{
	struct speed_stream *oldest = NULL;

	for (size_t i = 0; i < SPEED_KEPT; i++) {
		struct speed_stream *stream = &count->streams[i];

		if (!stream->used)
			return stream;
		if (!stream->running && (!oldest || stream->begun_us < oldest->begun_us))
			oldest = stream;
	}
	return oldest;
}

struct speed_stream *speed_count_begin(struct speed_count *count, uint64_t nonce,
	const struct speed_address *address, uint64_t now_us)
{
	struct speed_stream *stream = may_begin(count, nonce, address, now_us) ? find_room(count)
									       : NULL;

	if (!stream)
		return NULL;
	*stream = (struct speed_stream){
		.nonce = nonce, .used = true, .running = true, .begun_us = now_us};
	if (address)
		stream->address = *address;
	return stream;
}

void speed_count_move(struct speed_stream *stream, size_t bytes, uint64_t now_us)
{
	if (!stream->bytes)
		stream->first_us = now_us;
	stream->last_us = now_us;
	stream->bytes += bytes;
}

void speed_count_end(struct speed_stream *stream)
{
	if (stream)
		stream->running = false;
}

const struct speed_stream *speed_count_find(
	const struct speed_count *count, uint64_t nonce, uint64_t now_us)
{
	for (size_t i = 0; i < SPEED_KEPT; i++) {
		const struct speed_stream *stream = &count->streams[i];

		if (stream->used && stream->nonce == nonce &&
			now_us - stream->begun_us < SPEED_KEPT_S * US_PER_S)
			return stream;
	}
	return NULL;
}
