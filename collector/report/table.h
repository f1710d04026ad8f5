/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows and columns with three renderings: aligned text for people, CSV (RFC 4180, LF) and JSON.
 * Cells are put in one after the other, row by row; a sticky error is checked once, by the
 * rendering.
 */
#ifndef PANTAU_REPORT_TABLE_H
#define PANTAU_REPORT_TABLE_H

#include <stdint.h>

#include "common/buf.h"
#include "common/json.h"

enum table_kind {
	TABLE_TEXT,
	TABLE_NUMBER, /* exact decimals too; written without quotes in JSON, to the right in text */
};

struct table_column { /* an array of them ends with a key that is NULL */
	const char *key; /* in CSV and JSON */
	const char *title; /* in text; NULL: the key */
	enum table_kind kind;
};

struct table;

/* Borrows the columns, which live longer. NULL when out of memory. */
struct table *table_new(const struct table_column *columns);
void table_free(struct table *table);

/* The next cell. Copies; NULL and "" are the empty cell, which JSON writes as null. */
void table_text(struct table *table, const char *value);
void table_number(struct table *table, int64_t value);
void table_empty(struct table *table);

size_t table_rows(const struct table *table);
/* Bytes of all cells may not pass this: a year of outages of the whole country takes 40 MiB. */
#define TABLE_BYTES_MAX (256 * 1024 * 1024)

/* Renderings: 0, or the sticky error. A row that is not full is our own bug. */
int table_render_text(const struct table *table, struct buf *out);
int table_render_csv(const struct table *table, struct buf *out);
/* An array of objects under `key` (NULL: at the top or inside an array). */
int table_render_json(const struct table *table, struct json *json, const char *key);

#endif
