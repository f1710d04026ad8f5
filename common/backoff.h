/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long to wait before the next try: doubles up to a ceiling, with full jitter (a value drawn
 * evenly from [floor, current ceiling]), so that a thousand routers do not come back together.
 * Pure: randomness is handed in.
 */
#ifndef PANTAU_COMMON_BACKOFF_H
#define PANTAU_COMMON_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint32_t floor_ms, ceiling_ms, current_ms;
};

void backoff_init(struct backoff *backoff, uint32_t floor_ms, uint32_t ceiling_ms);
void backoff_reset(struct backoff *backoff);
/* The next wait is drawn from so wide a span at least, whatever the ceiling. */
void backoff_widen(struct backoff *backoff, uint32_t width_ms);
/* The wait before the next try, in ms; `random` is any 32 random bits. */
uint32_t backoff_next(struct backoff *backoff, uint32_t random);
/* The same, from a span no wider than this; 0: as wide as it is by itself. */
uint32_t backoff_next_within(struct backoff *backoff, uint32_t width_ms, uint32_t random);

/* A random number for the above; of the clock when the kernel has none yet. */
uint32_t backoff_draw(void);

#endif
