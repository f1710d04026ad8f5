/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/regions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct table_column columns[] = {{"code"}, {"name"}, {NULL}};

struct code {
	char text[REGION_CODE_BYTES];
};

static int by_text(const void *left, const void *right)
{
	return strcmp(left, right);
}

/* A code for each level of each row's desa, sorted; caller frees. */
static size_t list_codes(const struct document_table *rows, struct code **ret_codes)
{
	struct code *codes = calloc(rows->row_count * REGION_DESA + 1, sizeof(*codes));
	int column = document_column(rows, "desa");
	size_t count = 0;

	for (size_t i = 0; codes && i < rows->row_count; i++) {
		for (int level = REGION_PROVINSI; level <= REGION_DESA; level++)
			region_parent(document_cell(rows, i, column), (enum region_level)level,
				codes[count++].text);
	}
	if (codes)
		qsort(codes, count, sizeof(*codes), by_text);
	*ret_codes = codes;
	return count;
}

static int put_name(
	struct registry *registry, const char *code, struct table *table, struct err *err)
{
	struct region region;
	int r = registry_region_get(registry, code, &region, err);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	table_text(table, code);
	table_text(table, region.name);
	return 0;
}

int regions_write(struct registry *registry, const struct document_table *rows, struct buf *out,
	struct err *err)
{
	struct code *codes;
	size_t count = list_codes(rows, &codes);
	struct table *table = table_new(columns);
	int r = codes && table ? 0 : err_errno(err, -ENOMEM, "names of regions");

	for (size_t i = 0; r == 0 && i < count; i++) {
		if (i == 0 || strcmp(codes[i].text, codes[i - 1].text) != 0)
			r = put_name(registry, codes[i].text, table, err);
	}
	if (r == 0) {
		r = document_put_table(out, TABLE_REGIONS, table);
		if (r < 0)
			err_errno(err, r, "names of regions");
	}
	table_free(table);
	free(codes);
	return r;
}
