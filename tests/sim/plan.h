/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong during the day, and when: drawn from the seed before the day begins.
 */
#ifndef PANTAU_TESTS_SIM_PLAN_H
#define PANTAU_TESTS_SIM_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "tests/sim/draw.h"

#define PLAN_MISHAPS_MAX 256

enum mishap_kind {
	MISHAP_LINK_DOWN, /* detail: enum fault */
	MISHAP_LINK_UP,
	MISHAP_POWER_CUT,
	MISHAP_POWER_ON,
	MISHAP_REBOOT,
	MISHAP_AGENT_RESTART,
	MISHAP_AGENT_KILL,
	MISHAP_WIRE_CUT, /* nobody is told */
	MISHAP_HANG_UP,
	MISHAP_CRASH,
	MISHAP_START,
	MISHAP_DISK_FULL,
	MISHAP_DISK_FREE,
	MISHAP_BACKUP, /* of the collector; restored later, in its place */
	MISHAP_RESTORE, /* comes while the collector is down */
};

enum fault {
	FAULT_CARRIER,
	FAULT_GATEWAY,
	FAULT_EDGE,
	FAULT_PROVIDER,
	FAULT_UPSTREAM,
	FAULT_COUNT
};

struct mishap {
	uint64_t at_us;
	enum mishap_kind kind;
	unsigned detail;
};

struct plan {
	/* of the day */
	uint64_t day_us;
	unsigned loss_percent; /* of probes, and of what is sent */
	uint64_t delay_us;
	size_t spool_bytes;
	int drift_ppm;
	bool has_ntp;
	bool has_backup;
	uint64_t sync_every_us, report_every_us;
	uint64_t trusted_from_us;
	uint64_t journal_sync_us;
	size_t count;
	struct mishap mishaps[PLAN_MISHAPS_MAX]; /* by time */
};

/* "the link goes down", "the power is cut", ... */
const char *mishap_words(enum mishap_kind kind);
void plan_draw(struct plan *plan, uint64_t day_us, struct draw *draw);

#endif
