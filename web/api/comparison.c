/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/comparison: providers or kabupaten side by side, month by month: sums of the rows of
 * `pantau sla`. Everybody sees what is theirs; beside it stands the sum of all links, which an
 * officer sees without rupiah and a provider not at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "collector/report/table.h"
#include "common/civil.h"
#include "web/params.h"
#include "web/site.h"
#include "web/yearbook.h"

#define MONTHS_USUAL 6
#define MONTHS_MAX 12
#define MONTHS_A_YEAR 12

enum by { BY_PROVIDER, BY_KABUPATEN };
static const char *const groups[] = {"provider", "kabupaten", NULL};

static const struct table_column columns[] = {
	{"period"},
	{"as_of"},
	{"key"},
	{"name"},
	{"links", NULL, TABLE_NUMBER},
	{"s", NULL, TABLE_NUMBER},
	{"e", NULL, TABLE_NUMBER},
	{"u", NULL, TABLE_NUMBER},
	{"d", NULL, TABLE_NUMBER},
	{"n", NULL, TABLE_NUMBER},
	{"a_known", NULL, TABLE_NUMBER},
	{"a_low", NULL, TABLE_NUMBER},
	{"a_high", NULL, TABLE_NUMBER},
	{"coverage", NULL, TABLE_NUMBER},
	{"outages", NULL, TABLE_NUMBER},
	{"links_met", NULL, TABLE_NUMBER},
	{"links_missed", NULL, TABLE_NUMBER},
	{"links_undecided", NULL, TABLE_NUMBER},
	{"links_never", NULL, TABLE_NUMBER},
	{"speed_tests", NULL, TABLE_NUMBER},
	{"speed_met", NULL, TABLE_NUMBER},
	{"speed_missed", NULL, TABLE_NUMBER},
	{"speed_undecided", NULL, TABLE_NUMBER},
	{"down_kbps", NULL, TABLE_NUMBER},
	{"down_promised_kbps", NULL, TABLE_NUMBER},
	{"down_share", NULL, TABLE_NUMBER},
	{"up_kbps", NULL, TABLE_NUMBER},
	{"up_promised_kbps", NULL, TABLE_NUMBER},
	{"up_share", NULL, TABLE_NUMBER},
	{"restitution_low", NULL, TABLE_NUMBER},
	{"restitution_high", NULL, TABLE_NUMBER},
	{"revision"},
	{NULL},
};

struct ask {
	struct registry_filter filter;
	enum by by;
	bool csv;
	const char *last; /* the newest month */
	int64_t months;
	bool all, money_of_all; /* what they may see of the rest */
};

struct group { /* a group in a month */
	char key[REGISTRY_NAME_BYTES];
	size_t month;
	struct standing sum;
};

struct month {
	char name[MONTH_NAME_BYTES];
	char as_of[CIVIL_TIME_BYTES]; /* "": no link has a row */
	char revision[REVISION_NAME_BYTES];
};

struct comparison {
	const struct ask *ask;
	struct month months[MONTHS_MAX];
	size_t month; /* the present one */
	struct standing all[MONTHS_MAX];
	struct group *items;
	size_t count, room;
	bool no_memory;
};

/* ---- summing up */

static struct group *find_group(struct comparison *comparison, const char *key)
{
	for (size_t i = comparison->count; i > 0; i--) {
		struct group *group = &comparison->items[i - 1];

		if (group->month != comparison->month)
			break;
		if (strcmp(group->key, key) == 0)
			return group;
	}
	if (comparison->count == comparison->room) {
		size_t room = comparison->room ? 2 * comparison->room : 64;
		struct group *items = reallocarray(comparison->items, room, sizeof(*items));

		if (!items)
			return NULL;
		comparison->items = items;
		comparison->room = room;
	}
	struct group *group = &comparison->items[comparison->count++];

	*group = (struct group){.month = comparison->month};
	snprintf(group->key, sizeof(group->key), "%s", key);
	return group;
}

static bool is_same(const char *wanted, const char *is)
{
	return !wanted || strcmp(wanted, is) == 0;
}

static void add_month(void *arg, const struct standings *standings)
{
	struct comparison *comparison = arg;
	const struct ask *ask = comparison->ask;
	struct month *month = &comparison->months[comparison->month];

	if (standings->as_of_s)
		civil_format(standings->as_of_s, month->as_of);
	if (standings->closed)
		revision_name(standings->revision, month->revision);
	else
		strcpy(month->revision, "sementara");
	for (size_t i = 0; i < standings->count; i++) {
		const struct standing *item = &standings->items[i];
		struct group *group;

		standing_add(&comparison->all[comparison->month], item);
		if (!is_same(ask->filter.kabupaten, item->kabupaten) ||
			!is_same(ask->filter.provider, item->provider))
			continue;
		group = find_group(
			comparison, ask->by == BY_PROVIDER ? item->provider : item->kabupaten);
		if (group)
			standing_add(&group->sum, item);
		else
			comparison->no_memory = true;
	}
}

/* "2026-03", and two months before it "2026-01". */
static void name_month(const char *last, size_t back, char ret_name[MONTH_NAME_BYTES])
{
	int year = atoi(last), month = atoi(last + 5);
	unsigned whole = (unsigned)(year * MONTHS_A_YEAR + month - 1) - (unsigned)back;

	snprintf(ret_name, MONTH_NAME_BYTES, "%04u-%02u", whole / MONTHS_A_YEAR % 10000,
		whole % MONTHS_A_YEAR + 1);
}

static int by_key(const void *left, const void *right)
{
	const struct group *a = left, *b = right;
	int order = strcmp(a->key, b->key);

	return order ? order : (a->month > b->month) - (a->month < b->month);
}

static int compare_months(struct site *site, const struct books *books,
	struct comparison *comparison, struct err *err)
{
	size_t count = (size_t)comparison->ask->months;
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		comparison->month = i;
		name_month(comparison->ask->last, count - 1 - i, comparison->months[i].name);
		r = yearbook_lend(site->yearbook, books, comparison->months[i].name,
			(struct yearbook_use){add_month, comparison}, err);
	}
	if (r == 0 && comparison->no_memory)
		r = err_errno(err, -ENOMEM, "the comparison");
	if (r == 0 && comparison->count)
		qsort(comparison->items, comparison->count, sizeof(*comparison->items), by_key);
	return r;
}

/* ---- as a table */

static void put_percent(struct table *table, int64_t part, int64_t whole)
{
	char text[MONTH_PERCENT_BYTES];

	month_percent(part, whole, text);
	table_text(table, text);
}

/* What is divided stands beside what comes out, so that people can do it themselves. */
static void put_speed(struct table *table, int64_t kbps, int64_t promised_kbps)
{
	if (promised_kbps) {
		table_number(table, kbps);
		table_number(table, promised_kbps);
	} else {
		table_empty(table);
		table_empty(table);
	}
	put_percent(table, kbps, promised_kbps);
}

static void put_standing(struct table *table, const struct standing *sum)
{
	int64_t judged = sum->s - sum->e;

	table_number(table, sum->links);
	table_number(table, sum->s);
	table_number(table, sum->e);
	table_number(table, sum->u);
	table_number(table, sum->d);
	table_number(table, sum->n);
	put_percent(table, sum->u, sum->u + sum->d);
	put_percent(table, sum->u, judged);
	put_percent(table, sum->u + sum->n, judged);
	put_percent(table, sum->u + sum->d, judged);
	table_number(table, sum->outages);
	table_number(table, sum->met);
	table_number(table, sum->missed);
	table_number(table, sum->undecided);
	table_number(table, sum->never);
	table_number(table, sum->speed_tests);
	table_number(table, sum->speed_met);
	table_number(table, sum->speed_missed);
	table_number(table, sum->speed_undecided);
	put_speed(table, sum->down_kbps, sum->down_promised_kbps);
	put_speed(table, sum->up_kbps, sum->up_promised_kbps);
}

static void put_line(
	struct table *table, const struct month *month, const char *key, const char *name)
{
	table_text(table, month->name);
	table_text(table, month->as_of);
	table_text(table, key);
	table_text(table, name);
}

static void put_end(
	struct table *table, const struct month *month, const struct standing *sum, bool money)
{
	if (money) {
		table_number(table, sum->restitution_low);
		table_number(table, sum->restitution_high);
	} else {
		table_empty(table);
		table_empty(table);
	}
	table_text(table, month->revision);
}

static int put_lines(struct table *table, const struct comparison *comparison,
	struct registry *registry, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < comparison->count; i++) {
		const struct group *group = &comparison->items[i];
		const struct month *month = &comparison->months[group->month];
		struct region region = {.code = ""};

		if (comparison->ask->by == BY_KABUPATEN)
			r = registry_region_get(registry, group->key, &region, err);
		if (r == -ENOENT) /* it is a code alone then */
			r = 0;
		put_line(table, month, group->key,
			comparison->ask->by == BY_PROVIDER ? group->key : region.name);
		put_standing(table, &group->sum);
		put_end(table, month, &group->sum, true);
	}
	return r;
}

static void put_all(struct table *table, const struct comparison *comparison)
{
	const struct ask *ask = comparison->ask;

	for (size_t i = 0; ask->all && i < (size_t)ask->months; i++) {
		put_line(table, &comparison->months[i], "", "");
		put_standing(table, &comparison->all[i]);
		put_end(table, &comparison->months[i], &comparison->all[i], ask->money_of_all);
	}
}

/* ---- the answer */

static int write_json(const struct comparison *comparison, struct registry *registry,
	struct response *ret, struct err *err)
{
	struct table *rows = table_new(columns), *all = table_new(columns);
	struct json json;
	int r = rows && all ? put_lines(rows, comparison, registry, err) : -ENOMEM;

	if (r == 0) {
		put_all(all, comparison);
		ret->packs = true;
		response_json(ret, &json);
		json_text(&json, "by", groups[comparison->ask->by]);
		json_text(&json, "month", comparison->ask->last);
		json_number(&json, "months", comparison->ask->months);
		r = table_render_json(rows, &json, "rows");
		if (r == 0)
			r = table_render_json(all, &json, "all");
		if (r == 0)
			response_json_end(ret, &json);
	}
	table_free(rows);
	table_free(all);
	return r == -ENOMEM ? err_errno(err, r, "the comparison") : r;
}

static int write_csv(const struct comparison *comparison, struct registry *registry,
	struct response *ret, struct err *err)
{
	struct table *table = table_new(columns);
	int r = table ? put_lines(table, comparison, registry, err) : -ENOMEM;

	if (r == 0) {
		put_all(table, comparison);
		ret->type = "text/csv; charset=utf-8";
		r = table_render_csv(table, &ret->body);
	}
	table_free(table);
	return r == -ENOMEM ? err_errno(err, r, "the comparison") : r;
}

static bool read_ask(const struct request *request, struct ask *ret_ask, struct response *ret)
{
	static const char *const known[] = {
		"by", "month", "months", "kabupaten", "provider", "format", NULL};
	static const char *const formats[] = {"json", "csv", NULL};
	static const struct param_range months = {1, MONTHS_MAX};
	int by = BY_PROVIDER, format = 0;

	*ret_ask = (struct ask){.months = MONTHS_USUAL};
	if (!params_known(request, known, ret) || !param_month(request, &ret_ask->last, ret) ||
		!param_choice(request, "by", groups, &by, ret) ||
		!param_choice(request, "format", formats, &format, ret) ||
		!param_number(request, "months", months, &ret_ask->months, ret) ||
		!filter_read(request, &ret_ask->filter, ret))
		return false;
	ret_ask->by = (enum by)by;
	ret_ask->csv = format == 1;
	ret_ask->all = request->who->role != USER_PROVIDER;
	ret_ask->money_of_all = ROLES_DESK & ROLE_BIT(request->who->role);
	return true;
}

void api_comparison(struct site *site, const struct request *request, struct response *ret)
{
	struct comparison comparison = {.items = NULL};
	struct err err = {0};
	struct books books;
	struct ask ask;
	int r;

	if (!read_ask(request, &ask, ret) || !books_open(site->state, &books, ret))
		return;
	comparison.ask = &ask;
	r = compare_months(site, &books, &comparison, &err);
	if (r == 0)
		r = ask.csv ? write_csv(&comparison, books.registry, ret, &err)
			    : write_json(&comparison, books.registry, ret, &err);
	if (r < 0)
		books_failed("comparison", &err, ret);
	free(comparison.items);
	books_close(&books);
}
