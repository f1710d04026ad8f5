/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often the links of a provider or kecamatan usually fall: falls and link-seconds, both
 * forgotten with time, so that the last month counts most. What falls_group() measures chance by.
 * Pure.
 */
#ifndef PANTAU_ALERT_HABIT_H
#define PANTAU_ALERT_HABIT_H

#include "collector/incident/atlas.h"

#define HABIT_MEMORY_S (28.0 * 86400.0) /* after so long a fall weighs 1/e */

struct habit {
	char *key; /* the scope's; owned */
	double falls, link_s;
};

struct habits {
	struct habit *items[FALL_SCOPES]; /* in the atlas's order */
	struct fall_rate *rates[FALL_SCOPES]; /* the same, for falls_group() */
	uint32_t count[FALL_SCOPES];
};

/* Another atlas: what was learned of a place stays with it. 0 or -ENOMEM: then nothing changed. */
int habits_follow(struct habits *habits, const struct atlas *atlas);
void habits_done(struct habits *habits);

/* `seconds` have passed. Afterwards the falls of that time are told, one by one. */
void habits_pass(struct habits *habits, double seconds);
void habits_fall(struct habits *habits, const struct fall *fall);
/* Brings the rates up to date. */
void habits_rate(struct habits *habits);
/* What was learned before; a key that the atlas does not have is forgotten. */
void habits_restore(
	struct habits *habits, enum fall_scope scope, const char *key, double falls, double link_s);

#endif
