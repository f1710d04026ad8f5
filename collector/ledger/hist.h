/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mergeable histogram of times with a bounded relative error: each power of two is cut into 36
 * steps of 2^(1/36), 1.94 %, and a step speaks through its middle, so that a percentile is within
 * 1 % (and half a microsecond) of the sample it stands for; below 256 it is exact. Percentiles are
 * nearest-rank (RFC 2330 section 11.3).
 */
#ifndef PANTAU_LEDGER_HIST_H
#define PANTAU_LEDGER_HIST_H

#include <stdint.h>

#define HIST_EXACT 256 /* below it each value has a bucket of its own */
#define HIST_OCTAVE 36 /* buckets a power of two */
#define HIST_BUCKETS (HIST_EXACT + HIST_OCTAVE * 24) /* all of uint32_t */

/* The value through which a time's bucket speaks: what is kept of an RTT once its slot is packed,
 * and what every published figure stands on, packed or not. hist_step(hist_step(x)) is
 * hist_step(x). */
uint32_t hist_step(uint32_t value);
/* The same in two: which bucket, below HIST_BUCKETS, and its middle. */
uint32_t hist_bucket(uint32_t value);
uint32_t hist_middle(uint32_t bucket);

struct hist {
	uint64_t total;
	uint32_t counts[HIST_BUCKETS];
};

void hist_init(struct hist *hist);
void hist_add(struct hist *hist, uint32_t value);
void hist_merge(struct hist *into, const struct hist *from);
/* Smallest value x with F(x) >= percent / 100; 0 when the histogram is empty. */
uint32_t hist_percentile(const struct hist *hist, unsigned percent);

#endif
