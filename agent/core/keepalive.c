/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/keepalive.h"

#define TRUST 100 /* survived so often, the way may have changed: try longer again */

void keepalive_init(struct keepalive *keepalive)
{
	*keepalive = (struct keepalive){.idle_ms = KEEPALIVE_FIRST_MS};
}

uint64_t keepalive_idle_ms(const struct keepalive *keepalive)
{
	return keepalive->idle_ms;
}

/* A quarter below what failed: timers on both sides are not exact. */
static uint64_t dared_ms(const struct keepalive *keepalive)
{
	uint64_t below_ms = keepalive->failed_ms / 4 * 3;

	if (!keepalive->failed_ms || below_ms > KEEPALIVE_MAX_MS)
		return KEEPALIVE_MAX_MS;
	return below_ms < KEEPALIVE_MIN_MS ? KEEPALIVE_MIN_MS : below_ms;
}

void keepalive_survived(struct keepalive *keepalive, uint64_t idle_ms)
{
	uint64_t most_ms = dared_ms(keepalive);

	if (idle_ms < keepalive->idle_ms)
		return; /* as short as that was known to work */
	if (keepalive->idle_ms < most_ms) {
		uint64_t longer_ms = keepalive->idle_ms * 2;

		keepalive->idle_ms = longer_ms < most_ms ? longer_ms : most_ms;
		return;
	}
	if (++keepalive->survived < TRUST)
		return;
	keepalive->survived = 0;
	keepalive->failed_ms = 0;
}

void keepalive_died(struct keepalive *keepalive, uint64_t idle_ms)
{
	uint64_t half_ms = idle_ms / 2;

	if (idle_ms < KEEPALIVE_MIN_MS)
		return; /* no patience is that short: it died of something else */
	if (half_ms < KEEPALIVE_MIN_MS)
		half_ms = KEEPALIVE_MIN_MS;
	if (half_ms < keepalive->idle_ms)
		keepalive->idle_ms = half_ms;
	keepalive->failed_ms = idle_ms;
	keepalive->survived = 0;
}
