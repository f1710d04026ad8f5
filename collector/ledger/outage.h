/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outages: runs of D with the N that adjoins them; runs of D joined only by N are one outage.
 */
#ifndef PANTAU_LEDGER_OUTAGE_H
#define PANTAU_LEDGER_OUTAGE_H

#include "collector/ledger/states.h"

struct outage {
	int64_t from, to; /* first D second; end of the last D second: as counted, not clipped */
	int64_t span_from, span_to; /* with the N that adjoins; span_to may be SPAN_FOREVER */
	int64_t down_s; /* D in it, whole length */
	int64_t unknown_s; /* N in it, whole length up to `known_to` */
	enum down_cause cause; /* that of most of its D; ties: the earlier */
};

/* All outages of the states; N without end is cut at known_to. Caller frees *ret_outages. */
int outages_find(const struct states *states, int64_t known_to, struct outage **ret_outages,
	size_t *ret_count);
/* D seconds of the outage within the set. */
int64_t outage_down_within(
	const struct outage *outage, const struct states *states, const struct spans *within);

#endif
