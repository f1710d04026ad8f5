/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a CSV file: refused with its place, or fields that can be written in quotes, every
 * one, and are read again as they were. */
#include <string.h>

#include "cli/csv.h"
#include "common/buf.h"
#include "tests/fuzz/fuzz.h"

static void put_quoted(struct buf *out, const char *field, char end)
{
	FUZZ_CHECK(buf_append(out, "\"", 1) == 0);
	for (; *field; field++)
		FUZZ_CHECK(buf_append(out, *field == '"' ? "\"\"" : field, *field == '"' ? 2 : 1) ==
			0);
	FUZZ_CHECK(buf_append(out, "\"", 1) == 0 && buf_append(out, &end, 1) == 0);
}

/* The first row, and all others; how many rows there are, or negative as csv_next(). */
static int copy(struct csv *csv, struct buf *out, struct err *err)
{
	const char *name;
	int rows = 0, r, columns = 0;
	unsigned line = 0;

	for (; (name = csv_column_name(csv, (size_t)columns)); columns++) {
		FUZZ_CHECK(csv_column(csv, name) >= 0 && csv_column(csv, name) <= columns);
		put_quoted(out, name, csv_column_name(csv, (size_t)columns + 1) ? ',' : '\n');
	}
	FUZZ_CHECK(columns >= 1 && columns <= CSV_COLUMNS_MAX);
	while ((r = csv_next(csv, err)) == 1) {
		FUZZ_CHECK(csv_line(csv) > line);
		line = csv_line(csv);
		for (int i = 0; i < columns; i++)
			put_quoted(out, csv_field(csv, i), i + 1 < columns ? ',' : '\n');
		rows++;
	}
	return r < 0 ? r : rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct err err = {.text = ""};
	struct buf once, twice;
	struct csv *csv;
	int rows;

	if (csv_new("file", bytes, size, &csv, &err) < 0) {
		FUZZ_CHECK(strncmp(err.text, "file", 4) == 0);
		return 0;
	}
	buf_init(&once, 64 * size + 4096);
	buf_init(&twice, 64 * size + 4096);
	rows = copy(csv, &once, &err);
	csv_free(csv);
	FUZZ_CHECK(rows >= 0 || strncmp(err.text, "file:", 5) == 0);
	if (rows >= 0) {
		FUZZ_CHECK(csv_new("file", buf_peek(&once), buf_length(&once), &csv, &err) == 0);
		FUZZ_CHECK(copy(csv, &twice, &err) == rows);
		FUZZ_CHECK(buf_length(&once) == buf_length(&twice));
		FUZZ_CHECK(!memcmp(buf_peek(&once), buf_peek(&twice), buf_length(&once)));
		csv_free(csv);
	}
	buf_done(&once);
	buf_done(&twice);
	return 0;
}
