/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/pauses.h"

#include <sys/random.h>

#define MS_PER_S 1000

/* Any number from `least` to `most`; the middle when nothing is random here. */
static uint64_t draw(uint64_t least, uint64_t most)
{
	uint32_t bits = UINT32_MAX / 2;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) != sizeof(bits))
		bits = UINT32_MAX / 2;
	return least + (most - least) * bits / UINT32_MAX;
}

uint64_t pauses_first_ms(long long interval_s)
{
	uint64_t interval_ms = (uint64_t)interval_s * MS_PER_S;

	return draw(interval_ms / 12, interval_ms / 2);
}

uint64_t pauses_next_ms(long long interval_s)
{
	uint64_t interval_ms = (uint64_t)interval_s * MS_PER_S;

	return draw(interval_ms - interval_ms / 5, interval_ms + interval_ms / 5);
}
