/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/turns.h"

#include <string.h>

bool turns_greet(struct turns *turns, const uint8_t boot[BOOT_BYTES])
{
	uint64_t now;
	int at = 0;
	bool news;

	memcpy(&now, boot, sizeof(now));
	if (!now)
		return false; /* not said */
	while (at < TURNS_KEPT && turns->boots[at] != now)
		at++;
	news = at > 0 && at < TURNS_KEPT && !turns->told;
	if (at == TURNS_KEPT)
		at--; /* the oldest makes room */
	memmove(&turns->boots[1], &turns->boots[0], (size_t)at * sizeof(turns->boots[0]));
	turns->boots[0] = now;
	turns->told |= news;
	return news;
}
