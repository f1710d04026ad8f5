/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `pantau objection list` as a table; see sla_report.h. */
#ifndef PANTAU_REPORT_OBJECTION_REPORT_H
#define PANTAU_REPORT_OBJECTION_REPORT_H

#include "collector/report/table.h"
#include "collector/store/registry_objection.h"

/* Every column; titles for people are in Bahasa Indonesia. NULL when out of memory. */
struct table *objection_report_new(void);
void objection_report_add(struct table *table, const struct registry_objection *objection);

#endif
