/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dictionary of the open data: which tables there are, and each column with what it means, its
 * unit, and where in a month's document it comes from. The files, their schemas and the page that
 * explains them are all made from here. A new column is a row in tables.c.
 *
 * Nothing of a person is in them: no names of officers, no notes, no numbers of tickets.
 */
#ifndef PANTAU_WEB_OPEN_TABLES_H
#define PANTAU_WEB_OPEN_TABLES_H

#include <stdbool.h>
#include <stddef.h>

enum open_language { OPEN_ID, OPEN_EN, OPEN_LANGUAGES };
extern const char *const open_languages[]; /* "id", "en", NULL */

enum open_from { /* where a cell comes from */
	FROM_ROW, /* the document's table, by its column */
	FROM_PERIOD, /* the month */
	FROM_STATUS, /* final, Revisi ke-n, sementara */
	FROM_DESA_NAME,
	FROM_KECAMATAN,
	FROM_KECAMATAN_NAME,
	FROM_KABUPATEN,
	FROM_KABUPATEN_NAME,
	FROM_LINK, /* the row's link in the document's table of links */
	FROM_CONTRACT, /* the row's contract in that of contracts */
};

struct open_column {
	const char *key;
	enum open_from from;
	const char *source; /* of ROW, LINK and CONTRACT: the column there */
	const char *type; /* of the Table Schema: string, integer, number, datetime, yearmonth */
	const char *unit; /* NULL: none */
	const char *about[OPEN_LANGUAGES];
	bool money; /* published only where the province wants it */
};

struct open_table {
	const char *name; /* of its files: "links" */
	const char *source; /* the document's table */
	const char *title[OPEN_LANGUAGES], *about[OPEN_LANGUAGES];
	const char *const *key; /* columns; ends with NULL */
	const struct open_column *columns; /* ends with a key that is NULL */
};

enum open_table_id { OPEN_LINKS, OPEN_OUTAGES, OPEN_DESA, OPEN_TABLES };
extern const struct open_table open_tables[OPEN_TABLES];

enum open_format { OPEN_CSV, OPEN_JSON, OPEN_FORMATS };
extern const char *const open_formats[]; /* "csv", "json", NULL */

/* -1: there is none of this name. */
int open_table_find(const char *name, size_t length);
/* Whether the column is in what is published. */
bool open_column_shown(const struct open_column *column, bool money);

#endif
