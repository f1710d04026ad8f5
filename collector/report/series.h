/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's measurements over time, for a chart: one point a step, made of the slots (or the speed
 * tests) that begin in it. A step in which nothing was measured has no point: a gap stays a gap.
 */
#ifndef PANTAU_REPORT_SERIES_H
#define PANTAU_REPORT_SERIES_H

#include "collector/store/ledger_db.h"

enum series_metric {
	SERIES_RTT, /* us: least, median, 95th percentile of the scheduled probes that came back */
	SERIES_LOSS, /* ppm of the scheduled probes: `middle` */
	SERIES_PDV, /* us above the least RTT to the same target in the step: median, 95th */
	SERIES_DOWN, /* kbit/s: least, median, greatest of the speed tests */
	SERIES_UP,
	SERIES_RX, /* bit/s that the WAN carried: `middle` is the mean, `high` the busiest slot */
	SERIES_TX,
	SERIES_COUNT
};
extern const char *const series_metrics[]; /* "rtt", ...; ends with NULL */

#define SERIES_POINTS_MAX 2000 /* a screen has fewer columns */

struct series_query {
	struct ledger_span span; /* with both ends */
	int64_t step_s; /* 1 and more; at most SERIES_POINTS_MAX of them */
	enum series_metric metric;
};

struct series_point {
	int64_t at_s; /* where the step begins */
	int64_t low, middle, high;
	int64_t count; /* measurements behind it */
};

/* By time. `each` as in registry.h. -EINVAL: too many steps. */
int series_read(struct ledger_db *ledger, const struct series_query *query,
	int (*each)(void *arg, const struct series_point *point), void *arg, struct err *err);

#endif
