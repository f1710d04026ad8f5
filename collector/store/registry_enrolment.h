/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leave to become an agent: a token, given once, of which only a hash is kept. Who shows it with
 * the public key of a router becomes a new agent that measures the token's link from that moment
 * on. It is spent by that: the same key gets the same identity again however often it asks, any
 * other key gets nothing.
 *
 *   open --registry_enrol()--> spent          open --revoke--> revoked          open -> expired
 */
#ifndef PANTAU_STORE_REGISTRY_ENROLMENT_H
#define PANTAU_STORE_REGISTRY_ENROLMENT_H

#include "collector/store/registry.h"

#define ENROLMENT_PEM_BYTES 2048 /* a P-256 certificate takes 800 */

struct registry_enrolment {
	int64_t id, link;
	char wan[WAN_NAME_MAX + 1];
	char hash[REGISTRY_HEX_BYTES]; /* SHA-256 of the token's secret */
	int64_t expires_s;
	int64_t created_s; /* from here on not read by add */
	char by[REGISTRY_NAME_BYTES];
	int64_t revoked_s; /* 0: not */
	int64_t spent_s; /* 0: not */
	uint32_t agent; /* 0: none yet */
};

/* All or none, in one change each; ret_ids has room for as many. -ENOENT: no such link. -ERANGE: an
 * expiry that is past. -EINVAL. */
int registry_enrolments_add(struct registry *registry, const struct registry_enrolment *enrolments,
	size_t count, int64_t *ret_ids, struct err *err);
/* By number; link 0: of all. `each` as in registry.h. */
int registry_enrolments(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_enrolment *enrolment), void *arg,
	struct err *err);
/* -ENOENT; -EALREADY: it was revoked before, or is spent: then it is the agent that is revoked. */
int registry_enrolment_revoke(struct registry *registry, int64_t id, struct err *err);

struct registry_enrol { /* borrowed */
	const char *hash; /* of the secret that was shown */
	const char *key; /* SHA-256 of the router's public key, 64 digits */
	/* Makes the certificate for this agent: writes it, as PEM, and its fingerprint. Called
	 * once, inside the transaction. 0 or a negative errno with words. */
	int (*sign)(void *arg, uint32_t agent, char ret_pem[ENROLMENT_PEM_BYTES],
		char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err);
	void *arg;
};

struct registry_enrolled {
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	char pem[ENROLMENT_PEM_BYTES];
	bool again; /* it was accepted before */
};

/* Refusals, with words for people: -ENOENT: no such token; -EKEYEXPIRED; -EKEYREVOKED: the token,
 * or the agent that it made; -EEXIST: spent by another key. */
int registry_enrol(struct registry *registry, const struct registry_enrol *enrol,
	struct registry_enrolled *ret_enrolled, struct err *err);

#endif
