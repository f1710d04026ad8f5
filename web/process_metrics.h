/* SPDX-License-Identifier: Apache-2.0 */
/* What the collector's processes count, from their status to metrics: one table. */
#ifndef PANTAU_WEB_PROCESS_METRICS_H
#define PANTAU_WEB_PROCESS_METRICS_H

#include "web/exposition.h"
#include "web/status.h"

/* Members that a status lacks are left out; NULL: all of that process. */
void process_metrics_write(struct exposition *to, const struct status *ingest,
	const struct status *ledger, double events_head);

#endif
