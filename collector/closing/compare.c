/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/compare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 2 /* columns that name a row */
#define KEY_BYTES 256

struct subject {
	const char *table;
	const char *keys[KEYS_MAX];
	const char *ignored; /* columns, each between spaces */
};

static const struct subject subjects[] = {
	/* the first slot may be years old; whether there is any shows in links_never */
	{TABLE_LINKS, {"link"}, " first_slot "},
	/* where a contract ends counts as far as it moves a row's segment */
	{TABLE_CONTRACTS, {"contract"}, " from to "},
	{TABLE_EXCLUSIONS, {"exclusion"}, ""},
	{TABLE_DECISIONS, {"kind", "id"}, ""},
	{TABLE_ROWS, {"link", "contract"}, " revision "},
	{TABLE_DESA, {"desa"}, " revision "},
	{TABLE_KECAMATAN, {"kecamatan"}, " revision "},
	{TABLE_KABUPATEN, {"kabupaten"}, " revision "},
	{TABLE_PROVIDERS, {"provider"}, " revision "},
	{TABLE_OUTAGES, {"link", "start"}, ""},
	{TABLE_HIGH_LOSS, {"link", "start"}, ""},
};

/* Of an outage that goes on after the month more and more is known, but not of these columns. */
static const char settled[] =
	" start link desa provider contract first_lost ticket ticket_opened objection ";

static const struct table_column columns[] = {
	{"table"},
	{"row"},
	{"column"},
	{"before"},
	{"after"},
	{NULL},
};

struct table *changes_new(void)
{
	return table_new(columns);
}

/* ---- a table with its rows in the order of their keys */

struct keyed_row {
	char key[KEY_BYTES]; /* "link=3 contract=5" */
	size_t row;
};

struct keyed {
	const struct document_table *table;
	struct keyed_row *rows;
	size_t count;
};

static int by_key(const void *left, const void *right)
{
	const struct keyed_row *a = left, *b = right;

	return strcmp(a->key, b->key);
}

static void name_row(const struct document_table *table, const struct subject *subject, size_t row,
	char ret_key[KEY_BYTES])
{
	size_t at = 0;

	ret_key[0] = '\0';
	for (int i = 0; i < KEYS_MAX && subject->keys[i] && at < KEY_BYTES; i++)
		at += (size_t)snprintf(ret_key + at, KEY_BYTES - at, "%s%s=%s", i ? " " : "",
			subject->keys[i],
			document_cell(table, row, document_column(table, subject->keys[i])));
}

static int sort_rows(
	const struct document *document, const struct subject *subject, struct keyed *ret_keyed)
{
	struct keyed keyed = {.table = document_table(document, subject->table)};

	if (keyed.table) {
		keyed.count = keyed.table->row_count;
		keyed.rows = calloc(keyed.count + 1, sizeof(*keyed.rows));
		if (!keyed.rows)
			return -ENOMEM;
	}
	for (size_t i = 0; i < keyed.count; i++) {
		name_row(keyed.table, subject, i, keyed.rows[i].key);
		keyed.rows[i].row = i;
	}
	if (keyed.count)
		qsort(keyed.rows, keyed.count, sizeof(*keyed.rows), by_key);
	*ret_keyed = keyed;
	return 0;
}

/* ---- differences */

struct pair {
	const struct subject *subject;
	const struct keyed *before, *after;
	struct table *changes;
	const char *as_of; /* of the documents: the month's last end */
};

static void add(const struct pair *pair, const char *key, const char *column, const char *before,
	const char *after)
{
	table_text(pair->changes, pair->subject->table);
	table_text(pair->changes, key);
	table_text(pair->changes, column);
	table_text(pair->changes, before);
	table_text(pair->changes, after);
}

static bool is_among(const char *list, const char *column)
{
	char wanted[64];

	snprintf(wanted, sizeof(wanted), " %s ", column);
	return strstr(list, wanted) != NULL;
}

/* It ends after the month, or has not ended. Times compare as texts. */
static bool goes_on(const struct pair *pair, const struct keyed *keyed, size_t row)
{
	const char *end = document_cell(keyed->table, row, document_column(keyed->table, "end"));

	return !*end || strcmp(end, pair->as_of) > 0;
}

static void compare_cells(
	const struct pair *pair, const struct keyed_row *before, const struct keyed_row *after)
{
	const struct document_table *old = pair->before->table, *new = pair->after->table;
	bool grows = !strcmp(pair->subject->table, TABLE_OUTAGES) &&
		goes_on(pair, pair->before, before->row) && goes_on(pair, pair->after, after->row);

	for (size_t i = 0; i < new->column_count; i++) {
		const char *column = new->keys[i];
		const char *was = document_cell(old, before->row, document_column(old, column));
		const char *is = document_cell(new, after->row, (int)i);

		if (is_among(pair->subject->ignored, column) ||
			(grows && !is_among(settled, column)))
			continue;
		/* a column that the older program did not know is no change of the month */
		if (document_column(old, column) >= 0 && strcmp(was, is) != 0)
			add(pair, after->key, column, was, is);
	}
}

static void compare_rows(const struct pair *pair)
{
	size_t old = 0, new = 0;

	while (old < pair->before->count || new < pair->after->count) {
		const struct keyed_row *before = &pair->before->rows[old];
		const struct keyed_row *after = &pair->after->rows[new];
		int order = old == pair->before->count ? 1
			: new == pair->after->count    ? -1
						       : strcmp(before->key, after->key);

		if (order < 0)
			add(pair, before->key, "row", "present", "absent");
		else if (order > 0)
			add(pair, after->key, "row", "absent", "present");
		else
			compare_cells(pair, before, after);
		old += order <= 0;
		new += order >= 0;
	}
}

static int compare_subject(const struct subject *subject, const struct document *before,
	const struct document *after, struct table *changes)
{
	struct keyed old = {0}, new = {0};
	const char *as_of = document_field(before, "as_of");
	struct pair pair = {subject, &old, &new, changes, as_of ? as_of : ""};
	int r = sort_rows(before, subject, &old);

	if (r == 0)
		r = sort_rows(after, subject, &new);
	/* a table that the older program did not know is no change of the month */
	if (r == 0 && old.table)
		compare_rows(&pair);
	free(old.rows);
	free(new.rows);
	return r;
}

int changes_find(const struct document *before, const struct document *after, struct table *changes)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(subjects) / sizeof(*subjects); i++)
		r = compare_subject(&subjects[i], before, after, changes);
	return r;
}
