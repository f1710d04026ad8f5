/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way to the collector: a TLS connection that is made again and again, with the sender's
 * conversation on it. Every state has a deadline, so nothing waits for ever.
 *
 *   WAITING -> RESOLVING -> CONNECTING -> HANDSHAKE -> GREETING -> OPEN
 *      ^                                                            |
 *      +------- failed, or closed by either side: backoff ----------+
 */
#ifndef PANTAU_AGENT_UPLINK_H
#define PANTAU_AGENT_UPLINK_H

#include <uv.h>

#include "agent/settings.h"
#include "common/tls.h"
#include "proto/sender.h"

struct uplink_settings {
	uv_loop_t *loop; /* borrowed */
	struct tls_context *tls; /* borrowed */
	const struct settings_collector *collectors; /* copied */
	size_t collector_count;
	const char *software; /* borrowed */
	const uint8_t *boot; /* borrowed */
};

struct uplink_events {
	void *arg;
	/* The WAN whose own address this is; "" if none has it. */
	const char *(*wan_of)(void *arg, const struct sockaddr *own);
	/* Four timestamps. `first`: of a new session. */
	void (*time)(void *arg, const struct time_answer *answer, uint64_t now_us, bool first);
	/* Once a session: what the collector asks of the agent (version 0: nothing). The session
	 * goes on after it. May be NULL. */
	void (*configured)(void *arg, const struct configuration *configuration);
	/* The answer to uplink_lease_request(). May be NULL. */
	void (*lease)(void *arg, const struct lease *lease);
	/* The collector said something on an open session. May be NULL. */
	void (*heard)(void *arg);
	/* After uplink_finish: all was delivered, or the time was up. */
	void (*finished)(void *arg);
};

struct uplink_figures {
	bool open;
	char collector[80]; /* tried last */
	char trouble[ERR_TEXT_BYTES]; /* why the last session ended; empty: none did */
	uint64_t acked; /* records acknowledged since uplink_new */
	uint64_t rejected; /* records that the collector will never take */
	int64_t acked_utc_us; /* when the last acknowledgement came; 0: none yet */
};

struct uplink;

/* Copies both tables. Begins to connect with the loop's next turn. */
int uplink_new(const struct uplink_settings *settings, const struct sender_source *source,
	const struct uplink_events *events, struct uplink **ret_uplink);
/* There are new records. */
void uplink_wake(struct uplink *uplink);
/* Asks the collector whether it lives, if a session is open: events.heard. */
void uplink_ask(struct uplink *uplink);
/* What the next HELLO says of the configuration; `trouble` is copied and may be NULL. */
void uplink_set_configuration(
	struct uplink *uplink, uint32_t version, uint32_t refused, const char *trouble);
/* As sender_lease_request() and sender_lease_return(). -ENOTCONN without an open session. */
int uplink_lease_request(struct uplink *uplink, uint32_t number, const char *wan);
int uplink_lease_return(struct uplink *uplink, uint32_t number);
/* Tries to deliver what is left, for at most `limit_ms`, then calls events.finished. */
void uplink_finish(struct uplink *uplink, unsigned limit_ms);
struct uplink_figures uplink_figures(const struct uplink *uplink);
/* Freed by its last close callback. */
void uplink_close(struct uplink *uplink);

#endif
