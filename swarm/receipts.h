/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The external ledger: what a collector acknowledged, one line a stretch, written at once:
 *
 *   AGENT RUN FIRST LAST SUM        SUM: of the CRC-32C of each record's bytes
 *
 * Lines of one run may be joined: their stretches adjoin and their sums add up.
 */
#ifndef PANTAU_SWARM_RECEIPTS_H
#define PANTAU_SWARM_RECEIPTS_H

#include <stdint.h>

#include "common/err.h"

struct receipts;

/* Appends to the file, or makes it. */
int receipts_open(const char *path, struct receipts **ret_receipts, struct err *err);
struct receipt {
	uint32_t agent, run, first, last;
	uint64_t sum;
};
void receipts_add(struct receipts *receipts, const struct receipt *receipt);
/* To the kernel: what is written survives this process. 0 or a negative errno, which stays. */
int receipts_flush(struct receipts *receipts);
/* Flushes; NULL is fine. */
int receipts_close(struct receipts *receipts);

#endif
