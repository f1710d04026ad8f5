/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector sees of a session by itself: a fact against which the agent's own can be held.
 * It goes to the disk with the next batch, and without one when there is no room.
 */
#include <string.h>

#include "collector/ingest/session_private.h"
#include "collector/ingest/tcp_look.h"
#include "common/clock.h"

/* The first one when the agent has said what it had to say. The kernel remembers the smallest RTT
 * of five minutes: 144 looks a day see half of the day, and no second of it twice. */
#define LOOK_FIRST_MS (10 * 1000)
#define LOOK_EACH_MS (600 * 1000)

static void keep(struct session *session, const struct sighting *sighting)
{
	struct batch_entry entry = {.agent = session->agent, .sighted = true};
	uint8_t bytes[SIGHTING_BYTES_MAX];
	struct journal_record record = {
		.agent = session->agent,
		.sighted = true,
		.received_utc_us = clock_utc_us(),
		.record = bytes,
		.record_length = sighting_encode(sighting, bytes),
	};

	memcpy(record.wan, session->wan, sizeof(record.wan));
	/* without memory for it there is one the less */
	commit_add(session->shared->commit, &entry, &record);
}

void session_look_if_due(struct session *session)
{
	const struct session_shared *shared = session->shared;
	uint64_t now_ms = session_now_ms(session);
	struct sighting sighting;
	uv_os_fd_t fd;

	if (!session->agent || session->stream.state != STREAM_OPEN || !session->receiver ||
		!receiver_greeted(session->receiver))
		return;
	if (!session->look_ms)
		session->look_ms = now_ms + LOOK_FIRST_MS;
	if (now_ms < session->look_ms || shared->stopping || commit_full(shared->commit))
		return;
	session->look_ms = now_ms + LOOK_EACH_MS;
	if (uv_fileno((uv_handle_t *)&session->stream.tcp, &fd) == 0 &&
		tcp_look(fd, &sighting) == 0)
		keep(session, &sighting);
}
