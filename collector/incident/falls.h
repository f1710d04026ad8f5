/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which falls belong together. A link falls when it goes down, or silent; many links of one
 * provider or of one kecamatan that fall within two minutes, or many of all, are one incident, if
 * chance alone would hardly have brought so many down at once.
 *
 * Chance: X of the scope's n links fall in a window of FALLS_WINDOW_S seconds, each with
 * p = 1 - exp(-rate * window), so that P(X >= k) is the upper tail of a binomial distribution
 * (Feller, An Introduction to Probability Theory, vol. 1, VI). `rate` is what the scope has shown
 * before. Pure: the same set of falls gives the same incidents, in whatever order they are told.
 */
#ifndef PANTAU_INCIDENT_FALLS_H
#define PANTAU_INCIDENT_FALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/span.h"

#define FALLS_WINDOW_S 120 /* two slots: links of one cause are not measured at the same second */
#define FALLS_TOGETHER 3 /* two may always meet */
/* A month has 21,600 windows, the province some 110 scopes: one false incident in 40 months. */
#define FALLS_CHANCE_LN (-18.42) /* 1e-8 */

/* FALL_ALL: every link there is; what falls there is likely to be our own end. */
enum fall_scope { FALL_PROVIDER, FALL_KECAMATAN, FALL_ALL, FALL_SCOPES, FALL_ALONE = FALL_SCOPES };
const char *fall_scope_name(enum fall_scope scope); /* "provider", "kecamatan", "all", "link" */

#define FALL_CAUSE_BYTES 16

struct fall {
	int64_t link;
	uint64_t number; /* the caller's; not read */
	uint32_t scopes[FALL_SCOPES]; /* places in falls_scopes; of FALL_ALL 0 */
	int64_t from_s, to_s; /* UTC, [from, to); SPAN_FOREVER while it lasts */
	bool silent; /* no news came; whether the link was down is not known */
	char cause[FALL_CAUSE_BYTES]; /* of down, a word of the SLA's; "" unknown */
	size_t incident; /* ret: place in the incidents */
};

struct fall_rate { /* of one provider, one kecamatan, all */
	uint32_t links;
	double per_link_s; /* usual falls of a link in a second; see fall_rate_usual() */
};

struct falls_scopes { /* borrowed */
	const struct fall_rate *rates[FALL_SCOPES];
};

struct incident {
	enum fall_scope scope;
	uint32_t place; /* which provider or kecamatan; 0 of the others */
	size_t first; /* its earliest fall; they have incident == this one's place */
	size_t links, lasting; /* members; those that have not come back */
	int64_t from_s, to_s; /* the earliest fall; the last return, SPAN_FOREVER while any lasts */
	double chance_ln; /* of so many falling together by chance; 0 of FALL_ALONE */
};

/* Falls a link and second from `falls` in `link_s` link-seconds of the past. Little past makes it
 * lean towards FALLS_A_DAY_NEW, so that a new province is neither blind nor nervous. */
#define FALLS_A_DAY_NEW 4.0
double fall_rate_usual(double falls, double link_s);

/* ln P(X >= k) of n trials: a province that falls as a whole is beyond the smallest double. 0 where
 * k is no more than is to be expected, -INFINITY where it cannot be. */
double falls_chance_ln(uint32_t n, double p, uint32_t k);

/* Sorts the falls by their beginning and link, groups them, sets `incident` of each. Incidents come
 * in the order of their earliest falls; caller frees *ret_incidents. 0 or -ENOMEM. */
int falls_group(struct fall *falls, size_t count, const struct falls_scopes *scopes,
	struct incident **ret_incidents, size_t *ret_count);

#endif
