/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of CSV (RFC 4180; LF or CRLF, a byte order mark at the start, UTF-8; a quote inside a
 * field that is not quoted is a letter, as real files have it). The first row names the columns; a
 * field is found by its column's name, so the order of the columns is free.
 */
#ifndef PANTAU_CLI_CSV_H
#define PANTAU_CLI_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define CSV_COLUMNS_MAX 64
#define CSV_FILE_MAX (256 * 1024 * 1024) /* all villages of the country take 4 MiB */

struct csv;

/* Reads the file whole, and its first row. Errors begin with the file's name. */
int csv_open(const char *path, struct csv **ret_csv, struct err *err);
/* The same for bytes in memory: copies them; `name` is borrowed for the errors. */
int csv_new(
	const char *name, const void *bytes, size_t length, struct csv **ret_csv, struct err *err);
void csv_free(struct csv *csv);

/* The column's number, or -1 when the first row does not name it. */
int csv_column(const struct csv *csv, const char *name);
/* The name of a column; NULL beyond the last. */
const char *csv_column_name(const struct csv *csv, size_t column);

/* The next row: 1, 0 at the end, -EINVAL with file and line when it is not well formed. */
int csv_next(struct csv *csv, struct err *err);
/* A field of the row, valid until csv_free(); column from csv_column(). "" for column -1. */
const char *csv_field(const struct csv *csv, int column);
/* The line on which the row begins, from 1. */
unsigned csv_line(const struct csv *csv);
/* Sets "FILE:LINE: COLUMN = 'VALUE': words" and returns -EINVAL. */
int csv_refuse(const struct csv *csv, int column, struct err *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
