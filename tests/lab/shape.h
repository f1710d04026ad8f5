/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one direction of the lab's link does to packets: loses, blocks, rate-limits and delays them.
 * Pure: packets and time in, packets and due times out.
 *
 *   offer --> cut? blocked? large? lost? --> token bucket --> [ queue by due time ] --> take
 */
#ifndef PANTAU_LAB_SHAPE_H
#define PANTAU_LAB_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 2048 /* the devices' MTU is 1500 */
#define SHAPE_BLOCKS_MAX 32 /* addresses that are blocked at once */
#define SHAPE_QUEUE_MAX 4096 /* packets under way: 50 Mbit/s over a second */

enum verdict {
	VERDICT_PASS,
	VERDICT_CUT, /* the link is down */
	VERDICT_BLOCKED, /* that address or protocol is filtered */
	VERDICT_LOST, /* chance */
	VERDICT_FULL, /* the bucket's queue is full */
	VERDICT_LARGE, /* swallowed without a word */
	VERDICT_COUNT
};
const char *verdict_name(enum verdict verdict);

struct blocked {
	uint8_t length; /* 4 or 16 */
	uint8_t bytes[16];
};

struct shape {
	/* set by commands at any time */
	bool cut;
	bool no_icmp;
	uint32_t delay_us;
	uint32_t loss_ppm;
	uint64_t rate_bits_s; /* 0: without limit */
	size_t largest; /* bytes of a packet that passes; 0: all do */
	struct blocked blocks[SHAPE_BLOCKS_MAX];
	unsigned block_count;

	uint64_t seed; /* state of the generator, never 0 */
	uint64_t free_at_us; /* when the last bit of what the bucket holds will have left */
	uint64_t last_due_us; /* a shorter delay never lets a packet overtake */
	uint64_t counts[VERDICT_COUNT];
	struct packet *queue; /* ring of SHAPE_QUEUE_MAX */
	unsigned head, queued;
};

struct packet {
	uint64_t due_us;
	size_t length;
	uint8_t bytes[PACKET_MAX];
};

int shape_init(struct shape *shape, uint64_t seed);
void shape_done(struct shape *shape);
/* Copies the packet if it passes. */
enum verdict shape_offer(struct shape *shape, const uint8_t *bytes, size_t length, uint64_t now_us);
/* The next packet, whenever it is due; NULL: none is under way. Borrowed until shape_drop(). */
const struct packet *shape_peek(const struct shape *shape);
void shape_drop(struct shape *shape);
/* 0, or -ENOSPC. Blocks packets from or to the address. */
int shape_block(struct shape *shape, const struct blocked *address);
void shape_unblock(struct shape *shape, const struct blocked *address);

#endif
