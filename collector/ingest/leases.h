/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leave to run speed tests, which load what others share: so many at once in all, and so many over
 * the links of one provider. Who must wait is told for how long, spread, so that all who wait do
 * not ask in the same second. Pure: time comes in.
 *
 *   ask -> granted for LEASE_S -- return, end of the session, or its time is up -> free again
 *      \-> wait
 */
#ifndef PANTAU_COLLECTOR_INGEST_LEASES_H
#define PANTAU_COLLECTOR_INGEST_LEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEASE_S 120 /* a test takes 30 s at most; beyond this the agent is lost */
#define LEASES_MAX 1000 /* the most that the settings allow */
#define LEASES_OF_SESSION 2 /* one a WAN */
#define LEASE_WAIT_MIN_S 10 /* about what a test takes */
#define LEASE_WAIT_MAX_S 900

struct leases;

struct leases_limits {
	size_t all, provider; /* at once; 0: none */
	uint64_t seed; /* of the waiting times */
};

struct lease_ask { /* borrowed */
	uint64_t session;
	uint32_t number;
	const char *provider; /* "": it is not known; such agents share one limit */
};

struct leases_figures {
	size_t held;
	struct leases_limits limits;
	uint64_t granted, refused, expired; /* ever */
};

int leases_new(const struct leases_limits *limits, struct leases **ret_leases);
void leases_free(struct leases *leases);

/* true: granted, and how many seconds it holds; false: how many to wait. The same number again
 * within a session is the same lease. */
bool leases_ask(
	struct leases *leases, const struct lease_ask *ask, uint64_t now_ms, uint32_t *ret_seconds);
/* What is not held is passed over. */
void leases_return(struct leases *leases, uint64_t session, uint32_t number);
void leases_end_session(struct leases *leases, uint64_t session);
struct leases_figures leases_figures(struct leases *leases, uint64_t now_ms);

#endif
