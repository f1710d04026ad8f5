/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One agent's connection: who it is, what it says, what it is told.
 *
 *   TLS done -> known to the roster? -> HELLO -> WELCOME -> REPORT ... batch ... ACK
 *                    \_ REFUSE _______/
 *
 * A session frees itself in its last close callback.
 */
#ifndef PANTAU_COLLECTOR_INGEST_SESSION_H
#define PANTAU_COLLECTOR_INGEST_SESSION_H

#include "collector/ingest/attempts.h"
#include "collector/ingest/backlog.h"
#include "collector/ingest/commit.h"
#include "collector/ingest/counters.h"
#include "collector/ingest/enrol.h"
#include "collector/ingest/follow.h"
#include "collector/ingest/hub.h"
#include "collector/ingest/leases.h"
#include "collector/ingest/stream.h"
#include "collector/ingest/watch.h"
#include "collector/quiet.h"
#include "collector/settings.h"
#include "proto/receiver.h"

/* Bytes of one session that may wait for the disk: an agent has UNACKED_MAX_BYTES in flight. */
#define SESSION_WAITING_MAX (128 * 1024)
#define SESSION_LINGER_MS 3000 /* for the peer to read our last words */
#define SESSION_ADDRESS_BYTES 64

struct session;
LIST_HEAD(session_list, session);

/* What all sessions share, borrowed from the program; outlives them. */
struct session_shared {
	struct stream_shared stream;
	const struct settings *settings;
	struct watch *watch;
	struct hub *hub;
	struct commit *commit;
	struct progress *progress;
	struct leases *leases;
	struct follow *follow;
	struct backlog *backlog;
	struct attempts attempts;
	struct enrol *enrol; /* taken: freed by session_shared_done() */
	struct counters *counters;
	struct quiet quiet;
	struct receiver_clock clock; /* trusted and error: set once a second */
	/* Not read now: the disk is behind, or the roster is looked at. */
	struct session_list paused;
	struct buf answers; /* plain bytes on their way into a session's engine */
	uint64_t next_serial;
	bool stopping; /* nothing more is read */
};

void session_shared_init(struct session_shared *shared);
void session_shared_done(struct session_shared *shared);

/* Accepts the listener's next connection. -ENOMEM: it still waits. */
int session_accept(struct session_shared *shared, uv_stream_t *server);

/* Of the hub's members, which are all sessions. */
struct session *session_of(struct hub_member *member);
uint64_t session_serial(const struct session *session);

/* An entry of its own is durable; one that was rejected: queues a REJECT. */
void session_settle(struct session *session, const struct batch_entry *entry);
/* The run is durable up to here: queues an ACK if that is news. Flush when the batch is through. */
void session_acknowledge(struct session *session, uint32_t run, uint32_t up_to);
void session_flush(struct session *session);
/* Reads those again that may be read. */
void session_resume_paused(struct session_shared *shared);
/* The roster was looked at: decides about those that wait for it. */
void session_decide_waiting(struct session_shared *shared);

/* For hub_each(), with the shared struct as `arg`. */
void session_check_deadline(void *arg, struct hub_member *member);
void session_check_roster(void *arg, struct hub_member *member);
/* What lay in the journal is known now: ACKs for those that were told less. */
void session_tell_progress(void *arg, struct hub_member *member);
void session_end_all(void *arg, struct hub_member *member);
void session_close_all(void *arg, struct hub_member *member);

#endif
