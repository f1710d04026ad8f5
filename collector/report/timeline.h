/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's time as its rows count it: stretches of U, D, N and E with their causes, contract by
 * contract and month by month. What is in no row (no contract, no service hour, not yet) is no
 * stretch. Their seconds by class add up to the rows of `pantau sla`.
 */
#ifndef PANTAU_REPORT_TIMELINE_H
#define PANTAU_REPORT_TIMELINE_H

#include "collector/store/sla.h"

#define TIMELINE_SPAN_MAX_S (100 * 86400) /* three months and what hangs over */

struct timeline_stretch {
	int64_t from_s, to_s;
	char class; /* 'U', 'D', 'N', 'E' */
	const char *cause; /* of D and N; NULL; borrowed for ever */
	int64_t contract;
};

struct timeline_query { /* borrowed */
	const struct registry_link *link;
	struct span span;
	int64_t as_of_s; /* what was not known then is not told */
};

/* By time, of the months that the span touches, clipped to it. `each` as in registry.h. -EINVAL: a
 * span that is too long. */
int timeline_read(const struct sla_source *source, const struct timeline_query *query,
	int (*each)(void *arg, const struct timeline_stretch *stretch), void *arg, struct err *err);

#endif
