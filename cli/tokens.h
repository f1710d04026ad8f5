/* SPDX-License-Identifier: Apache-2.0 */
/* Making tokens: secrets for the printable texts, their hashes for the registry. */
#ifndef PANTAU_CLI_TOKENS_H
#define PANTAU_CLI_TOKENS_H

#include "collector/store/registry_enrolment.h"
#include "proto/enrol.h"

#define TOKENS_MAX 10000 /* of one call: a province's routers ten times over */

struct tokens_order { /* borrowed */
	const char *state; /* the state folder, whose CA is pinned */
	const char *address; /* by which routers reach the collector */
	const char *wan;
	const int64_t *links; /* of each token */
	size_t count;
	int64_t expires_s;
};

struct tokens {
	size_t count;
	int64_t *ids; /* as many */
	char (*texts)[ENROL_TOKEN_MAX];
};

/* All or none. Afterwards nobody but the caller has the texts. */
int tokens_make(struct registry *registry, const struct tokens_order *order,
	struct tokens *ret_tokens, struct err *err);
/* Takes all of them back: nobody can have the texts. */
void tokens_revoke(struct registry *registry, const struct tokens *tokens);
/* Wipes the texts. */
void tokens_done(struct tokens *tokens);

/* "90m", "12h", "30d" in seconds. -EINVAL with words. */
int tokens_duration(const char *text, int64_t *ret_s, struct err *err);

#endif
