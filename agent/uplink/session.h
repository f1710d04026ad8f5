/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One conversation with a collector over one connection: the sender's frames, and deadlines for
 * every answer. It ends once, with a reason, and never begins again.
 */
#ifndef PANTAU_AGENT_SESSION_H
#define PANTAU_AGENT_SESSION_H

#include <uv.h>

#include "agent/core/keepalive.h"
#include "agent/uplink/stream.h"
#include "common/tls.h"
#include "proto/sender.h"

struct session_following { /* what HELLO says of the configuration */
	uint32_t version; /* followed; 0: the file alone */
	uint32_t refused; /* not taken, or given up; 0: none */
	char trouble[CONFIGURATION_TROUBLE_MAX + 1]; /* why */
};

struct session_settings {
	uv_loop_t *loop;
	struct tls_context *tls; /* borrowed */
	struct sender *sender; /* borrowed: the uplink's, one session at a time */
	const char *software; /* borrowed */
	const uint8_t *boot; /* borrowed */
	const struct session_following *following; /* borrowed: read when HELLO is said */
	struct keepalive *keepalive; /* borrowed: learns */
	const struct sockaddr *to; /* borrowed during session_new only */
	unsigned connect_ms, segment_bytes; /* as in struct stream_settings */
};

struct session_end { /* borrowed during the call */
	struct stream_end stream;
	bool opened; /* there was a WELCOME */
	uint64_t idle_ms; /* the silence that came before, if the other side or the way ended it */
};

struct session_events {
	void *arg;
	/* The WAN whose own address this is; "" if none has it. */
	const char *(*wan_of)(void *arg, const struct sockaddr *own);
	void (*opened)(void *arg); /* WELCOME was said */
	void (*heard)(void *arg); /* it says something, while the session is open */
	/* All that was in flight is acknowledged; the first of it was sent `after_ms` ago. */
	void (*acked)(void *arg, size_t count, uint64_t after_ms);
	/* It is over: it frees itself after this. Called once, never from within a call. */
	void (*ended)(void *arg, const struct session_end *end);
};

struct session;

/* Connects. Copies both tables. */
int session_new(const struct session_settings *settings, const struct session_events *events,
	struct session **ret_session);
/* Sends what the source has, as far as the window allows. */
void session_pump(struct session *session);
/* Asks whether the collector lives. Not while the session is being set up. */
void session_ping(struct session *session);
/* What `following` says has changed: the collector is told, if the session is open. */
void session_tell_following(struct session *session);
/* As sender_lease_request() and sender_lease_return(). -ENOTCONN until it is open. */
int session_lease_request(struct session *session, uint32_t number, const char *wan);
int session_lease_return(struct session *session, uint32_t number);
bool session_is_open(const struct session *session);
/* Ends it from this side. `ended` is still called. */
void session_end(struct session *session, const char *reason);

#endif
