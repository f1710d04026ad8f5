/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an invented province's records go: into a journal, as `pantau-collector ingest` would have
 * written them, or as points of a time series (up or down, a point a slot) for other stores.
 */
#ifndef PANTAU_TESTS_BENCH_SINKS_H
#define PANTAU_TESTS_BENCH_SINKS_H

#include <stdio.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/seglog.h"
#include "tests/bench/province.h"

struct sink_counts {
	uint64_t slots, records, duplicates, bytes;
};

struct journal_sink {
	struct seglog *log;
	struct draw draw;
	struct buf record, entry; /* the last one, encoded */
	uint32_t duplicate_ppm; /* of records are written twice */
	uint32_t hold; /* of this link, what was made in the span is left out */
	int64_t hold_from_s, hold_to_s;
	bool held_only; /* or it alone is written */
	struct sink_counts counts;
};

/* Appends to STATE/journal; the caller sets the other fields afterwards. */
int journal_sink_init(struct journal_sink *sink, const char *state, struct err *err);
int journal_sink_take(
	void *sink, uint32_t agent, const struct router_told *told, const struct record *record);
/* Makes it durable; *ret_end: behind the last record. */
int journal_sink_end(struct journal_sink *sink, struct seglog_pos *ret_end, struct err *err);
void journal_sink_done(struct journal_sink *sink);

struct point_sink {
	FILE *out;
	struct sink_counts counts;
};

/* Line protocol with the tags that the project's own points have; times in seconds:
 * pantau_state,desa=64.08.01.2001,kabupaten=64.08,...,link=8,provider=P1 state=1i 1774972800 */
int point_sink_take(
	void *sink, uint32_t agent, const struct router_told *told, const struct record *record);

#endif
