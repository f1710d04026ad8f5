/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often somebody may fail: so many times at once, then once in a while. One moment is kept for
 * each key, so that the table is small and never grows:
 *
 *      now      full_at                 a failure moves full_at by `refill`;
 *       |---------|                     who is more than `burst` of them ahead waits
 *
 * Pure: the time is given. Not safe for several threads.
 */
#ifndef PANTAU_WEB_ACCOUNT_THROTTLE_H
#define PANTAU_WEB_ACCOUNT_THROTTLE_H

#include <stddef.h>
#include <stdint.h>

#define THROTTLE_KEY_BYTES 104 /* an account's name and an address */

struct throttle;

struct throttle_rule {
	unsigned burst;
	uint64_t refill_us;
};

/* NULL: no memory. When all entries are in use the one that is nearest to its end makes room. */
struct throttle *throttle_new(size_t entries);
/* 0: it may try now. */
uint64_t throttle_wait_us(const struct throttle *throttle, const struct throttle_rule *rule,
	const char *key, uint64_t now_us);
/* A try, which counts as a failure until it is forgiven. Keys are cut to their size. */
void throttle_charge(struct throttle *throttle, const struct throttle_rule *rule, const char *key,
	uint64_t now_us);
/* One charge less. */
void throttle_forgive(struct throttle *throttle, const struct throttle_rule *rule, const char *key);
/* None of them. */
void throttle_clear(struct throttle *throttle, const char *key);
void throttle_free(struct throttle *throttle);

#endif
