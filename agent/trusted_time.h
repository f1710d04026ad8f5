/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time at which certificates are checked. A router without a battery starts in 1970, one with
 * a bad one anywhere, and some restore the time of their last shutdown. It is certainly later than
 * the program was built, and later than what a collector, whose certificate was sound, once said;
 * so the check is made at the latest of these and the system's clock. It is never left out.
 */
#ifndef PANTAU_AGENT_TRUSTED_TIME_H
#define PANTAU_AGENT_TRUSTED_TIME_H

#include <stdint.h>

#include "common/err.h"

struct trusted_time;

/* Reads what folder/time says of earlier runs; a damaged file is as good as none. -ENOMEM. */
int trusted_time_open(const char *folder, struct trusted_time **ret_time, struct err *err);
/* Seconds since 1970. `boot_us` is the monotonic clock, `system_s` the wall clock. */
int64_t trusted_time_at(const struct trusted_time *time, uint64_t boot_us, int64_t system_s);
/* An authenticated collector said so at `boot_us`. Written down at most once a day: flash wears. A
 * negative errno when that failed; it is known all the same. */
int trusted_time_learn(struct trusted_time *time, uint64_t boot_us, int64_t utc_s, struct err *err);
void trusted_time_close(struct trusted_time *time);

/* When this program was built. */
int64_t trusted_time_build_s(void);

#endif
