/* SPDX-License-Identifier: Apache-2.0 */
/* What VictoriaMetrics dropped although it answered "taken": by the counters of its own page of
 * metrics. Pure. */
#ifndef PANTAU_EXPORT_COUNTERS_H
#define PANTAU_EXPORT_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

enum drop { DROP_INVALID, DROP_OLD, DROP_FUTURE, DROP_OTHER, DROP_COUNT };

struct counters {
	uint64_t dropped[DROP_COUNT];
	uint64_t started_s; /* when its process began: then they were 0 */
};

/* Sums over all series of the names that count lost rows. */
void counters_read(const char *page, struct counters *ret_counters);
/* What was dropped since; those of another process count from 0. Returns the sum. */
uint64_t counters_since(
	const struct counters *before, const struct counters *now, struct counters *ret_since);
/* "3 older than its retention, 1 that it cannot read" */
void counters_words(const struct counters *since, char *ret_words, size_t size);

#endif
