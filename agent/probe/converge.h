/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a speed test has seen enough. Takes the moments at which bytes had arrived, and looks for
 * five windows at the end of the stream that agree: slow start and a token bucket's burst lie
 * before them, and count for nothing. Pure.
 *
 *   bytes |                      ___/|        at w: the width of a window, no less than 100 ms,
 *         |                 ___/  |  |          a round trip, and eight segments' time
 *         |      burst ___/ |  |  |  |        lead: what is left out, two windows and two round
 *         |         __/  |  |  |  |  |          trips at the least
 *         |   _____/     |  |  |  |  |
 *         +--slow start--+--+--+--+--+---> time
 *          \___ lead ___/ w  w  w  w  w
 *
 * Wider windows are tried as time goes on: a link that is uneven takes longer, and one that never
 * agrees with itself is cut by the byte cap or the deadline, its figure taken from the later half.
 */
#ifndef PANTAU_AGENT_PROBE_CONVERGE_H
#define PANTAU_AGENT_PROBE_CONVERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONVERGE_POINTS 2048 /* 10 s of a point every 5 ms; then every other one is let go */

struct converge {
	uint64_t rtt_us; /* without load */
	uint32_t segment_bytes;
	uint64_t step_us; /* points lie at least that far apart */
	size_t count;
	struct converge_point {
		uint64_t at_us, bytes; /* both only grow */
	} points[CONVERGE_POINTS];
};

struct converge_figure {
	uint32_t kbps;
	bool agreed; /* false: the windows never did */
	uint64_t from_us, to_us, bytes; /* what it was taken from */
};

void converge_init(struct converge *converge, uint64_t rtt_us, uint32_t segment_bytes);
/* So many bytes had arrived in all, by then. The first call is the stream's beginning. */
void converge_take(struct converge *converge, uint64_t at_us, uint64_t bytes);
/* True when the windows agree. */
bool converge_agreed(const struct converge *converge, struct converge_figure *ret_figure);
/* The best there is: what agrees, or else the later half. False with less than two points. */
bool converge_figure(const struct converge *converge, struct converge_figure *ret_figure);

#endif
