/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two devices with one identity. A router boots, lives, and boots again: its boots follow one
 * another. Two boots of one agent that were alive at the same moment are two devices:
 *
 *	boot a  |----x-----x------x-----|            x: a sign whose time is believed
 *	boot b             |-----x---------x---|
 *	                   [ both alive ]
 *
 * A router's own clock may be wrong, and must accuse nobody: a boot is put on UTC by what the
 * collector told it, or by its own disciplined clock where that agreed with the collector's when
 * the sign arrived. Whose signs contradict each other is not judged.
 */
#ifndef PANTAU_LEDGER_TWIN_H
#define PANTAU_LEDGER_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/span.h"
#include "proto/model.h"

/* A sign of the router's own clock is believed when it arrived no later than this after it was
 * made, by that clock: a clock that is wrong would have to be so by just the time that it took. */
#define TWIN_FRESH_US (300 * INT64_C(1000000))
/* That clock may be off by this beyond what it says; sla.md places nothing within less. */
#define TWIN_CLOCK_US (10 * INT64_C(1000000))
/* Five times what places slots may drift: no accusation hangs on a warm quartz. */
#define TWIN_DRIFT_PPM 500
/* Beyond all errors two lives overlap by this. */
#define TWIN_LEAST_US (2 * INT64_C(1000000))

struct twin_sign { /* an anchor */
	uint64_t mono_us, error_us;
	int64_t utc_us, received_us;
	enum anchor_source source;
};

struct twin_life { /* of a boot, on UTC */
	int64_t from_us, to_us; /* its first and its last moment that is known */
	int64_t from_error_us, to_error_us;
};

/* from_us and to_us: what the boot's records speak of, on its own clock. Sorts the signs. False:
 * nothing tells for sure when that was. */
bool twin_life(struct twin_sign *signs, size_t count, const uint64_t mono_us[2],
	struct twin_life *ret_life);
/* The whole seconds in which both were alive, however wrong their signs may be within their
 * errors. False: they may have followed one another. */
bool twin_overlap(const struct twin_life *a, const struct twin_life *b, struct span *ret_span);

#endif
