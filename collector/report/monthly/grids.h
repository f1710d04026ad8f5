/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a report. Which there are, in which order, with which columns: here alone. */
#ifndef PANTAU_REPORT_MONTHLY_GRIDS_H
#define PANTAU_REPORT_MONTHLY_GRIDS_H

#include "collector/report/monthly/data.h"
#include "collector/report/monthly/grid.h"

enum grid_table {
	TABLE_OF_LINKS, /* a row a link and contract: what is invoiced */
	TABLE_OF_DESA,
	TABLE_OF_KECAMATAN,
	TABLE_OF_PROVIDERS,
	TABLE_OF_OUTAGES,
	TABLE_OF_EXCLUSIONS,
	TABLE_OF_QUESTIONS,
	TABLE_OF_COUNT
};
extern const char *const grid_tables[]; /* "links", ..., NULL: by enum grid_table */
const char *grid_table_title(enum grid_table table, enum report_language language);

/* Makes the table; the caller is to call grid_done() in any case. 0 or -ENOMEM. Words in cells
 * (causes, what is open) are in the language; the verdicts are those of the contract, always. */
int grids_make(const struct report *report, enum grid_table table, enum report_language language,
	struct grid *ret_grid);

/* ---- of this folder's own files */

extern const struct grid_column links_columns[], sums_columns[], outages_columns[],
	exclusions_columns[], questions_columns[];
void links_fill(const struct report *report, struct grid *grid);
void sums_fill(const struct report *report, const struct report_rows *rows, struct grid *grid);
void outages_fill(const struct report *report, enum report_language language, struct grid *grid);
void exclusions_fill(const struct report *report, enum report_language language, struct grid *grid);
void questions_fill(const struct report *report, enum report_language language, struct grid *grid);

struct grid_word {
	const char *key, *id, *en;
};
const char *grids_word(const struct grid_word *word, enum report_language language);
/* "jaringan penyedia", of "provider". */
const char *grids_cause(const char *cause, enum report_language language);
const char *grids_reason(const char *reason, enum report_language language);

#endif
