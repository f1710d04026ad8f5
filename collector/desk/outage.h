/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what somebody means is an outage. */
#ifndef PANTAU_DESK_OUTAGE_H
#define PANTAU_DESK_OUTAGE_H

#include "collector/store/sla.h"

/* An outage of the link begins at this second, as the month counts now. -ENOENT with words. */
int outage_begins(const struct sla_source *source, const struct registry_link *link, int64_t at_s,
	struct err *err);

#endif
