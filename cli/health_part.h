/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks of the parts share. Private to health*.c. */
#ifndef PANTAU_CLI_HEALTH_PART_H
#define PANTAU_CLI_HEALTH_PART_H

#include <stdbool.h>

#include "cli/health.h"

void health_say(struct health *health, enum health_state state, const char *advice,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* health_data.c: what is in the ledger, and what a person must do about it. */
void health_data(const char *state, struct health *health);

/* health_alert.c: messages of incidents. */
void health_alert(const char *state, const struct settings *settings, struct health *health);

/* health_repair.c: damaged files, and what is missing since. */
void health_repair(const char *state, struct health *health);

struct enrolments { /* since ingest started */
	bool known; /* it answers */
	int64_t accepted, refused, put_off;
};
/* health_signer.c: whether a router can become an agent now. */
void health_signer(const char *state, const struct enrolments *enrolments, struct health *health);

/* health_witness.c: agents whose word cannot be true, which nobody has answered. */
void health_witness(const char *state, struct health *health);

/* health_certificates.c: those that end, and agents that wait for a person. */
void health_certificates(const char *state, struct health *health);

#endif
