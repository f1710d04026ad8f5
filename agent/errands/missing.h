/* SPDX-License-Identifier: Apache-2.0 */
/* A router without the helper says so once a day and WAN: each time would be noise, never a
 * riddle. */
#ifndef PANTAU_AGENT_ERRANDS_MISSING_H
#define PANTAU_AGENT_ERRANDS_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/settings/settings.h"

struct missing {
	uint64_t told_us[SETTINGS_WANS]; /* 0: never */
};

/* True when a day has gone by since it was told last; then it counts as told. */
bool missing_is_news(struct missing *missing, size_t wan);

#endif
