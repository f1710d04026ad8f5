/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a session share: session.c, its life and its words; session_admit.c, whom it
 * lets in; session_talk.c, what it does with what the agent says. */
#ifndef PANTAU_COLLECTOR_INGEST_SESSION_PRIVATE_H
#define PANTAU_COLLECTOR_INGEST_SESSION_PRIVATE_H

#include "collector/ingest/session.h"

struct session {
	struct stream stream; /* first: a stream of ours is a session */
	struct hub_member member;
	LIST_ENTRY(session) paused;
	struct session_shared *shared;
	struct enrolling *enrolling; /* of a router that is no agent yet; NULL */
	struct receiver *receiver; /* once it is known who speaks */
	uint64_t serial;
	uint64_t deadline_ms;
	uint32_t agent; /* 0: not known yet */
	uint32_t waiting; /* bytes that are not durable yet */
	uint32_t entries; /* of the bytes being fed */
	uint32_t told; /* version of the configuration that it was told last */
	uint64_t tell_ms; /* when it is told the next one; 0: there is none */
	uint64_t look_ms; /* when its connection is looked at next; 0: it has not greeted */
	uint32_t said_s; /* when a debug line was last logged about its reports */
	bool is_paused;
	bool on_before; /* it came with the certificate before the present one */
	uint64_t look; /* of the watch, after which it is decided whether it is known; 0: decided */
	char wan[WAN_NAME_MAX + 1];
	char address[SESSION_ADDRESS_BYTES];
};

extern const struct stream_events session_events;

uint64_t session_now_ms(const struct session *session);
/* A warning about it, at most one a minute for each agent or address and what it did. `code`: of a
 * refusal, or 0. */
void session_complain(const struct session *session, const char *what, int code, const char *words);
/* Encrypts what is in `answers`; a peer that does not read its answers is let go. */
void session_send(struct session *session);
/* Counted, logged, told to the peer; then it ends. */
void session_refuse(struct session *session, enum refuse_code code, const char *words);
void session_end(struct session *session);
/* It speaks for its agent no more, and holds no lease. */
void session_resign(struct session *session);
/* Is what is asked of its agent news to it? Then it is told soon: not all agents in one second. */
void session_plan_telling(struct session *session);
void session_tell_if_due(struct session *session);
/* The handshake is done (session_admit.c). */
void session_ready(struct stream *stream);
/* It may speak: 0, or an enum refuse_code with words (session_talk.c). */
int session_begin(struct session *session, struct err *err);
/* Who is at the other end, for the registry. */
void session_device(const struct session *session, struct enrol_device *ret_device);
/* pantau-enrol/1 or pantau-renew/1 instead of pantau/1 (session_enrol.c). */
void session_enrol_begin(struct session *session);
void session_enrol_feed(struct session *session, const uint8_t *bytes, size_t length);
size_t session_enrol_held(const struct session *session); /* bytes of its question */
void session_enrol_done(struct session *session);
/* Now and then what the kernel says of its connection goes into the journal (session_look.c). */
void session_look_if_due(struct session *session);
bool session_may_be_read(const struct session *session);

#endif
