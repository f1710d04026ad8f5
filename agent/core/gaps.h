/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of one run that were lost, as ranges with the time that they covered. A range that
 * was handed out may be known to the collector: it never grows again.
 */
#ifndef PANTAU_AGENT_CORE_GAPS_H
#define PANTAU_AGENT_CORE_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beyond this a new gap joins its neighbour even if that was handed out: bounds the memory of a
 * spool whose disk fails record by record. */
#define GAPS_MAX 16

struct held_span { /* the time that records cover, monotonic */
	uint64_t from_us, to_us;
};

struct gap {
	uint32_t first, last;
	struct held_span span;
	bool handed_out;
};

struct gaps { /* by rising number */
	size_t count;
	struct gap gaps[GAPS_MAX];
};

/* Joined with the one that ends just before it, or of its own. */
void gaps_add(struct gaps *gaps, const struct gap *gap);
/* Numbers in [from, to) that are in no gap come into one; returns how many. */
uint32_t gaps_fill(struct gaps *gaps, uint32_t from, uint32_t to, struct held_span span);
/* Everything up to here is acknowledged: gaps up to here are removed, one across it is cut.
 * Those that begin above `keep_from` are kept whole: records before them may be wanted again,
 * and the numbers between must then be accounted for. */
void gaps_settle(struct gaps *gaps, uint32_t acked, uint32_t keep_from);
/* The gap that contains the number; NULL. */
struct gap *gaps_find(struct gaps *gaps, uint32_t sequence);

#endif
