/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's clocks, for the edges of the programs only: pure code receives `now`.
 */
#ifndef PANTAU_COMMON_CLOCK_H
#define PANTAU_COMMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds since boot, suspend included (CLOCK_BOOTTIME): the clock that stamps slots. */
uint64_t clock_boot_us(void);

/* Microseconds since 1970-01-01 UTC. */
int64_t clock_utc_us(void);

/*
 * Whether the kernel says that UTC is disciplined (adjtimex: no STA_UNSYNC, maxerror known).
 * *ret_error_us: the kernel's bound on the error, untouched when false.
 */
bool clock_utc_synchronised(uint64_t *ret_error_us);

/* This boot's id, 16 bytes (/proc/sys/kernel/random/boot_id). 0 or a negative errno. */
int clock_boot_id(uint8_t ret_id[16]);

#endif
