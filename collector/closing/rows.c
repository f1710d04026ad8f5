/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/document.h"
#include "collector/closing/sums.h"
#include "collector/report/sla_parse.h"

struct answer { /* out of one document */
	const struct sla_source *source;
	const struct sla_query *query;
	const struct document *document;
	int (*each)(void *arg, const struct sla_row *row);
	void *arg;
	struct err *err;
};

static int parse_row(const struct answer *answer, const struct document_table *table, size_t i,
	struct sla_row *ret_row)
{
	const struct sla_cells cells = {
		table->keys, table->cells + i * table->column_count, table->column_count};
	int r = sla_row_parse(&cells, ret_row, answer->err);

	return r < 0 ? err_prefix(answer->err, "%s in the archive, line %u", answer->query->month,
			       document_row_line(table, i))
		     : 0;
}

static int find_table(
	const struct answer *answer, const char *name, const struct document_table **ret_table)
{
	*ret_table = document_table(answer->document, name);
	if (*ret_table)
		return 0;
	return err_set(answer->err, -EBADMSG, "%s in the archive: the table %s is missing",
		answer->query->month, name);
}

static bool is_same(const char *wanted, const char *is)
{
	return !wanted || !strcmp(wanted, is);
}

static bool is_wanted(const struct registry_filter *filter, const struct sla_row *row)
{
	return is_same(filter->desa, row->desa) && is_same(filter->kecamatan, row->kecamatan) &&
		is_same(filter->kabupaten, row->kabupaten) &&
		is_same(filter->provider, row->provider) &&
		(!filter->link || filter->link == row->link);
}

static bool is_empty(const struct registry_filter *filter)
{
	return !filter->desa && !filter->kecamatan && !filter->kabupaten && !filter->provider &&
		!filter->link;
}

/* ---- as they stand in a table */

static int answer_table(const struct answer *answer, const struct document_table *table)
{
	struct sla_row row;
	int r = 0;

	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		r = parse_row(answer, table, i, &row);
		if (r == 0 && is_wanted(&answer->query->filter, &row))
			r = answer->each(answer->arg, &row);
	}
	return r;
}

/* ---- sums of a part of the links */

struct group { /* one sum of the document */
	size_t rows; /* of links in it */
	size_t place; /* in its table */
};

struct part {
	const struct answer *answer;
	const struct document_table *table; /* of the sums */
	struct group *groups; /* in the order of the table, which is that of their keys */
	size_t group_count, at;
};

static int count_group(void *arg, const struct sum *sum)
{
	struct part *part = arg;

	part->groups[part->group_count] = (struct group){sum->rows, part->group_count};
	part->group_count++;
	return 0;
}

static const char *const key_columns[] = {
	[SLA_BY_DESA] = "desa",
	[SLA_BY_KECAMATAN] = "kecamatan",
	[SLA_BY_KABUPATEN] = "kabupaten",
	[SLA_BY_PROVIDER] = "provider",
};

/* The sum as it was issued, of which this one is a part; both go by their keys. */
static const struct group *find_group(struct part *part, const struct sum *sum)
{
	enum sla_by by = part->answer->query->by;
	int column = document_column(part->table, key_columns[by]);

	for (; part->at < part->group_count && part->at < part->table->row_count; part->at++) {
		if (!strcmp(document_cell(part->table, part->at, column), sum_key(by, &sum->row)))
			return &part->groups[part->at];
	}
	return NULL;
}

static int answer_sum(void *arg, const struct sum *sum)
{
	struct part *part = arg;
	const struct answer *answer = part->answer;
	const struct group *group = find_group(part, sum);
	struct sla_row row;
	int r;

	if (!group)
		return err_set(answer->err, -EBADMSG, "%s in the archive: a sum is missing",
			answer->query->month);
	if (group->rows == sum->rows) {
		r = parse_row(answer, part->table, group->place, &row);
		return r == 0 ? answer->each(answer->arg, &row) : r;
	}
	if (answer->query->by == SLA_BY_DESA && sum->links > 1)
		return err_set(answer->err, -ENOTSUP,
			"%s is closed, and no sum of a part of desa %s was issued: ask for its "
			"links, or for what would be counted now (live)",
			answer->query->month, sum->row.desa);
	return answer->each(answer->arg, &sum->row);
}

/* All rows of the links, or those that the filter leaves; caller frees. */
static int load_items(
	const struct answer *answer, bool filtered, struct sum_item **ret_items, size_t *ret_count)
{
	const struct document_table *table = document_table(answer->document, TABLE_ROWS);
	struct sum_item *items = calloc(table->row_count + 1, sizeof(*items));
	size_t count = 0;
	int r = items ? 0 : err_errno(answer->err, -ENOMEM, "rows of %s", answer->query->month);

	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		r = parse_row(answer, table, i, &items[count].row);
		if (r == 0 && (!filtered || is_wanted(&answer->query->filter, &items[count].row)))
			count++;
	}
	if (r < 0) {
		free(items);
		return r;
	}
	*ret_items = items;
	*ret_count = count;
	return 0;
}

static int by_text(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

/* Links that were heard of, by what the document says of each. */
static int mark_heard(const struct answer *answer, struct sum_item *items, size_t count)
{
	const struct document_table *table;
	const char **heard, *key;
	char text[24];
	size_t heard_count = 0;
	int r = find_table(answer, TABLE_LINKS, &table);

	if (r < 0)
		return r;
	heard = calloc(table->row_count + 1, sizeof(*heard));
	if (!heard)
		return err_errno(answer->err, -ENOMEM, "links of %s", answer->query->month);
	for (size_t i = 0; i < table->row_count; i++) {
		if (*document_cell(table, i, document_column(table, "first_slot")))
			heard[heard_count++] = document_cell(
				table, i, document_column(table, "link"));
	}
	qsort(heard, heard_count, sizeof(*heard), by_text);
	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%" PRId64, items[i].row.link);
		key = text;
		items[i].heard = bsearch(&key, heard, heard_count, sizeof(*heard), by_text);
	}
	free(heard);
	return 0;
}

static int count_groups(struct part *part)
{
	struct sum_item *items;
	size_t count;
	int r = load_items(part->answer, false, &items, &count);

	if (r < 0)
		return r;
	part->groups = calloc(count + 1, sizeof(*part->groups));
	if (part->groups)
		sums_fold(items, count, part->answer->query->by, count_group, part);
	else
		r = err_errno(part->answer->err, -ENOMEM, "%s", part->answer->query->month);
	free(items);
	return r;
}

static int answer_part(const struct answer *answer, const struct document_table *table)
{
	struct part part = {.answer = answer, .table = table};
	struct sum_item *items = NULL;
	size_t count = 0;
	int r = count_groups(&part);

	if (r == 0)
		r = load_items(answer, true, &items, &count);
	if (r == 0)
		r = mark_heard(answer, items, count);
	if (r == 0)
		r = sums_fold(items, count, answer->query->by, answer_sum, &part);
	free(items);
	free(part.groups);
	return r;
}

/* ---- the whole */

static int stop_there(void *arg, const struct registry_link *link)
{
	return 1;
}

static int answer_document(const struct answer *answer)
{
	static const char *const names[] = {
		[SLA_BY_LINK] = TABLE_ROWS,
		[SLA_BY_DESA] = TABLE_DESA,
		[SLA_BY_KECAMATAN] = TABLE_KECAMATAN,
		[SLA_BY_KABUPATEN] = TABLE_KABUPATEN,
		[SLA_BY_PROVIDER] = TABLE_PROVIDERS,
	};
	const struct sla_query *query = answer->query;
	const struct document_table *table, *rows;
	/* what is wrong with a filter is wrong with it here, too */
	int r = registry_links(
		answer->source->registry, &query->filter, stop_there, NULL, answer->err);

	if (r >= 0)
		r = find_table(answer, names[query->by], &table);
	if (r == 0)
		r = find_table(answer, TABLE_ROWS, &rows);
	if (r < 0)
		return r;
	if (query->by == SLA_BY_LINK || is_empty(&query->filter))
		return answer_table(answer, table);
	return answer_part(answer, table);
}

static int answer_bytes(struct answer *answer, const struct buf *bytes)
{
	struct document *document;
	int r = document_parse(buf_peek(bytes), buf_length(bytes), true, &document, answer->err);

	if (r < 0)
		return err_prefix(answer->err, "%s in the archive", answer->query->month);
	answer->document = document;
	if (document_is_whole(document, buf_peek(bytes)))
		r = answer_document(answer);
	else
		r = err_set(answer->err, -EBADMSG,
			"%s in the archive is damaged: its hash does not hold. Restore ledger.db "
			"from the backup; --live counts anew",
			answer->query->month);
	document_free(document);
	return r;
}

static int answer_closed(struct answer *answer, int64_t revision)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, DOCUMENT_MAX);
	r = closed_month_read(
		answer->source->ledger, answer->query->month, revision, &bytes, answer->err);
	if (r == 0)
		r = answer_bytes(answer, &bytes);
	buf_done(&bytes);
	return r;
}

int closing_rows(const struct sla_source *source, const struct closing_question *question,
	int (*each)(void *arg, const struct sla_row *row), void *arg, struct err *err)
{
	struct answer answer = {source, &question->sla, NULL, each, arg, err};
	struct closed_month closed;
	struct span span;
	int r = closing_span(question->sla.month, &span, err);

	if (r < 0)
		return r;
	if (question->live)
		return sla_rows(source, &question->sla, each, arg, err);
	r = source->ledger ? closed_month_find(source->ledger, question->sla.month,
				     question->revision, &closed, err)
			   : -ENOENT;
	if (r == 0)
		return answer_closed(&answer, closed.revision);
	if (r == -ENOENT && question->revision == CLOSED_LATEST)
		return sla_rows(source, &question->sla, each, arg, err);
	if (r == -ENOENT)
		err_set(err, r, "%s has no revision %" PRId64, question->sla.month,
			question->revision);
	return r;
}
