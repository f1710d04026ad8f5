/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/lessons.h"

#include <errno.h>

#include "common/log.h"

#define TURNED_AWAY_MAX 8 /* tries: four minutes of a country's storm */

void lessons_init(struct lessons *lessons)
{
	*lessons = (struct lessons){.forgotten_ms = 0};
	keepalive_init(&lessons->keepalive);
}

/* The way is there, or is not: that tells what the session before died of. */
static void judge(struct lessons *lessons, bool connected)
{
	if (path_mtu_tried(&lessons->path, connected))
		log_warn(
			"large packets seem to vanish on the way: segments of %u bytes from now on",
			path_mtu_segment(&lessons->path));
	if (lessons->forgotten_ms && connected)
		keepalive_died(&lessons->keepalive, lessons->forgotten_ms);
	lessons->forgotten_ms = 0;
}

void lessons_opened(struct lessons *lessons)
{
	judge(lessons, true);
}

void lessons_ended(struct lessons *lessons, const struct session_end *end, bool refused)
{
	bool connected = end->stream.reached != STREAM_CONNECTING;

	lessons->turned_away = end->stream.turned_away ? lessons->turned_away + 1 : 0;
	if (!end->opened)
		judge(lessons, connected);
	else if (!refused)
		lessons->forgotten_ms = end->idle_ms;
	if (end->stream.error == -ETIMEDOUT && connected)
		path_mtu_silent(&lessons->path, end->stream.stuck_bytes, !end->opened);
}

uint32_t lessons_width_ms(const struct lessons *lessons, uint32_t said_s)
{
	bool soon = lessons->turned_away > 0 && lessons->turned_away <= TURNED_AWAY_MAX;

	return soon ? said_s * 1000 : 0;
}
