/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/profile.h"

#include <stddef.h>
#include <string.h>

static const struct profile profiles[KIND_COUNT] = {
	[KIND_FIBRE] = {.rtt_ms = 21,
		.spread_ms = 1.5,
		.loss_pct = 0.05,
		.evening_ms = 4,
		.evening_loss_pct = 0.1,
		.evening_speed_pct = 88,
		.speed_pct = 97,
		.outages_week = 0.7,
		.outage_min = 45,
		.power_week = 0.5,
		.power_min = 50,
		.restarts_week = 0.1},
	[KIND_4G] = {.rtt_ms = 42,
		.spread_ms = 14,
		.loss_pct = 0.6,
		.evening_ms = 45,
		.evening_loss_pct = 2,
		.evening_speed_pct = 45,
		.speed_pct = 90,
		.outages_week = 1.6,
		.outage_min = 30,
		.power_week = 0.8,
		.power_min = 60,
		.restarts_week = 0.3},
	[KIND_VSAT] = {.rtt_ms = 590,
		.spread_ms = 35,
		.loss_pct = 0.8,
		.evening_ms = 120,
		.evening_loss_pct = 1.5,
		.evening_speed_pct = 60,
		.speed_pct = 92,
		.outages_week = 2.2,
		.outage_min = 25,
		.power_week = 1.2,
		.power_min = 90,
		.restarts_week = 0.3},
	[KIND_STARLINK] = {.rtt_ms = 34,
		.spread_ms = 9,
		.loss_pct = 0.4,
		.evening_ms = 12,
		.evening_loss_pct = 0.6,
		.evening_speed_pct = 75,
		.speed_pct = 96,
		.outages_week = 1.0,
		.outage_min = 9,
		.power_week = 1.2,
		.power_min = 80,
		.restarts_week = 0.2},
	[KIND_WIRELESS] = {.rtt_ms = 28,
		.spread_ms = 6,
		.loss_pct = 0.4,
		.evening_ms = 20,
		.evening_loss_pct = 1,
		.evening_speed_pct = 65,
		.speed_pct = 94,
		.outages_week = 1.4,
		.outage_min = 40,
		.power_week = 0.8,
		.power_min = 60,
		.restarts_week = 0.2},
};

#define FIELD(name)                                   \
	{                                             \
#name, offsetof(struct profile, name) \
	}

static const struct {
	const char *name;
	size_t offset;
} fields[] = {FIELD(rtt_ms), FIELD(spread_ms), FIELD(loss_pct), FIELD(evening_ms),
	FIELD(evening_loss_pct), FIELD(evening_speed_pct), FIELD(speed_pct), FIELD(outages_week),
	FIELD(outage_min), FIELD(power_week), FIELD(power_min), FIELD(restarts_week)};

void profile_init(struct profile *profile, enum kind kind)
{
	*profile = profiles[kind];
}

double *profile_field(struct profile *profile, const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(name, fields[i].name) == 0)
			return (double *)(void *)((char *)profile + fields[i].offset);
	return NULL;
}
