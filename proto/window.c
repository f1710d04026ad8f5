/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/window.h"

_Static_assert(RECORD_MAX <= UINT16_MAX, "window_record.length");

void window_init(struct window *window)
{
	window->first = 0;
	window->count = 0;
	window->bytes = 0;
}

static struct window_record *record_at(struct window *window, size_t index)
{
	return &window->records[(window->first + index) % WINDOW_RECORDS_MAX];
}

bool window_fits(const struct window *window, size_t records, size_t bytes)
{
	return window->count + records <= WINDOW_RECORDS_MAX &&
		window->bytes + bytes <= UNACKED_MAX_BYTES;
}

void window_launch(struct window *window, struct record_key key, size_t length)
{
	*record_at(window, window->count) = (struct window_record){
		.key = key,
		.length = (uint16_t)length,
	};
	window->count++;
	window->bytes += length;
}

void window_ack(struct window *window, uint32_t run, uint32_t up_to)
{
	size_t i;

	for (i = 0; i < window->count; i++) {
		struct window_record *record = record_at(window, i);

		if (record->key.run == run && record->key.sequence <= up_to)
			record->done = true;
	}
}

bool window_reject(struct window *window, struct record_key key)
{
	size_t i;

	for (i = 0; i < window->count; i++) {
		struct window_record *record = record_at(window, i);

		if (record->key.run == key.run && record->key.sequence == key.sequence &&
			!record->done) {
			record->done = true;
			return true;
		}
	}
	return false;
}

bool window_pop(struct window *window, struct record_key *ret_key)
{
	const struct window_record *oldest = record_at(window, 0);

	if (window->count == 0 || !oldest->done)
		return false;
	*ret_key = oldest->key;
	window->bytes -= oldest->length;
	window->first = (window->first + 1) % WINDOW_RECORDS_MAX;
	window->count--;
	return true;
}
