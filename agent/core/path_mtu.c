/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/path_mtu.h"

#define STUCK_BYTES 600 /* more than a small packet: a ping is 60, a report of one slot 500 */

static const unsigned segments[] = {
	0, 1220, /* IPv6's smallest MTU, without its headers */
	536, /* what IPv4 promises */
};
#define STEPS (sizeof(segments) / sizeof(segments[0]))

void path_mtu_silent(struct path_mtu *path, size_t stuck_bytes, bool setup)
{
	path->suspected = setup || stuck_bytes >= STUCK_BYTES;
}

bool path_mtu_tried(struct path_mtu *path, bool connected)
{
	bool smaller = path->suspected && connected;

	if (smaller)
		path->step = (path->step + 1) % STEPS;
	path->suspected = false;
	return smaller;
}

unsigned path_mtu_segment(const struct path_mtu *path)
{
	return segments[(path->step + path->suspected) % STEPS];
}
