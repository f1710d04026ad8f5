/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the web's endpoint for speed tests moved, stream by stream (docs/SPEED.md): the server's own
 * word, against which an agent's is held (docs/WITNESS.md). The web appends a line to the file of
 * the UTC day, STATE/speed/2026-01-15, when a stream ends:
 *
 *	7123456789abcdef down 1768435200 1048576	nonce, direction, when it ended (UTC), bytes
 *
 * A line without its end is none: half a number accuses an honest agent. Nothing that is counted
 * hangs on it: a line that is lost is a test that is compared with nothing.
 */
#ifndef PANTAU_STORE_SERVED_H
#define PANTAU_STORE_SERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define SERVED_KEPT_DAYS 100 /* as other sightings: late records of an agent come within seven */

struct served {
	uint64_t nonce;
	bool down; /* from the server to the agent */
	int64_t ended_s; /* UTC */
	int64_t bytes; /* of content; down: sent, or as far as TCP knows what arrived */
};

#define SERVED_PUT_MAX 64 /* in one go: 6 KiB */

/* The first of them that ended on one day, as whole lines or not at all: *ret_put, at least one.
 * Makes the folder, and forgets old days, when there is need. -EFBIG: the day's file is full. One
 * process writes. */
int served_put(const char *state, const struct served *items, size_t count, size_t *ret_put,
	struct err *err);
/* The one of the test that began about then. -ENOENT: none that is known. */
int served_find(const char *state, uint64_t nonce, int64_t began_s, struct served *ret_served);

#endif
