/* SPDX-License-Identifier: Apache-2.0 */
/* Why records do not reach the collector, as a number and a word of status.json. */
#ifndef PANTAU_AGENT_TROUBLE_H
#define PANTAU_AGENT_TROUBLE_H

#include "agent/uplink/session.h"

enum trouble {
	TROUBLE_NONE,
	TROUBLE_NAME, /* its name leads nowhere */
	TROUBLE_UNREACHABLE, /* no answer from its address, or no way there */
	TROUBLE_PORT, /* the machine answers, the collector does not run there */
	TROUBLE_CERTIFICATE, /* TLS: one is not who the other expects, or the clock is wrong */
	TROUBLE_SILENT, /* connected, and then nothing */
	TROUBLE_BROKEN, /* the connection was closed or lost */
	TROUBLE_UNKNOWN, /* it does not know this agent */
	TROUBLE_REVOKED, /* it shall not talk to this agent any more */
	TROUBLE_REPLACED, /* another device uses this agent's identity */
	TROUBLE_BUSY, /* it asks to come back later */
	TROUBLE_PROTOCOL, /* it does not understand this agent */
	TROUBLE_OTHER,
	TROUBLE_COUNT
};

/* `refusal`: the REFUSE that was heard in the session, or 0. */
enum trouble trouble_of(const struct session_end *end, int refusal);
/* "", "name", "unreachable", ...; ends with NULL. */
extern const char *const trouble_names[];

#endif
