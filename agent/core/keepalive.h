/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a session may say nothing before something on the way forgets it: a NAT, a firewall, the
 * collector. Nobody tells; so it is tried, longer and longer, and remembered where it failed.
 *
 *   60 s -> 120 -> 240 -> ... -> 15 min     while questions after that long are answered
 *        <- half of it, and never again so near, after one that was not
 */
#ifndef PANTAU_AGENT_CORE_KEEPALIVE_H
#define PANTAU_AGENT_CORE_KEEPALIVE_H

#include <stdint.h>

#define KEEPALIVE_FIRST_MS 60000
#define KEEPALIVE_MIN_MS 30000 /* the most impatient NATs that are known to work at all */
#define KEEPALIVE_MAX_MS 900000 /* below the 20 minutes after which a collector closes */

struct keepalive { /* opaque to others; set up by keepalive_init() */
	uint64_t idle_ms; /* to be silent for, at most */
	uint64_t failed_ms; /* the shortest silence that was not survived; 0: none yet */
	unsigned survived; /* in a row, as near to failed_ms as is dared */
};

void keepalive_init(struct keepalive *keepalive);
/* For how long to say nothing before asking. */
uint64_t keepalive_idle_ms(const struct keepalive *keepalive);
/* After this long without a word, a question was answered. */
void keepalive_survived(struct keepalive *keepalive, uint64_t idle_ms);
/* After this long it was not, and the way itself was there. */
void keepalive_died(struct keepalive *keepalive, uint64_t idle_ms);

#endif
