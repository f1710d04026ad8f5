/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector's half of the conversation with one agent, pure: frames in, frames out.
 *
 *     feed ---> HELLO  -> owner.durable() per run  -> WELCOME
 *          ---> REPORT -> each entry is checked    -> owner.entry() (sound or not: both are kept)
 *                         ... the owner makes it durable ...
 *          ---> FOLLOWING              -> owner.following()
 *          ---> LEASE_REQUEST          -> owner.lease_request() -> LEASE
 *     receiver_committed(run, up_to) -> ACK        receiver_rejected(key) -> REJECT
 */
#ifndef PANTAU_PROTO_RECEIVER_H
#define PANTAU_PROTO_RECEIVER_H

#include "common/buf.h"
#include "common/err.h"
#include "proto/codec.h"

struct receiver_owner {
	void *arg;
	/* The highest sequence up to which all of the run from `first` on is durable; first - 1 if
	 * nothing is. Called once a run, in HELLO, and by receiver_recheck(). */
	uint32_t (*durable)(void *arg, const struct held_run *held);
	/* One entry. code: 0, or an enum reject_code with `why`; a gap record stands for all up to
	 * entry->last. The bytes are borrowed. A negative return (e.g. -ENOSPC) ends the session
	 * with REFUSE_BUSY. */
	int (*entry)(void *arg, const struct entry *entry, const struct held_run *held, int code,
		const char *why);
	/* HELLO was taken. */
	void (*hello)(void *arg, const struct hello *hello);
	/* The last four may be NULL. What WELCOME asks of the agent: `ret_configuration` comes as
	 * all 0 (nothing), its text is borrowed until the owner is called again. After hello(). */
	void (*configuration)(void *arg, struct configuration *ret_configuration);
	/* May a speed test run over this WAN? `ret_lease` comes as refused, with its number. */
	void (*lease_request)(void *arg, const char *wan, struct lease *ret_lease);
	/* It is over. All that a session holds are over with the session, which nobody says. */
	void (*lease_return)(void *arg, uint32_t number);
	/* What HELLO said of the configuration has changed. */
	void (*following)(void *arg, const struct following *following);
	uint32_t comeback_s; /* WELCOME says so; 0: nothing */
};

struct receiver;

/* Copies the table. */
int receiver_new(const struct receiver_owner *owner, struct receiver **ret_receiver);
void receiver_free(struct receiver *receiver);
/* Bytes that the peer made it hold, by a frame that is not whole yet and by its HELLO. */
size_t receiver_held(const struct receiver *receiver);

/* The collector's clock at the moment bytes were read and will be answered. `trusted` false: no
 * time is given. */
struct receiver_clock {
	bool trusted;
	int64_t utc_us;
	uint32_t error_us;
};

struct receiver_input {
	const void *bytes; /* borrowed */
	size_t length;
	const struct receiver_clock *clock;
};

/* Bytes from the agent; answers are appended to `out`. Negative with words (-EPROTO: the agent
 * broke the protocol; others: the collector's own trouble): send what is in `out` (a REFUSE) and
 * close. */
int receiver_feed(struct receiver *receiver, const struct receiver_input *input, struct buf *out,
	struct err *err);
/* All of the run's records up to here are on disk: appends an ACK if that is news. Runs that HELLO
 * did not name are ignored. */
int receiver_committed(struct receiver *receiver, uint32_t run, uint32_t up_to, struct buf *out);
/* More may be known to be durable than HELLO was told: asks again of each run, and appends the ACKs
 * that are news. */
int receiver_recheck(struct receiver *receiver, struct buf *out);
/* The rejected record is on disk (kept and counted): appends a REJECT. */
int receiver_rejected(struct receiver *receiver, struct record_key key, int code, const char *why,
	struct buf *out);
/* What is asked of the agent has changed: appends a CONFIGURATION. Nothing before WELCOME. */
int receiver_configure(
	struct receiver *receiver, const struct configuration *configuration, struct buf *out);
/* Appends a REFUSE. */
int receiver_refuse(enum refuse_code code, const char *text, struct buf *out);
bool receiver_greeted(const struct receiver *receiver);

#endif
