/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A village's records through the agent's spool in virtual time, with a collector that takes all or
 * is away: what is written to flash meanwhile, and what a restart finds.
 */
#ifndef PANTAU_TESTS_BENCH_SPOOL_DAY_H
#define PANTAU_TESTS_BENCH_SPOOL_DAY_H

#include "agent/spool/spool.h"
#include "tests/bench/village.h"

struct spool_day {
	struct spool *spool;
	struct sender_source source;
	struct village *village;
	bool is_sketched; /* each slot after 20 s, 40 s and 59 s, as of a link that flaps */
	bool is_reached; /* the collector, a second after a report */
	uint64_t report_every_us, reported_us; /* 0: each record is a report */
	uint32_t run, sequence; /* of the record added last */
	uint32_t acked;
	uint64_t now_us;
	/* Hears of each record after it was added; may be NULL. */
	void (*added)(void *arg, const struct spool_day *day, const struct record *record);
	void *arg;
};

/* `flash` and `memory` are folders. 0 or a negative errno, told on standard error. */
int spool_day_begin(struct spool_day *day, const struct spool_settings *settings, uint64_t seed);
/* Lives the minutes from `from` on up to `to`. */
void spool_day_live(struct spool_day *day, uint32_t from, uint32_t to, enum village_link link);
/* Lets the time pass, with what the spool does by itself. */
void spool_day_pass(struct spool_day *day, uint64_t until_us);
void spool_day_end(struct spool_day *day);

/* The most memory of its own that this process has had: without the pages of programs and
 * libraries, of which the kernel maps more or fewer as it likes. */
long spool_day_peak_kib(void);

#endif
