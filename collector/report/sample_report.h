/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a link's witnesses said beside the rounds, as tables: `pantau samples` and
 * /api/v1/samples. A kind is a table of columns and a function that fills it.
 */
#ifndef PANTAU_REPORT_SAMPLE_REPORT_H
#define PANTAU_REPORT_SAMPLE_REPORT_H

#include <stdbool.h>

#include "collector/report/table.h"
#include "collector/store/ledger_db.h"

enum sample_kind {
	SAMPLES_HTTP, /* pages */
	SAMPLES_SPEED, /* speed tests, done or not */
	SAMPLES_OBSERVATION, /* one row an item */
	SAMPLES_DNS, /* questions to resolvers */
	SAMPLES_START, /* starts of the agent, and why */
	SAMPLES_COUNT
};
extern const char *const sample_kinds[]; /* "http", ... by enum sample_kind; ends with NULL */

#define SAMPLES_SPAN_S (7 * 86400) /* what is shown where nobody says from when */

struct sample_list {
	enum sample_kind kind;
	struct ledger_span span;
	bool for_people; /* times in the zone, not UTC */
	int32_t offset_s; /* of that zone */
	size_t offset, limit; /* which rows */
	size_t total; /* set: how many rows there are */
	struct table *table; /* set: those that were wanted; the caller frees */
};

/* Fills in total and table. `ledger` NULL: nothing was ever heard. 0 or a negative errno with
 * words; the table is NULL then. */
int sample_list_fill(struct ledger_db *ledger, struct sample_list *list, struct err *err);

/* ---- of the report's own files: one kind each */

struct sample_rows {
	struct sample_list *list;
	struct ledger_db *ledger;
};

/* Counts a row, and puts its time first when it is wanted: then the row is to be filled. */
bool sample_row_begin(struct sample_list *list, int64_t at_us);
/* 0: the empty cell. */
void sample_put_some(struct table *table, uint64_t value);
/* "yes", or the empty cell: people have not decided yet which device's word counts. */
void sample_put_disputed(struct table *table, bool disputed);
void sample_put_address(struct table *table, const struct address *address, uint16_t port);

extern const struct table_column http_columns[], speed_columns[], observation_columns[],
	dns_columns[], start_columns[];
int http_rows(const struct sample_rows *rows, struct err *err);
int speed_rows(const struct sample_rows *rows, struct err *err);
int observation_rows(const struct sample_rows *rows, struct err *err);
int dns_rows(const struct sample_rows *rows, struct err *err);
int start_rows(const struct sample_rows *rows, struct err *err);

#endif
