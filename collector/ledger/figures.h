/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RTT, loss and PDV of a link's probes, so that days can be merged to months and links to groups.
 *
 * Every RTT counts as its step (hist.h). PDV (RFC 5481) is the step less the smallest step of an
 * answer of the same target on the same local day: its error is at most 1 % of both, and 1 % of its
 * own for its step in the histogram.
 */
#ifndef PANTAU_LEDGER_FIGURES_H
#define PANTAU_LEDGER_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/ledger/hist.h"
#include "common/buf.h"

struct figures { /* 9 KiB */
	struct hist rtt, pdv;
	uint64_t sent, lost;
};

void figures_init(struct figures *figures);
void figures_merge(struct figures *into, const struct figures *from);
/* As bytes, the buckets that hold something: a few hundred a link's day. 0 or as buf_append(). */
int figures_encode(const struct figures *figures, struct buf *out);
/* Merges what the bytes say; -EBADMSG, and then `into` is of no use. */
int figures_decode(struct figures *into, const uint8_t *bytes, size_t length);

/* ---- a day's probes, in any order */

struct tally;

struct tally *tally_new(void); /* NULL: out of memory */
void tally_free(struct tally *tally);
/* A probe to the target (a hash of its address). 0 or -ENOMEM. */
int tally_add(struct tally *tally, uint32_t target, bool answered, uint32_t rtt_us);
/* Adds the day's figures, and begins another day. */
void tally_end_day(struct tally *tally, struct figures *into);

#endif
