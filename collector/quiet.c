/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/quiet.h"

#include <string.h>

void quiet_init(struct quiet *quiet)
{
	memset(quiet, 0, sizeof(*quiet));
}

/* FNV-1a; never 0. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return hash ? hash : 1;
}

static bool has_budget(struct quiet *quiet, uint64_t now_ms)
{
	if (quiet->second != now_ms / 1000) {
		quiet->second = now_ms / 1000;
		quiet->lines = 0;
	}
	return quiet->lines < QUIET_LINES_PER_S;
}

bool quiet_allows(struct quiet *quiet, const char *topic, uint64_t now_ms, uint64_t *ret_held_back)
{
	uint64_t hash = hash_of(topic);
	struct quiet_topic *known = &quiet->topics[hash % QUIET_TOPICS];

	if (known->hash != hash)
		*known = (struct quiet_topic){.hash = hash};
	else if (known->spoke_ms && now_ms - known->spoke_ms < QUIET_PERIOD_MS) {
		known->held_back++;
		return false;
	}
	if (!has_budget(quiet, now_ms)) {
		known->held_back++;
		return false;
	}
	quiet->lines++;
	*ret_held_back = known->held_back;
	known->held_back = 0;
	known->spoke_ms = now_ms;
	return true;
}
