/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/document.h"
#include "collector/closing/regions.h"
#include "collector/report/monthly/clean.h"

struct name {
	struct region region;
	struct name *next;
};

struct report_names {
	struct registry *registry; /* borrowed */
	struct document *issued; /* NULL: nothing was kept of them */
	const struct document_table *table;
	struct name *found; /* of the registry, those asked for last first */
};

/* Those that were kept when the month was closed; months closed by older programs have none. */
static int read_issued(struct report_names *names, const struct sla_source *source,
	const struct closed_month *closed, struct err *err)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, DOCUMENT_MAX);
	r = closed_month_file(source->ledger, closed, REGIONS_FILE, &bytes, err);
	if (r == 0)
		r = document_parse(
			buf_peek(&bytes), buf_length(&bytes), false, &names->issued, err);
	if (r == 0)
		names->table = document_table(names->issued, TABLE_REGIONS);
	buf_done(&bytes);
	return r == -ENOENT ? 0 : r;
}

int names_open(const struct sla_source *source, const struct closed_month *closed,
	struct report_names **ret_names, struct err *err)
{
	struct report_names *names = calloc(1, sizeof(*names));
	int r = names ? 0 : err_errno(err, -ENOMEM, "names of regions");

	if (r == 0) {
		names->registry = source->registry;
		r = closed ? read_issued(names, source, closed, err) : 0;
	}
	if (r == 0)
		*ret_names = names;
	else
		names_free(names);
	return r;
}

void names_free(struct report_names *names)
{
	if (!names)
		return;
	while (names->found) {
		struct name *next = names->found->next;

		free(names->found);
		names->found = next;
	}
	document_free(names->issued);
	free(names);
}

static const char *find_issued(const struct report_names *names, const char *code)
{
	size_t low = 0, high = names->table ? names->table->row_count : 0, end = high;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(document_cell(names->table, middle, 0), code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < end && !strcmp(document_cell(names->table, low, 0), code))
		return document_cell(names->table, low, 1);
	return NULL;
}

static int ask_registry(
	struct report_names *names, const char *code, const char **ret_name, struct err *err)
{
	struct name *name = calloc(1, sizeof(*name));
	int r;

	if (!name)
		return err_errno(err, -ENOMEM, "names of regions");
	r = registry_region_get(names->registry, code, &name->region, err);
	if (r < 0 && r != -ENOENT) {
		free(name);
		return r;
	}
	clean_text(name->region.name);
	name->next = names->found;
	names->found = name;
	*ret_name = name->region.name;
	return 0;
}

int names_find(struct report_names *names, const char *code, const char **ret_name, struct err *err)
{
	const char *issued = *code ? find_issued(names, code) : "";

	if (!issued)
		return ask_registry(names, code, ret_name, err);
	*ret_name = issued;
	return 0;
}
