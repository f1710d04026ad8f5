/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's half of the conversation, pure: frames in, frames out, no socket and no clock.
 *
 *   sender_begin -> HELLO          WELCOME -> skip what is safe, then stream the spool in order
 *   ACK -> source.acked()          REJECT -> source.acked() past it, and counted
 *   sender_ping -> PING            PONG, WELCOME.time -> sender_events.time()
 *   sender_lease_request, ..._return   LEASE -> sender_events.lease()
 *   sender_following -> FOLLOWING  WELCOME.configuration, CONFIGURATION
 *                                  -> sender_events.configured()
 *
 * At most UNACKED_MAX_BYTES are in flight.
 */
#ifndef PANTAU_PROTO_SENDER_H
#define PANTAU_PROTO_SENDER_H

#include "common/buf.h"
#include "common/err.h"
#include "proto/codec.h"

/* Where records come from: the spool. Records come in order of (run, sequence). */
struct sender_source {
	void *arg;
	/* The runs held, at most RUNS_MAX, oldest first; returns how many. */
	size_t (*runs)(void *arg, struct held_run *ret_runs);
	/* Goes back to the oldest record. */
	void (*rewind)(void *arg);
	/* 1: the next record, bytes borrowed until the next call. 0: none for now. */
	int (*next)(void *arg, struct entry *ret_entry);
	/* Every record of the run up to this one is safe. */
	void (*acked)(void *arg, uint32_t run, uint32_t up_to);
};

struct sender_events {
	void *arg;
	/* Four timestamps: echo and now on the agent's monotonic clock, two of the collector's. */
	void (*time)(void *arg, const struct time_answer *answer, uint64_t now_us);
	void (*rejected)(void *arg, struct record_key key, int code, const char *text);
	void (*refused)(void *arg, int code, const char *text);
	/* The last two may be NULL. With WELCOME, and when it changes: what is asked of the agent
	 * (version 0: nothing came; text borrowed during the call). The session goes on after it:
	 * end it later. */
	void (*configured)(void *arg, const struct configuration *configuration);
	/* The answer to a request. A collector without leases gives none: the asker's care. */
	void (*lease)(void *arg, const struct lease *lease);
};

struct sender;

/* Copies both tables. */
int sender_new(const struct sender_source *source, const struct sender_events *events,
	struct sender **ret_sender);
void sender_free(struct sender *sender);

struct sender_greeting { /* borrowed during sender_begin only */
	const char *software, *wan; /* wan: "" when it is not known */
	const uint8_t *boot; /* BOOT_BYTES */
	uint64_t now_us;
	uint32_t configuration; /* version followed; 0: the file alone */
	uint32_t configuration_refused; /* version not taken, or given up; 0: none */
	const char *configuration_trouble; /* why, or NULL; cut to what travels */
};

/* A new connection: forgets the last one, writes HELLO into `out`. */
int sender_begin(struct sender *sender, const struct sender_greeting *greeting, struct buf *out);
/* Bytes from the collector. -EPROTO with words: close the connection. */
int sender_feed(
	struct sender *sender, const void *bytes, size_t length, uint64_t now_us, struct err *err);
/* Writes as many REPORTs as the window and `out` allow; call after feed and after new records.
 * -ESTALE: the source has a run that HELLO did not name; begin anew. -EMSGSIZE: a record over
 * RECORD_MAX. */
int sender_pump(struct sender *sender, struct buf *out);
int sender_ping(struct sender *sender, uint64_t now_us, struct buf *out);
/* May a speed test run over this WAN? `number`: 1 or more, of the caller's choosing. -ENOTCONN
 * unless welcomed. What is held ends with the session. */
int sender_lease_request(struct sender *sender, uint32_t number, const char *wan, struct buf *out);
int sender_lease_return(struct sender *sender, uint32_t number, struct buf *out);
struct sender_following { /* as in the greeting */
	uint32_t version, refused;
	const char *trouble;
};
/* What the greeting said of the configuration has changed. -ENOTCONN unless welcomed. */
int sender_following(
	struct sender *sender, const struct sender_following *following, struct buf *out);
bool sender_welcomed(const struct sender *sender);
/* Within how long the last WELCOME wants it back when the session is lost. 0: it did not say. */
uint32_t sender_comeback_s(const struct sender *sender);
size_t sender_unacked(const struct sender *sender); /* records in flight */

#endif
