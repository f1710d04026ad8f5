/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may speak: the agents of the registry, read from the file roster.json that every change of
 * the registry replaces. Immutable once parsed, so that it can be parsed off the loop.
 *
 *   {"version": 2, "sequence": 12, "agents": [
 *     {"id": 7, "fingerprint": "<64 hex digits>", "revoked": false,
 *      "other": {"fingerprint": "<64 hex digits>", "until_s": 0}, "wans": {"wan": "<provider>"},
 *      "configuration": {"version": 12, "text": 0}}, ...], "texts": ["[agent]..."]}
 *
 * `other` is a second certificate that is good: the next one (until_s 0), or the one before, until
 * then. Of version 1 were files without `wans`, `configuration` and `texts`; each of these may be
 * missing still.
 */
#ifndef PANTAU_COLLECTOR_INGEST_ROSTER_H
#define PANTAU_COLLECTOR_INGEST_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/tls.h"
#include "proto/codec.h"

#define ROSTER_NAME "roster.json"
#define ROSTER_BYTES_MAX (256U << 20) /* a million agents take 110 MB */

enum roster_answer {
	ROSTER_WELCOME,
	ROSTER_NEXT, /* welcome, with its next certificate: the registry should hear of it */
	ROSTER_BEFORE, /* welcome, with the one before, for some days more */
	ROSTER_UNKNOWN,
	ROSTER_OTHER_KEY,
	ROSTER_REVOKED
};

struct roster;

/* -EBADMSG with words that name the place; -ENOMEM. An agent that stands twice is an error. */
int roster_parse(const void *json, size_t length, struct roster **ret_roster, struct err *err);
/* Nobody may speak. */
int roster_new_empty(struct roster **ret_roster);
void roster_free(struct roster *roster);

enum roster_answer roster_ask(const struct roster *roster, uint32_t agent,
	const uint8_t print[TLS_FINGERPRINT_BYTES], int64_t now_s);
static inline bool roster_lets_in(enum roster_answer answer)
{
	return answer <= ROSTER_BEFORE;
}
/* What is asked of the agent; version 0: nothing. Borrowed from the roster. */
void roster_configuration(
	const struct roster *roster, uint32_t agent, struct configuration *ret_configuration);
/* Over whose link the agent's WAN goes; "" if that is not known. Borrowed from the roster. */
const char *roster_provider(const struct roster *roster, uint32_t agent, const char *wan);
size_t roster_count(const struct roster *roster);
uint64_t roster_sequence(const struct roster *roster);

/* The id in a certificate's subject "agent-<id>": -EINVAL for any other spelling. */
int roster_agent_id(const char *name, uint32_t *ret_agent);

#endif
