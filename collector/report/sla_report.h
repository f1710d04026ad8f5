/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of `pantau sla` as tables: one with every column, for CSV and JSON (the same names, the
 * same order, for the command line and the web), and one for people, in Bahasa Indonesia.
 *
 *   table = sla_report_new(by);  sla_report_add(table, row) ...;  table_render_csv(table, out)
 */
#ifndef PANTAU_REPORT_SLA_REPORT_H
#define PANTAU_REPORT_SLA_REPORT_H

#include "collector/report/table.h"
#include "collector/store/sla.h"

/* Every column. NULL when out of memory. With `by` other than link, links_* follow. */
struct table *sla_report_new(enum sla_by by);
void sla_report_add(struct table *table, enum sla_by by, const struct sla_row *row);

/* The same with what is issued besides when a month is closed: speed_verdict, of links, at the
 * end. */
struct table *sla_report_issued_new(enum sla_by by);
void sla_report_issued_add(struct table *table, enum sla_by by, const struct sla_row *row);

/* What an officer reads first. `name` is that of the desa or the region; "" or NULL: none. */
struct table *sla_report_text_new(enum sla_by by);
void sla_report_text_add(
	struct table *table, enum sla_by by, const struct sla_row *row, const char *name);

/* Rupiah as people write it: "1.200.000". */
#define RUPIAH_BYTES 32
void rupiah_format(int64_t rupiah, char ret_text[RUPIAH_BYTES]);
/* "12:00:01", hours without end. */
#define DURATION_BYTES 32
void duration_format(int64_t seconds, char ret_text[DURATION_BYTES]);

#endif
