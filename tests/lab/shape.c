/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/shape.h"

#define BUCKET_QUEUE_US 200000 /* a home router's buffer: 200 ms at the link's rate */

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_CUT] = "cut",
		[VERDICT_BLOCKED] = "blocked",
		[VERDICT_LOST] = "lost",
		[VERDICT_FULL] = "full",
		[VERDICT_LARGE] = "large",
	};
	return names[verdict];
}

int shape_init(struct shape *shape, uint64_t seed)
{
	struct packet *queue = calloc(SHAPE_QUEUE_MAX, sizeof *queue);

	if (queue == NULL)
		return -ENOMEM;
	*shape = (struct shape){.seed = seed * 0x9E3779B97F4A7C15u | 1, .queue = queue};
	return 0;
}

void shape_done(struct shape *shape)
{
	free(shape->queue);
	*shape = (struct shape){0};
}

/* xorshift64*: the same seed loses the same packets */
static uint32_t draw_ppm(struct shape *shape)
{
	uint64_t x = shape->seed;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	shape->seed = x;
	return (uint32_t)((x * 0x2545F4914F6CDD1Du >> 32) % 1000000);
}

static bool holds(
	const struct shape *shape, const uint8_t *source, const uint8_t *target, int length)
{
	for (unsigned i = 0; i < shape->block_count; i++) {
		const struct blocked *block = &shape->blocks[i];

		if (block->length == length &&
			(memcmp(block->bytes, source, length) == 0 ||
				memcmp(block->bytes, target, length) == 0))
			return true;
	}
	return false;
}

static bool is_blocked(const struct shape *shape, const uint8_t *bytes, size_t length)
{
	if (length >= 20 && bytes[0] >> 4 == 4)
		return (shape->no_icmp && bytes[9] == IPPROTO_ICMP) ||
			holds(shape, bytes + 12, bytes + 16, 4);
	if (length >= 40 && bytes[0] >> 4 == 6)
		return (shape->no_icmp && bytes[6] == IPPROTO_ICMPV6) ||
			holds(shape, bytes + 8, bytes + 24, 16);
	return false;
}

/* When the packet's last bit leaves the bucket; 0: no room to wait in */
static uint64_t leaves_at(struct shape *shape, size_t length, uint64_t now_us)
{
	uint64_t begins_us = shape->free_at_us > now_us ? shape->free_at_us : now_us;

	if (shape->rate_bits_s == 0)
		return now_us;
	if (begins_us - now_us > BUCKET_QUEUE_US)
		return 0;
	shape->free_at_us = begins_us + length * 8 * 1000000 / shape->rate_bits_s;
	return shape->free_at_us;
}

static enum verdict judge(struct shape *shape, const uint8_t *bytes, size_t length)
{
	if (shape->cut)
		return VERDICT_CUT;
	if (is_blocked(shape, bytes, length))
		return VERDICT_BLOCKED;
	if (shape->largest && length > shape->largest)
		return VERDICT_LARGE;
	if (shape->loss_ppm > 0 && draw_ppm(shape) < shape->loss_ppm)
		return VERDICT_LOST;
	return VERDICT_PASS;
}

enum verdict shape_offer(struct shape *shape, const uint8_t *bytes, size_t length, uint64_t now_us)
{
	enum verdict verdict = judge(shape, bytes, length);
	struct packet *packet = &shape->queue[(shape->head + shape->queued) % SHAPE_QUEUE_MAX];
	uint64_t leaves_us = 0;

	if (verdict == VERDICT_PASS) {
		leaves_us = shape->queued < SHAPE_QUEUE_MAX ? leaves_at(shape, length, now_us) : 0;
		if (leaves_us == 0 || length > PACKET_MAX)
			verdict = VERDICT_FULL;
	}
	shape->counts[verdict]++;
	if (verdict != VERDICT_PASS)
		return verdict;
	packet->due_us = leaves_us + shape->delay_us;
	if (packet->due_us < shape->last_due_us)
		packet->due_us = shape->last_due_us;
	shape->last_due_us = packet->due_us;
	packet->length = length;
	memcpy(packet->bytes, bytes, length);
	shape->queued++;
	return verdict;
}

const struct packet *shape_peek(const struct shape *shape)
{
	return shape->queued > 0 ? &shape->queue[shape->head] : NULL;
}

void shape_drop(struct shape *shape)
{
	shape->head = (shape->head + 1) % SHAPE_QUEUE_MAX;
	shape->queued--;
}

static bool same_address(const struct blocked *a, const struct blocked *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

void shape_unblock(struct shape *shape, const struct blocked *address)
{
	for (unsigned i = 0; i < shape->block_count;) {
		if (same_address(&shape->blocks[i], address))
			shape->blocks[i] = shape->blocks[--shape->block_count];
		else
			i++;
	}
}

int shape_block(struct shape *shape, const struct blocked *address)
{
	shape_unblock(shape, address);
	if (shape->block_count == SHAPE_BLOCKS_MAX)
		return -ENOSPC;
	shape->blocks[shape->block_count++] = *address;
	return 0;
}
