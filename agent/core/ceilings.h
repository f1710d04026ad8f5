/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent never does, whatever its configuration says: compiled in, for its own file and,
 * lower, for what comes from afar. Reckoned for the worst day: every round lost, every test run.
 *
 * From afar 300 MB a day: all 1,038 routers of the programme together then move 29 Mbit/s, which
 * brings no server down. Four packets a second: the same 1,038 send 4,152 a second. The agent's own
 * file is its owner's business: it may do what a laboratory wants.
 */
#ifndef PANTAU_AGENT_CORE_CEILINGS_H
#define PANTAU_AGENT_CORE_CEILINGS_H

#include <stdint.h>

#include "common/err.h"

#define CEILING_AFAR_DAY_BYTES 300000000ULL
#define CEILING_AFAR_PACKETS_S 4
#define CEILING_OWN_DAY_BYTES 10000000000ULL
#define CEILING_OWN_PACKETS_S 40
#define CEILING_WANS 2

struct ceilings_load { /* what a configuration asks for; intervals of 0: never */
	uint64_t slot_s, round_s;
	struct {
		unsigned addresses; /* that one lost round asks, found ones included */
		unsigned tcp; /* connections that it tries */
	} wans[CEILING_WANS];
	uint64_t dns_s, resolvers; /* of each WAN, like all that follows but month_bytes */
	uint64_t stamp_s;
	uint64_t http_s;
	uint64_t speed_s, speed_bytes; /* of one test, both ways, as they are configured */
	uint64_t month_bytes; /* most that tests may move in a month */
};

struct ceilings_day { /* bytes on the wire, and the packets sent in a second */
	uint64_t rounds, reports, asked, speed;
	uint64_t packets_s; /* rounded up */
};

struct ceilings_day ceilings_reckon(const struct ceilings_load *load);
/* -EDQUOT with words. What the agent's own file asks for may be asked for from afar too. `own`
 * NULL: the load is that of the own file. */
int ceilings_check(
	const struct ceilings_load *load, const struct ceilings_load *own, struct err *err);

#endif
