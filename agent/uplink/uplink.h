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

#include "agent/settings/settings.h"
#include "agent/technician/trouble.h"
#include "common/tls.h"
#include "proto/sender.h"

struct uplink_settings {
	uv_loop_t *loop; /* borrowed */
	struct tls_context *tls; /* borrowed */
	const struct settings_collector *collectors; /* copied */
	size_t collector_count;
	const char *software; /* borrowed */
	const uint8_t *boot; /* borrowed */
	const char *state_folder; /* borrowed; NULL: addresses that worked are not kept */
	uint64_t report_ms, slot_ms; /* between reports while all is well; 0: each record at once */
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
	/* Connected, disconnected, or something was acknowledged. */
	void (*changed)(void *arg);
	/* After uplink_finish: all was delivered, or the time was up. */
	void (*finished)(void *arg);
};

struct uplink_figures {
	bool open;
	char collector[80]; /* tried last */
	enum trouble trouble; /* why there is no session, or none yet */
	char words[ERR_TEXT_BYTES]; /* the same in words; empty: nothing ended yet */
	uint64_t acked; /* records acknowledged since uplink_new */
	uint64_t rejected; /* records that the collector will never take */
	int64_t acked_utc_us; /* when the last acknowledgement came; 0: none yet */
	uint64_t acked_us; /* the same, monotonic */
	uint32_t configuration, configuration_refused; /* as HELLO says them */
	unsigned segment_bytes; /* packets are kept small; 0: they are not */
};

struct uplink;

/* Copies both tables. Begins to connect with the loop's next turn. */
int uplink_new(const struct uplink_settings *settings, const struct sender_source *source,
	const struct uplink_events *events, struct uplink **ret_uplink);
/* There is a new record: it is sent now if it is urgent, and else when a report is due. */
void uplink_wake(struct uplink *uplink, bool urgent);
/* Other times between reports. */
void uplink_set_pace(struct uplink *uplink, uint64_t report_ms, uint64_t slot_ms);
/* Asks the collector whether it lives, if a session is open: events.heard. */
void uplink_ask(struct uplink *uplink);
/* The certificate is another one: a session that shows it begins soon. */
void uplink_reconnect(struct uplink *uplink);
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
