/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `pantau outages` as tables; see sla_report.h. */
#ifndef PANTAU_REPORT_OUTAGE_REPORT_H
#define PANTAU_REPORT_OUTAGE_REPORT_H

#include "collector/report/table.h"
#include "collector/store/sla.h"

/* Every column: start, end (as counted, empty while it runs), first_lost, first_answered (evidence,
 * rounded down to the second), ... NULL when out of memory. */
struct table *outage_report_new(void);
void outage_report_add(struct table *table, const struct sla_outage *outage);

/* For people: local time of the link, whose offset from UTC the caller knows. */
struct table *outage_report_text_new(void);
void outage_report_text_add(struct table *table, const struct sla_outage *outage,
	const struct registry_link *link, const char *name);

#endif
