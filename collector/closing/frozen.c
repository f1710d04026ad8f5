/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/frozen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/frozen_private.h"
#include "common/civil.h"

#define DAY_S 86400

static const struct table_column columns[] = {
	{"table"},
	{"row"},
	{"column"},
	{"issued"},
	{"now"},
	{NULL},
};

struct table *frozen_notes_new(void)
{
	return table_new(columns);
}

/* ---- which rows */

static int64_t number_in(const struct document_table *table, size_t row, const char *column)
{
	return strtoll(document_cell(table, row, document_column(table, column)), NULL, 10);
}

struct wanted {
	int64_t link, contract;
};

static bool is_at(const struct document_table *table, size_t row, struct wanted wanted)
{
	return row < table->row_count && number_in(table, row, "contract") == wanted.contract &&
		number_in(table, row, "link") == wanted.link;
}

/* The place of the record of a link and contract; -1: there is none. Tables of a month have the
 * same order, so it mostly stands where it is looked for first. */
static ssize_t find(const struct document_table *table, struct wanted wanted, size_t likely)
{
	if (is_at(table, likely, wanted))
		return (ssize_t)likely;
	for (size_t i = 0; i < table->row_count; i++) {
		if (is_at(table, i, wanted))
			return (ssize_t)i;
	}
	return -1;
}

/* The last date of the row's contract has passed. */
static bool is_frozen(const struct frozen *frozen, const struct kept_row *kept)
{
	const struct document_table *rows = document_table(frozen->before, TABLE_ROWS);
	const struct document_table *contracts = document_table(frozen->before, TABLE_CONTRACTS);
	const char *end = document_cell(rows, kept->row, document_column(rows, "as_of"));
	ssize_t place = find(contracts, (struct wanted){kept->link, kept->contract}, kept->row);
	struct registry_contract contract;
	int64_t end_s;

	return place >= 0 && contract_parse(contracts, (size_t)place, &contract, NULL) == 0 &&
		contract.terms.final_days != TERMS_NEVER &&
		civil_parse(end, 0, &end_s, NULL) == 0 &&
		end_s + (int64_t)contract.terms.final_days * DAY_S <= frozen->now_s;
}

static void note(const struct frozen *frozen, const struct kept_row *kept, const char *column,
	const char *issued, const char *now)
{
	char row[64];

	snprintf(
		row, sizeof(row), "link=%" PRId64 " contract=%" PRId64, kept->link, kept->contract);
	table_text(frozen->notes, TABLE_ROWS);
	table_text(frozen->notes, row);
	table_text(frozen->notes, column);
	table_text(frozen->notes, issued);
	table_text(frozen->notes, now);
}

/* True: it comes out otherwise now, and that is noted. */
static bool differs(const struct frozen *frozen, const struct kept_row *kept)
{
	const struct document_table *old = document_table(frozen->before, TABLE_ROWS);
	const struct document_table *new = document_table(frozen->after, TABLE_ROWS);
	bool any = kept->now < 0;

	if (kept->now < 0)
		note(frozen, kept, "row", "present", "absent");
	for (size_t i = 0; kept->now >= 0 && i < old->column_count; i++) {
		int column = document_column(new, old->keys[i]);
		const char *issued = document_cell(old, kept->row, (int)i);
		const char *now = document_cell(new, (size_t)kept->now, column);

		if (column < 0 || !strcmp(old->keys[i], "revision") || !strcmp(issued, now))
			continue;
		note(frozen, kept, old->keys[i], issued, now);
		any = true;
	}
	return any;
}

struct search {
	struct kept_row *kept;
	size_t count; /* of those that differ */
	size_t frozen; /* of all after their last date */
	size_t found; /* of those, rows that there are now, too */
};

static int find_kept(const struct frozen *frozen, struct search *ret_search)
{
	const struct document_table *rows = document_table(frozen->before, TABLE_ROWS);
	const struct document_table *now = document_table(frozen->after, TABLE_ROWS);
	struct search search = {.kept = calloc(rows->row_count + 1, sizeof(*search.kept))};

	if (!search.kept)
		return -ENOMEM;
	for (size_t i = 0; i < rows->row_count; i++) {
		struct kept_row *kept = &search.kept[search.count];

		kept->row = i;
		kept->link = number_in(rows, i, "link");
		kept->contract = number_in(rows, i, "contract");
		if (!is_frozen(frozen, kept))
			continue;
		kept->now = find(now, (struct wanted){kept->link, kept->contract}, i);
		search.frozen++;
		search.found += kept->now >= 0;
		search.count += differs(frozen, kept);
	}
	*ret_search = search;
	return 0;
}

int frozen_keep(const struct frozen *frozen, struct buf *content, struct err *err)
{
	size_t rows = document_table(frozen->before, TABLE_ROWS)->row_count;
	size_t now = document_table(frozen->after, TABLE_ROWS)->row_count;
	struct search search = {0};
	int r = find_kept(frozen, &search);
	bool all = rows && search.frozen == rows && search.found == now;

	if (r == 0 && search.count && !all) {
		buf_clear(content);
		r = frozen_write(frozen, &(struct kept_rows){search.kept, search.count}, content);
	}
	free(search.kept);
	if (r < 0)
		return err_errno(err, r, "rows after their last date");
	return all ? FROZEN_ALL : search.count ? FROZEN_SOME : FROZEN_NONE;
}
