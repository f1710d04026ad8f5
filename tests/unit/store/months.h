/* SPDX-License-Identifier: Apache-2.0 */
/* A link's January 2026 minute by minute, and what is asked of it. */
#ifndef TESTS_STORE_MONTHS_H
#define TESTS_STORE_MONTHS_H

#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)
#define HOUR_S 3600
#define ROWS_MAX 8

struct rows {
	struct sla_row items[ROWS_MAX];
	size_t count;
};

struct outages {
	struct sla_outage items[ROWS_MAX];
	size_t count;
};

/* Of January; U + D + N + E = S is checked. */
struct rows rows_of(struct fixture *fixture, enum sla_by by, int64_t as_of_s);
struct outages outages_of(struct fixture *fixture, int64_t as_of_s);
/* With those that are excluded as a whole. */
struct outages all_outages_of(struct fixture *fixture, int64_t as_of_s);

/* A link with a contract and an agent, whose id is returned. */
uint32_t measured_link(struct fixture *fixture, const char *desa, const char *provider);
/* Minutes [from, to) of the month on a boot that began with it: `lost` of six rounds each. */
void measure(struct fixture *fixture, uint32_t agent, unsigned from, unsigned to, unsigned lost);

#endif
