/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A path that swallows large packets without a word: connections are made, and whatever is larger
 * never arrives. Then the next connection keeps its segments small, and smaller if that too fails.
 *
 *   as the kernel does --> 1220 --> 536 --> as the kernel does
 *                      silent with much on its way, and the next connection is made at once
 */
#ifndef PANTAU_AGENT_CORE_PATH_MTU_H
#define PANTAU_AGENT_CORE_PATH_MTU_H

#include <stdbool.h>
#include <stddef.h>

struct path_mtu { /* opaque to others; zeroed: nothing suspected */
	unsigned step;
	bool suspected;
};

/* A connection that was made fell silent with so many bytes not received by the other side.
 * `setup`: before the session was open, where the other side's large packets may be missing. */
void path_mtu_silent(struct path_mtu *path, size_t stuck_bytes, bool setup);
/* The next attempt was connected, or was not: then it was the link that was down. Returns true
 * when segments are smaller from now on. */
bool path_mtu_tried(struct path_mtu *path, bool connected);
/* For the next connection: the largest segment, or 0 for the kernel's own. */
unsigned path_mtu_segment(const struct path_mtu *path);

#endif
