/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The health of the parts of a server, asked from outside: each part answers for itself or is found
 * not to. What is wrong comes with what to do about it.
 */
#ifndef PANTAU_CLI_HEALTH_H
#define PANTAU_CLI_HEALTH_H

#include <stddef.h>

#include "collector/settings.h"

enum health_state { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };
const char *health_state_name(enum health_state state); /* "ok", "warn", "fail" */

#define HEALTH_TEXT_BYTES 320

struct health {
	const char *part; /* "disk", "registry", "ingest", ... */
	enum health_state state;
	char words[HEALTH_TEXT_BYTES]; /* what was found */
	char advice[HEALTH_TEXT_BYTES]; /* what to do; "" when nothing */
};

#define HEALTH_PARTS 16

/* Closed months: in a file of its own. */
void health_closing(const char *state, struct health *health);

/* Asks every part; takes at most a few seconds. */
void health_check(
	const char *state, const struct settings *settings, struct health ret_parts[HEALTH_PARTS]);

#endif
