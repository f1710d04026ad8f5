/* SPDX-License-Identifier: Apache-2.0 */
#include "common/backoff.h"

#include <sys/random.h>

#include "common/clock.h"

void backoff_init(struct backoff *backoff, uint32_t floor_ms, uint32_t ceiling_ms)
{
	*backoff = (struct backoff){
		.floor_ms = floor_ms,
		.ceiling_ms = ceiling_ms > floor_ms ? ceiling_ms : floor_ms,
	};
	backoff_reset(backoff);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->current_ms = backoff->floor_ms;
}

void backoff_widen(struct backoff *backoff, uint32_t width_ms)
{
	if (backoff->current_ms < width_ms / 2)
		backoff->current_ms = width_ms / 2;
	if (backoff->ceiling_ms < width_ms)
		backoff->ceiling_ms = width_ms;
}

uint32_t backoff_next_within(struct backoff *backoff, uint32_t width_ms, uint32_t random)
{
	uint32_t ceiling_ms = backoff->ceiling_ms, wait_ms;

	if (width_ms > backoff->floor_ms && width_ms < ceiling_ms)
		backoff->ceiling_ms = width_ms;
	wait_ms = backoff_next(backoff, random);
	backoff->ceiling_ms = ceiling_ms;
	return wait_ms;
}

uint32_t backoff_next(struct backoff *backoff, uint32_t random)
{
	uint64_t doubled = 2 * (uint64_t)backoff->current_ms;
	uint64_t width;

	/* Doubled before the draw: the first wait has its jitter too. */
	backoff->current_ms = doubled < backoff->ceiling_ms ? (uint32_t)doubled
							    : backoff->ceiling_ms;
	width = (uint64_t)backoff->current_ms - backoff->floor_ms + 1;
	return backoff->floor_ms + (uint32_t)(random * width >> 32);
}

uint32_t backoff_draw(void)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), 0) < 0)
		return (uint32_t)clock_boot_us();
	return random;
}
