/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/names.h"
#include "common/civil.h"

#define WITA_S (8 * 3600) /* of a kabupaten that has no link yet */

/* ---- cells */

int report_no_memory(struct report_making *making)
{
	return err_errno(making->err, -ENOMEM, "report of %s", making->ask->kabupaten);
}

const char *report_text(const struct document_table *table, size_t row, const char *column)
{
	return document_cell(table, row, document_column(table, column));
}

int64_t report_number(const struct document_table *table, size_t row, const char *column)
{
	return strtoll(report_text(table, row, column), NULL, 10);
}

int64_t report_time(const struct document_table *table, size_t row, const char *column)
{
	const char *text = report_text(table, row, column);
	int64_t utc_s;

	return *text && civil_parse(text, 0, &utc_s, NULL) == 0 ? utc_s : 0;
}

static int by_id(const void *left, const void *right)
{
	const struct report_link *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

const struct report_link *report_find_link(const struct report_making *making, int64_t link)
{
	const struct report_link key = {.id = link};

	if (!making->link_count)
		return NULL;
	return bsearch(&key, making->links, making->link_count, sizeof(key), by_id);
}

/* ---- what it is about */

static int check_code(struct report_making *making)
{
	const char *code = making->ask->kabupaten;
	struct report *report = making->report;
	enum region_level level;
	int r = region_level(code, &level, making->err);

	if (r == 0 && level != REGION_KABUPATEN)
		r = err_set(making->err, -EINVAL,
			"%.40s is no code of a kabupaten or kota, such as "
			"64.08",
			code);
	if (r == 0)
		r = registry_region_get(
			making->source->registry, code, &report->kabupaten, making->err);
	return r;
}

static int name_region(struct report *report, struct region *region, struct err *err)
{
	const char *name = "";
	int r = names_find(report->names, region->code, &name, err);

	if (r == 0)
		snprintf(region->name, sizeof(region->name), "%s", name);
	return r;
}

static int name_regions(struct report_making *making)
{
	struct report *report = making->report;
	int r = names_open(making->source, report->closed ? &report->issue : NULL, &report->names,
		making->err);

	region_parent(report->kabupaten.code, REGION_PROVINSI, report->provinsi.code);
	if (r == 0)
		r = name_region(report, &report->kabupaten, making->err);
	return r == 0 ? name_region(report, &report->provinsi, making->err) : r;
}

/* ---- the links of this kabupaten */

static bool is_inside(const struct report *report, const char *desa)
{
	char kabupaten[REGION_CODE_BYTES];

	region_parent(desa, REGION_KABUPATEN, kabupaten);
	return !strcmp(kabupaten, report->kabupaten.code);
}

static int list_links(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_LINKS);
	size_t count = table ? table->row_count : 0;

	making->links = calloc(count + 1, sizeof(*making->links));
	if (!making->links)
		return report_no_memory(making);
	for (size_t i = 0; i < count; i++) {
		struct report_link *link = &making->links[making->link_count];

		*link = (struct report_link){
			.id = report_number(table, i, "link"),
			.desa = report_text(table, i, "desa"),
			.provider = report_text(table, i, "provider"),
			.kind = report_text(table, i, "kind"),
			.zone = report_text(table, i, "zone"),
			.heard = *report_text(table, i, "first_slot") != '\0',
		};
		if (civil_zone(link->zone, &link->offset_s) < 0)
			return err_set(making->err, -EBADMSG, "zone %.20s is none", link->zone);
		making->link_count += is_inside(report, link->desa);
	}
	if (making->link_count)
		qsort(making->links, making->link_count, sizeof(*making->links), by_id);
	report->offset_s = making->link_count ? making->links[0].offset_s : WITA_S;
	return 0;
}

/* How far it is counted: as the rows say, or where there are none as was asked for. */
static int date_report(struct report_making *making)
{
	struct report *report = making->report;
	int64_t from_s, to_s;
	int r = civil_month(report->month, report->offset_s, &from_s, &to_s, making->err);

	if (r < 0)
		return r;
	report->as_of_s = to_s;
	if (!report->closed && making->ask->as_of_s < to_s)
		report->as_of_s = making->ask->as_of_s;
	report->over = report->as_of_s == to_s;
	report->dated_s = report->closed ? report->issue.closed_s : making->ask->as_of_s;
	return 0;
}

static int make(struct report_making *making)
{
	int r = check_code(making);

	if (r == 0)
		r = report_open(making);
	if (r == 0)
		r = name_regions(making);
	if (r == 0)
		r = list_links(making);
	if (r == 0)
		r = date_report(making);
	if (r == 0)
		r = report_fill_rows(making);
	if (r == 0)
		r = report_fill_annex(making);
	if (r == 0)
		r = report_fill_questions(making);
	if (r == 0)
		report_sort_rows(making->report);
	return r;
}

int report_gather(const struct sla_source *source, const struct report_ask *ask,
	struct report **ret_report, struct err *err)
{
	struct report_making making = {.source = source, .ask = ask, .err = err};
	int r;

	making.report = calloc(1, sizeof(*making.report));
	if (!making.report)
		return report_no_memory(&making);
	r = make(&making);
	free(making.links);
	if (r == 0)
		*ret_report = making.report;
	else
		report_free(making.report);
	return r;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	free(report->links.items);
	free(report->desa.items);
	free(report->kecamatan.items);
	free(report->providers.items);
	free(report->outages);
	free(report->exclusions);
	free(report->questions);
	free(report->rules);
	names_free(report->names);
	document_free(report->document);
	free(report);
}
