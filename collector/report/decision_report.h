/* SPDX-License-Identifier: Apache-2.0 */
/* What was dismissed and settled, as rows: `pantau decide log` and GET /api/v1/decisions/log. */
#ifndef PANTAU_REPORT_DECISION_REPORT_H
#define PANTAU_REPORT_DECISION_REPORT_H

#include "collector/report/table.h"
#include "collector/store/registry_decision.h"

/* Times are UTC. NULL when out of memory. */
struct table *decision_report_new(void);
void decision_report_dismissal(struct table *table, const struct registry_dismissal *dismissal);
void decision_report_settlement(struct table *table, const struct registry_settlement *settlement);

#endif
