/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates of the agents: which are good, how one follows another, and who waits for a
 * person because his has expired.
 *
 *   renewed          used               overlap over, or expired
 *   (none) --> next ------> current ------> replaced ------> good for nothing
 *
 * An agent never has more than two good ones: the current one, and either the next one, which was
 * signed and not yet used, or the one before, for IDENTITY_OVERLAP_S after the next one's first
 * use. agent.fingerprint stays that of the first one: of it the log and exports speak.
 */
#ifndef PANTAU_STORE_REGISTRY_IDENTITY_H
#define PANTAU_STORE_REGISTRY_IDENTITY_H

#include "collector/store/registry.h"

#define IDENTITY_PEM_BYTES 2048 /* a P-256 certificate takes 800 */
/* A router whose flash lost the new one goes on with the old one: it speaks every day, so within a
 * week that has shown. A longer overlap would keep a key alive that nobody needs. */
#define IDENTITY_OVERLAP_S (7 * 86400)
#define PARKED_MAX 1000 /* more is no crowd of agents but a clock gone wrong */
#define PARKED_EACH_MAX 3 /* keys of one agent: itself, and two that are not */
#define PARKED_ADDRESS_BYTES 64
#define READMIT_GOOD_S (30 * 86400) /* a word that nobody used lapses: it was about that day */

enum identity_state { IDENTITY_CURRENT, IDENTITY_NEXT, IDENTITY_REPLACED };
const char *identity_state_name(enum identity_state state); /* "current", ... */

struct registry_identity {
	uint32_t agent;
	enum identity_state state;
	char fingerprint[REGISTRY_HEX_BYTES];
	int64_t issued_s, expires_s;
	int64_t until_s; /* replaced: good until then; else expires_s */
};

/* Of an agent, or of all that are not revoked (0), by agent and age. `each` as in registry.h. */
int registry_identities(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_identity *identity), void *arg,
	struct err *err);

/* ---- renewal */

struct registry_renewal { /* borrowed */
	uint32_t agent;
	const char *shown; /* fingerprint of the certificate that it showed */
	const char *key; /* SHA-256 of the new public key, 64 digits */
	const char *address; /* from where it asks */
	/* As in struct registry_enrol. */
	int (*sign)(void *arg, uint32_t agent, char ret_pem[IDENTITY_PEM_BYTES],
		char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err);
	void *arg;
};

struct registry_renewed {
	char pem[IDENTITY_PEM_BYTES];
	bool again; /* it was signed before */
};

/* Signs, and the new one is `next`; the same key again gets the same one. Refusals, with words:
 * -ENOENT: no such agent, or that certificate is none of its good ones; -EKEYREVOKED; -EALREADY:
 * too early; -EINPROGRESS: expired, and a person has not yet said yes to this key: it is parked. */
int registry_renew(struct registry *registry, const struct registry_renewal *renewal,
	struct registry_renewed *ret_renewed, struct err *err);
/* The agent spoke with this one: `next` becomes current. 0 also when it was so before. -ENOENT. */
int registry_identity_used(
	struct registry *registry, uint32_t agent, const char *fingerprint, struct err *err);

/* ---- those who wait for a person */

struct registry_parked {
	int64_t id;
	uint32_t agent;
	char key[REGISTRY_HEX_BYTES]; /* as above */
	char address[PARKED_ADDRESS_BYTES]; /* of the last time */
	int64_t expired_s; /* its certificate */
	int64_t asked_s, last_s; /* first and last */
	int64_t admitted_s; /* 0: not */
};

/* agent 0: all. */
int registry_parked(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_parked *parked), void *arg, struct err *err);
/* A person says yes to this request, and no other: the next time that it asks it gets a
 * certificate. `note` is why. -ENOENT; -EALREADY; -EKEYREVOKED. */
int registry_readmit(struct registry *registry, int64_t id, const char *note, struct err *err);

#endif
