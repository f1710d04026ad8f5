/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/cause.h"

#include <stddef.h>
#include <string.h>

static const char *const down_names[DOWN_CAUSE_COUNT] = {
	[DOWN_LOCAL] = "local",
	[DOWN_CPE] = "cpe",
	[DOWN_ACCESS] = "access",
	[DOWN_PROVIDER] = "provider",
	[DOWN_UPSTREAM] = "upstream",
};

static const char *const unknown_names[UNKNOWN_CAUSE_COUNT] = {
	[UNKNOWN_POWER] = "power",
	[UNKNOWN_RESTART] = "restart",
	[UNKNOWN_AGENT] = "agent",
	[UNKNOWN_DROPPED] = "dropped",
	[UNKNOWN_CLOCK] = "clock",
	[UNKNOWN_LOCAL] = "local",
	[UNKNOWN_DISPUTED] = "disputed",
	[UNKNOWN_EDGE] = "edge",
	[UNKNOWN_SILENT] = "silent",
};

const char *down_cause_name(enum down_cause cause)
{
	return cause < DOWN_CAUSE_COUNT ? down_names[cause] : "?";
}

const char *unknown_cause_name(enum unknown_cause cause)
{
	return cause < UNKNOWN_CAUSE_COUNT ? unknown_names[cause] : "?";
}

int down_cause_parse(const char *name)
{
	for (size_t i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (!strcmp(name, down_names[i]))
			return (int)i;
	}
	return -1;
}
