/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month for the public: its tables as files, and its figures for the page. A closed month is read
 * from the document that was issued, an open one from the same tables as they come out now, so the
 * numbers are those of `pantau sla`, of the reports and of the API.
 *
 *	document (issued, or gathered now) + names of regions ---> files[table][format]
 *	                                                      \--> lines, for the page
 */
#ifndef PANTAU_WEB_OPEN_EDITION_H
#define PANTAU_WEB_OPEN_EDITION_H

#include "collector/closing/document.h"
#include "collector/report/monthly/names.h"
#include "collector/store/closed_month.h"
#include "collector/store/sla.h"
#include "web/open/packed.h"
#include "web/open/publisher.h"
#include "web/open/tables.h"

struct edition_line { /* a row of the links, for the page */
	char desa[REGION_CODE_BYTES];
	int64_t link, contract;
	int64_t from_s, to_s; /* the segment */
	int64_t s, e, u, d, n;
	int64_t outages, longest_s;
	bool has_target, has_verdict, has_down, has_up;
	uint32_t target_ppm;
	enum verdict verdict;
	int64_t down_kbps, up_kbps; /* measured */
	int64_t promised_down_kbps, promised_up_kbps; /* 0: nothing */
};

struct edition_about {
	char month[MONTH_NAME_BYTES];
	bool closed;
	struct closed_month issue; /* of a closed one */
	bool over; /* it has ended: its figures change only by what comes late */
	int64_t as_of_s; /* counted up to here; of a month that is over its end */
	int64_t changed_s; /* when its figures were closed, or seen to have changed last */
};

struct edition {
	struct edition_about about;
	struct packed files[OPEN_TABLES][OPEN_FORMATS];
	struct edition_line *lines; /* by desa, link and contract */
	size_t line_count;
	size_t bytes; /* of memory */
};

/* `about` says which month: closed with its issue, or open with as_of_s. 0 or a negative errno with
 * words. */
int edition_make(const struct sla_source *source, const struct publisher *publisher,
	const struct edition_about *about, struct edition **ret_edition, struct err *err);
void edition_free(struct edition *edition);
/* Whether all their files are the same. */
bool edition_same(const struct edition *a, const struct edition *b);
/* The lines of a desa; 0: there are none. Borrowed. */
size_t edition_find(
	const struct edition *edition, const char *desa, const struct edition_line **ret_lines);

/* ---- between edition.c and its parts */

struct edition_making { /* borrowed */
	const struct publisher *publisher;
	struct edition *edition;
	struct document *document;
	struct report_names *names;
	struct err *err;
};

/* Fills files, from the document. */
int edition_render(struct edition_making *making);
/* Fills lines. */
int edition_read_lines(struct edition_making *making);
/* The row of a table whose column, by which it is sorted, has this number; -1: none. */
long edition_row_of(const struct document_table *table, const char *column, const char *number);

#endif
