/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/utf8.h"

struct csv {
	const char *name;
	char *bytes; /* owned; fields are unquoted in place and end with 0 */
	char *at, *end;
	unsigned next_line; /* of `at` */
	unsigned line; /* of the row */
	const char *columns[CSV_COLUMNS_MAX];
	size_t column_count;
	const char *fields[CSV_COLUMNS_MAX];
	size_t field_count;
};

static int refuse_line(const struct csv *csv, struct err *err, const char *words)
{
	return err_set(err, -EINVAL, "%s:%u: %s", csv->name, csv->line, words);
}

/* Text and nothing else: UTF-8 without 0 bytes. Finds the line of what is not. */
static int check_text(struct csv *csv, struct err *err)
{
	const unsigned char *c = (const unsigned char *)csv->at;
	const unsigned char *end = (const unsigned char *)csv->end;

	csv->line = 1;
	while (c < end) {
		size_t length = *c ? utf8_take(c, (size_t)(end - c), NULL) : 0;

		if (!length)
			return refuse_line(csv, err, *c ? "is not UTF-8" : "holds a 0 byte");
		csv->line += *c == '\n';
		c += length;
	}
	return 0;
}

/* A field in quotes; `at` is behind the first one. Leaves `at` behind the last one. */
static int read_quoted(struct csv *csv, char **ret_end, struct err *err)
{
	char *write = csv->at;

	for (; csv->at < csv->end; csv->at++) {
		csv->next_line += *csv->at == '\n';
		if (*csv->at == '"') {
			csv->at++;
			if (csv->at == csv->end || *csv->at != '"') {
				*ret_end = write;
				return 0;
			}
		}
		*write++ = *csv->at;
	}
	return refuse_line(csv, err, "a quote is opened and never closed");
}

/* A field without quotes: one inside is a letter like others ("Soka"an" is a village). */
static void read_plain(struct csv *csv, char **ret_end)
{
	while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n')
		csv->at++;
	*ret_end = csv->at;
	if (csv->at > csv->bytes && csv->at[-1] == '\r' &&
		(csv->at == csv->end || *csv->at == '\n'))
		--*ret_end;
}

/* What stands behind a field: 1 another field, 0 the row's end, -EINVAL. */
static int read_separator(struct csv *csv, struct err *err)
{
	if (csv->at < csv->end && *csv->at == '\r' &&
		(csv->at + 1 == csv->end || csv->at[1] == '\n'))
		csv->at++;
	if (csv->at == csv->end)
		return 0;
	if (*csv->at == '\n') {
		csv->at++;
		csv->next_line++;
		return 0;
	}
	if (*csv->at != ',')
		return refuse_line(csv, err, "text behind a closing quote");
	csv->at++;
	return 1;
}

/* Ends the field in place, once what is behind it has been read. */
static int read_field(struct csv *csv, struct err *err)
{
	bool quoted = csv->at < csv->end && *csv->at == '"';
	char *begin, *end = NULL;
	int rc = 0;

	csv->at += quoted;
	begin = csv->at;
	if (quoted)
		rc = read_quoted(csv, &end, err);
	else
		read_plain(csv, &end);
	if (rc)
		return rc;
	if (csv->field_count == CSV_COLUMNS_MAX)
		return refuse_line(csv, err, "has too many fields");
	rc = read_separator(csv, err);
	if (rc >= 0) {
		*end = '\0';
		csv->fields[csv->field_count++] = begin;
	}
	return rc;
}

static bool at_blank_line(const struct csv *csv)
{
	return *csv->at == '\n' ||
		(*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n');
}

static int read_row(struct csv *csv, struct err *err)
{
	int rc;

	while (csv->at < csv->end && at_blank_line(csv)) {
		csv->at = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
		csv->at++;
		csv->next_line++;
	}
	if (csv->at == csv->end)
		return 0;
	csv->line = csv->next_line;
	csv->field_count = 0;
	do {
		rc = read_field(csv, err);
	} while (rc > 0);
	return rc ? rc : 1;
}

static int read_columns(struct csv *csv, struct err *err)
{
	int rc = read_row(csv, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(
			err, -EINVAL, "%s: is empty: no row that names the columns", csv->name);
	memcpy(csv->columns, csv->fields, sizeof(csv->columns));
	csv->column_count = csv->field_count;
	for (size_t i = 0; i < csv->column_count; i++) {
		if (csv_column(csv, csv->columns[i]) != (int)i)
			return csv_refuse(csv, (int)i, err, "the column is named twice");
	}
	return 0;
}

/* Takes bytes, which have room for one more behind them. */
static int csv_take(
	const char *name, char *bytes, size_t length, struct csv **ret_csv, struct err *err)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	int rc;

	if (!csv) {
		free(bytes);
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	}
	*csv = (struct csv){.name = name, .bytes = bytes, .next_line = 1, .line = 1};
	csv->at = bytes;
	csv->end = bytes + length;
	if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		csv->at += 3;
	rc = check_text(csv, err);
	if (!rc)
		rc = read_columns(csv, err);
	if (rc) {
		csv_free(csv);
		return rc;
	}
	*ret_csv = csv;
	return 0;
}

int csv_open(const char *path, struct csv **ret_csv, struct err *err)
{
	uint8_t *bytes;
	size_t length;
	int rc = file_read(path, CSV_FILE_MAX, &bytes, &length, err);

	return rc ? rc : csv_take(path, (char *)bytes, length, ret_csv, err);
}

int csv_new(
	const char *name, const void *bytes, size_t length, struct csv **ret_csv, struct err *err)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	memcpy(copy, bytes, length);
	return csv_take(name, copy, length, ret_csv, err);
}

void csv_free(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->bytes);
	free(csv);
}

int csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->column_count; i++) {
		if (!strcmp(csv->columns[i], name))
			return (int)i;
	}
	return -1;
}

const char *csv_column_name(const struct csv *csv, size_t column)
{
	return column < csv->column_count ? csv->columns[column] : NULL;
}

int csv_next(struct csv *csv, struct err *err)
{
	int rc = read_row(csv, err);

	if (rc == 1 && csv->field_count != csv->column_count)
		return err_set(err, -EINVAL, "%s:%u: has %zu fields, the first row names %zu",
			csv->name, csv->line, csv->field_count, csv->column_count);
	return rc;
}

const char *csv_field(const struct csv *csv, int column)
{
	return column < 0 ? "" : csv->fields[column];
}

unsigned csv_line(const struct csv *csv)
{
	return csv->line;
}

int csv_refuse(const struct csv *csv, int column, struct err *err, const char *format, ...)
{
	char words[200];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(err, -EINVAL, "%s:%u: %s = '%.60s': %s", csv->name, csv->line,
		column < 0 ? "?" : csv->columns[column], csv_field(csv, column), words);
}
