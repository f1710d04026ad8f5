/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worst that a frame of 64 KiB can make protobuf-c take: every message of the protocol that can
 * be reached, filled with the smallest items of every list it has, with every message that such an
 * item can hold, and with fields nobody knows. First without a limit, to see how far it blows up;
 * then as the codec reads it, with every allocation counted.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <protobuf-c/protobuf-c.h>

#include "proto/codec.h"
#include "proto/codec_quick.h"
#include "proto/limits.h"

#define DEPTH_MAX 5
#define ITEM_MAX 32 /* bytes */
#define UNKNOWN_FIELD 15

extern const ProtobufCMessageDescriptor pantau__v1__from_agent__descriptor,
	pantau__v1__from_collector__descriptor, pantau__v1__record__descriptor;

/* ---- what is allocated: the linker hands us every call of the codec */

void *__real_malloc(size_t size);
void __real_free(void *bytes);
void *__wrap_malloc(size_t size);
void __wrap_free(void *bytes);

static size_t heap, heap_peak;

void *__wrap_malloc(size_t size)
{
	void *bytes = __real_malloc(size);

	heap += malloc_usable_size(bytes);
	heap_peak = heap > heap_peak ? heap : heap_peak;
	return bytes;
}

void __wrap_free(void *bytes)
{
	heap -= bytes ? malloc_usable_size(bytes) : 0;
	__real_free(bytes);
}

static void *take(void *arg, size_t size)
{
	return __wrap_malloc(size);
}

static void give(void *arg, void *bytes)
{
	__wrap_free(bytes);
}

/* ---- one message */

struct search {
	const char *name;
	const ProtobufCMessageDescriptor *root;
	size_t size; /* of the longest that is read */
	int (*decode)(const void *bytes, size_t length);
	uint32_t path[DEPTH_MAX]; /* fields from the root to what is filled */
	size_t depth;
	size_t tried, worst, worst_bounded; /* bytes */
	char worst_name[128]; /* by the numbers of its fields */
};

static size_t put_varint(uint8_t *to, size_t value)
{
	size_t length = 0;

	for (; value >= 0x80; value >>= 7)
		to[length++] = (uint8_t)(value | 0x80);
	to[length++] = (uint8_t)value;
	return length;
}

/* The path's headers, and then nothing but this item. */
static size_t fill(const struct search *search, const uint8_t *item, size_t item_length,
	uint8_t frame[FRAME_MAX])
{
	size_t at = 0, rest = search->size;

	for (size_t i = 0; i < search->depth; i++) {
		uint8_t length[8];
		size_t width = put_varint(length, rest);

		at += put_varint(frame + at, search->path[i] << 3 | 2);
		rest = search->size - at - width;
		put_varint(length, rest - rest % item_length);
		memcpy(frame + at, length, width);
		at += width;
	}
	for (; at + item_length <= search->size; at += item_length)
		memcpy(frame + at, item, item_length);
	return at;
}

static size_t cost_without_limit(const struct search *search, const uint8_t *bytes, size_t length)
{
	ProtobufCAllocator allocator = {.alloc = take, .free = give};
	ProtobufCMessage *message;

	heap = heap_peak = 0;
	message = protobuf_c_message_unpack(search->root, &allocator, length, bytes);
	protobuf_c_message_free_unpacked(message, &allocator);
	assert_int_equal(heap, 0);
	return heap_peak;
}

/* "1.3 all 0a00" */
static void name_worst(struct search *search, const uint8_t *item, size_t length)
{
	char *at = search->worst_name;

	for (size_t i = 0; i < search->depth; i++)
		at += sprintf(at, "%s%u", i ? "." : "", search->path[i]);
	at += sprintf(at, " all ");
	for (size_t i = 0; i < length; i++)
		at += sprintf(at, "%02x", item[i]);
}

static void try_item(struct search *search, const uint8_t *item, size_t length)
{
	static uint8_t frame[FRAME_MAX];
	size_t size = fill(search, item, length, frame), cost;

	cost = cost_without_limit(search, frame, size);
	search->tried++;
	if (cost > search->worst) {
		search->worst = cost;
		name_worst(search, item, length);
	}
	heap = heap_peak = 0;
	search->decode(frame, size);
	assert_int_equal(heap, 0);
	if (heap_peak > search->worst_bounded)
		search->worst_bounded = heap_peak;
}

/* ---- all of them */

static bool is_message(const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE;
}

/* The item holds a field of this message, which holds another one, and so on. */
static void grow_item(struct search *search, const ProtobufCMessageDescriptor *message,
	const uint8_t *inner, size_t inner_length)
{
	uint8_t item[ITEM_MAX];

	for (unsigned i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];
		size_t length = put_varint(item, field->id << 3 | (is_message(field) ? 2 : 0));

		if (inner_length == 0 || is_message(field)) {
			length += put_varint(item + length, inner_length);
			if (inner_length > 0)
				memcpy(item + length, inner, inner_length);
			try_item(search, item, length + inner_length);
		}
	}
}

static void search_message(struct search *search, const ProtobufCMessageDescriptor *message)
{
	static const uint8_t unknown[] = {UNKNOWN_FIELD << 3, 0};

	grow_item(search, message, NULL, 0);
	try_item(search, unknown, sizeof(unknown));
	for (unsigned i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];
		const ProtobufCMessageDescriptor *within = field->descriptor;

		if (!is_message(field))
			continue;
		for (unsigned k = 0; k < within->n_fields; k++) {
			const ProtobufCFieldDescriptor *inner = &within->fields[k];
			uint8_t item[ITEM_MAX];
			size_t length = put_varint(
				item, inner->id << 3 | (is_message(inner) ? 2 : 0));

			item[length++] = 0;
			grow_item(search, message, item, length);
		}
		if (search->depth == DEPTH_MAX)
			continue;
		search->path[search->depth++] = field->id;
		search_message(search, within);
		search->depth--;
	}
}

static int decode_from_agent(const void *bytes, size_t length)
{
	static struct message message;

	return codec_from_agent_decode(bytes, length, &message, NULL);
}

static int decode_from_collector(const void *bytes, size_t length)
{
	static struct message message;

	return codec_from_collector_decode(bytes, length, &message, NULL);
}

static int decode_record(const void *bytes, size_t length)
{
	static struct record record;

	return codec_plain_record(bytes, length, &record, NULL);
}

static void check(struct search search)
{
	search_message(&search, search.root);
	printf("%s: %zu messages of %zu KiB; %s blows up %zu times, and is held at %zu KiB\n",
		search.name, search.tried, search.size / 1024, search.worst_name,
		search.worst / search.size, search.worst_bounded / 1024);
	assert_true(search.worst > UNPACK_BUDGET); /* there is something to be held */
	assert_true(search.worst <= 100 * search.size); /* as limits.h says */
	assert_true(search.worst_bounded > 0 && search.worst_bounded <= UNPACK_BUDGET);
}

static void the_worst_of_an_agent_is_held(void **state)
{
	check((struct search){
		"FromAgent", &pantau__v1__from_agent__descriptor, FRAME_MAX, decode_from_agent});
}

static void the_worst_of_a_collector_is_held(void **state)
{
	check((struct search){"FromCollector", &pantau__v1__from_collector__descriptor, FRAME_MAX,
		decode_from_collector});
}

static void the_worst_record_is_held(void **state)
{
	check((struct search){
		"Record", &pantau__v1__record__descriptor, RECORD_MAX, decode_record});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_of_an_agent_is_held),
		cmocka_unit_test(the_worst_of_a_collector_is_held),
		cmocka_unit_test(the_worst_record_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
