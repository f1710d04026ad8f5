/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/issue.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/compare.h"
#include "collector/closing/frozen.h"
#include "collector/closing/gather.h"
#include "collector/closing/regions.h"
#include "collector/closing/verify.h"
#include "collector/report/sla_parse.h"
#include "collector/report/sla_report.h"
#include "common/civil.h"

#define GATHER_TRIES 5 /* while people enter things all the time */

struct draft { /* a document on its way */
	const struct issuing *issuing;
	struct issue *issue;
	struct closed_month prior; /* the month's latest revision */
	bool revises;
	bool stays; /* all last dates have passed */
	struct document *before, *after; /* the prior one; the tables as they come out now */
	struct buf content; /* the tables as text */
	struct table *changes, *notes;
	struct err *err;
};

static struct ledger_db *view_of(const struct draft *draft)
{
	return ledger_writer_view(draft->issuing->desk->writer);
}

void issue_free(struct issue *issue)
{
	if (!issue)
		return;
	buf_done(&issue->document);
	buf_done(&issue->csv);
	buf_done(&issue->regions);
	buf_done(&issue->notes);
	free(issue);
}

/* ---- what was issued before */

/* The latest of the archive and of those that are about to follow it; false: there is none. */
static int find_last(const struct draft *draft, struct closed_month *ret_last)
{
	int r = closed_month_last(view_of(draft), ret_last, draft->err);

	for (const struct issue *issue = draft->issuing->first; issue; issue = issue->next) {
		*ret_last = issue->meta;
		r = 0;
	}
	return r;
}

static int find_month_before(const struct draft *draft, struct closed_month *ret_before)
{
	const char *month = draft->issue->meta.month;
	int r = closed_month_before(view_of(draft), month, ret_before, draft->err);

	for (const struct issue *issue = draft->issuing->first; issue; issue = issue->next) {
		if (strcmp(issue->meta.month, month) < 0 &&
			(r < 0 || strcmp(issue->meta.month, ret_before->month) >= 0)) {
			*ret_before = issue->meta;
			r = 0;
		}
	}
	return r;
}

static int read_prior(struct draft *draft)
{
	const char *month = draft->issue->meta.month;
	struct buf bytes;
	int r = closed_month_find(view_of(draft), month, CLOSED_LATEST, &draft->prior, draft->err);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	draft->revises = true;
	buf_init(&bytes, DOCUMENT_MAX);
	r = closed_month_read(view_of(draft), month, draft->prior.revision, &bytes, draft->err);
	if (r == 0)
		r = document_parse(
			buf_peek(&bytes), buf_length(&bytes), true, &draft->before, draft->err);
	if (r == 0 && !document_is_whole(draft->before, buf_peek(&bytes)))
		r = err_set(draft->err, -EBADMSG,
			"it is damaged: its hash does not hold. Restore ledger.db from the backup");
	if (r < 0)
		err_prefix(draft->err, "%s in the archive", month);
	buf_done(&bytes);
	return r;
}

/* ---- how it comes out now */

/* Whoever enters something meanwhile makes us read everything again. */
static int gather_at_rest(struct draft *draft)
{
	const struct closing_desk *desk = draft->issuing->desk;
	struct closed_month *meta = &draft->issue->meta;
	const struct sla_source source = {desk->registry, view_of(draft)};
	const struct gather gather = {&source, meta->month, meta->span, draft->issue->name};
	int64_t before = 0, after = -1;
	int r = 0;

	for (int i = 0; r == 0 && before != after && i < GATHER_TRIES; i++) {
		buf_clear(&draft->content);
		r = registry_sequence(desk->registry, &before, draft->err);
		if (r == 0)
			r = gather_tables(&gather, &draft->content, draft->err);
		if (r == 0)
			r = registry_sequence(desk->registry, &after, draft->err);
	}
	if (r == 0 && before != after)
		r = err_set(draft->err, -EBUSY,
			"the registry was changed again and again while %s was counted: try again",
			meta->month);
	meta->registry_sequence = before;
	return r;
}

static int parse_content(struct draft *draft)
{
	struct document *document;
	int r = document_parse(buf_peek(&draft->content), buf_length(&draft->content), false,
		&document, draft->err);

	if (r < 0)
		return err_prefix(draft->err, "%s as it comes out", draft->issue->meta.month);
	document_free(draft->after);
	draft->after = document;
	return 0;
}

static int gather_now(struct draft *draft)
{
	int r = gather_at_rest(draft);

	if (r == 0)
		r = parse_content(draft);
	if (r == 0 && draft->before) {
		const struct frozen frozen = {draft->before, draft->after,
			draft->issuing->desk->now_s, draft->issue->name, draft->notes};

		r = frozen_keep(&frozen, &draft->content, draft->err);
	}
	draft->stays = r == FROZEN_ALL;
	return r == FROZEN_SOME ? parse_content(draft) : r < 0 ? r : 0;
}

/* ---- writing */

static int put_number(struct buf *out, const char *key, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	return document_put_field(out, key, text);
}

static int put_time(struct buf *out, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	return document_put_field(out, key, text);
}

static int put_who(const struct draft *draft, struct buf *out)
{
	const struct closed_month *meta = &draft->issue->meta;
	int r = document_put_title(out);

	if (r == 0)
		r = document_put_field(out, "month", meta->month);
	if (r == 0)
		r = put_number(out, "revision", meta->revision);
	if (r == 0)
		r = document_put_field(out, "name", draft->issue->name);
	if (r == 0)
		r = put_time(out, "as_of", meta->span.to);
	if (r == 0)
		r = put_time(out, "closed", meta->closed_s);
	if (r == 0)
		r = document_put_field(out, "by", meta->by);
	if (r == 0)
		r = put_number(out, "grace_days", draft->issuing->wish->grace_days);
	if (r == 0)
		r = document_put_field(out, "generator", "pantau " PANTAU_VERSION);
	return r == 0 ? put_number(out, "registry", meta->registry_sequence) : r;
}

/* "2025-12 0 HASH" */
static void name_month_before(const struct draft *draft, char *ret_text, size_t size)
{
	struct closed_month before;

	if (find_month_before(draft, &before) == 0)
		snprintf(ret_text, size, "%s %" PRId64 " %s", before.month, before.revision,
			before.hash);
	else
		snprintf(ret_text, size, "-");
}

static int put_chain(const struct draft *draft, struct buf *out)
{
	char before[128], key[2 * CRYPTO_PUBLIC_BYTES + 1];
	uint8_t public[CRYPTO_PUBLIC_BYTES];
	struct closed_month last;
	bool first = find_last(draft, &last) < 0;
	int r;

	draft->issue->meta.number = first ? 1 : last.number + 1;
	r = crypto_key_public(draft->issuing->key, public, draft->err);
	if (r < 0)
		return r;
	hex_format(public, sizeof(public), key);
	name_month_before(draft, before, sizeof(before));
	r = put_number(out, "number", draft->issue->meta.number);
	if (r == 0)
		r = document_put_field(out, "previous", first ? "-" : last.hash);
	if (r == 0)
		r = document_put_field(out, "month_before", before);
	if (r == 0)
		r = document_put_field(out, "revises", draft->revises ? draft->prior.hash : "-");
	return r == 0 ? document_put_field(out, "key", key) : r;
}

static void say_fault(void *arg, unsigned line, const char *words)
{
	struct err *err = arg;

	if (err && !err->text[0])
		err_set(err, -EPROTO, "line %u: %s", line, words);
}

/* Nothing is issued that does not stand by itself. */
static int check(const struct draft *draft)
{
	struct issue *issue = draft->issue;
	struct err first = {0};
	const struct verify_wish wish = {
		.bytes = buf_peek(&issue->document), .length = buf_length(&issue->document)};
	const struct verify_faults faults = {say_fault, &first};
	struct verify_found found;
	int count = closing_verify(&wish, &faults, &found);

	if (count > 0)
		return err_set(draft->err, -EPROTO,
			"%s as it was written does not verify, so nothing was issued: %.200s",
			issue->meta.month, first.text);
	if (count < 0)
		return err_errno(draft->err, count, "%s", issue->meta.month);
	memcpy(issue->meta.hash, found.hash, sizeof(issue->meta.hash));
	issue->rows = found.rows;
	return 0;
}

static int write_document(struct draft *draft)
{
	struct buf *out = &draft->issue->document;
	int r = put_who(draft, out);

	if (r == 0)
		r = put_chain(draft, out);
	if (r == 0)
		r = buf_append(out, buf_peek(&draft->content), buf_length(&draft->content));
	if (r == 0)
		r = document_put_table(out, TABLE_NOTES, draft->notes);
	if (r == 0)
		r = document_put_table(out, TABLE_CHANGES, draft->changes);
	if (r < 0)
		return draft->err && draft->err->text[0]
			? r
			: err_errno(draft->err, r, "document of %s", draft->issue->meta.month);
	r = document_seal(out, draft->issuing->key, draft->err);
	return r == 0 ? check(draft) : r;
}

/* What `pantau sla --format csv` prints. */
static int write_csv(struct draft *draft)
{
	const struct document_table *rows = document_table(draft->after, TABLE_ROWS);
	struct table *table = sla_report_new(SLA_BY_LINK);
	struct sla_row row;
	int r = table ? 0 : err_errno(draft->err, -ENOMEM, "sla.csv");

	for (size_t i = 0; r == 0 && i < rows->row_count; i++) {
		const struct sla_cells cells = {
			rows->keys, rows->cells + i * rows->column_count, rows->column_count};

		r = sla_row_parse(&cells, &row, draft->err);
		sla_report_add(table, SLA_BY_LINK, &row);
	}
	if (r == 0) {
		r = table_render_csv(table, &draft->issue->csv);
		if (r < 0)
			err_errno(draft->err, r, "sla.csv of %s", draft->issue->meta.month);
	}
	table_free(table);
	return r;
}

static void count_undecided(struct draft *draft)
{
	const struct document_table *rows = document_table(draft->after, TABLE_ROWS);
	int low = document_column(rows, "restitution_low");
	int high = document_column(rows, "restitution_high");

	for (size_t i = 0; i < rows->row_count; i++)
		draft->issue->undecided += strcmp(document_cell(rows, i, low),
						   document_cell(rows, i, high)) != 0;
	draft->issue->rows = rows->row_count;
	draft->issue->changes = table_rows(draft->changes);
	draft->issue->notes_count = table_rows(draft->notes);
}

static int draft_all(struct draft *draft, bool *ret_same)
{
	struct closed_month *meta = &draft->issue->meta;
	int r = closing_span(meta->month, &meta->span, draft->err);

	if (r == 0)
		r = read_prior(draft);
	if (r < 0)
		return r;
	meta->revision = draft->revises ? draft->prior.revision + 1 : 0;
	revision_name(meta->revision, draft->issue->name);
	r = gather_now(draft);
	if (r == 0 && draft->revises && !draft->stays)
		r = changes_find(draft->before, draft->after, draft->changes);
	if (r < 0)
		return r;
	count_undecided(draft);
	r = table_rows(draft->notes) ? table_render_csv(draft->notes, &draft->issue->notes) : 0;
	*ret_same = draft->revises && !table_rows(draft->changes);
	if (r < 0 || *ret_same)
		return r;
	r = write_document(draft);
	if (r == 0)
		r = write_csv(draft);
	return r == 0 ? regions_write(draft->issuing->desk->registry,
				document_table(draft->after, TABLE_ROWS), &draft->issue->regions,
				draft->err)
		      : r;
}

int issue_prepare(const struct issuing *issuing, const char *month, struct issue **ret_issue,
	bool *ret_same, struct err *err)
{
	struct issue *issue = calloc(1, sizeof(*issue));
	struct draft draft = {.issuing = issuing, .issue = issue, .err = err};
	int r = -ENOMEM;

	draft.changes = changes_new();
	draft.notes = frozen_notes_new();
	buf_init(&draft.content, DOCUMENT_MAX);
	if (issue && draft.changes && draft.notes) {
		snprintf(issue->meta.month, sizeof(issue->meta.month), "%s", month);
		snprintf(issue->meta.by, sizeof(issue->meta.by), "%s", issuing->wish->by);
		issue->meta.closed_s = issuing->desk->now_s;
		buf_init(&issue->document, DOCUMENT_MAX);
		buf_init(&issue->csv, DOCUMENT_MAX);
		buf_init(&issue->regions, DOCUMENT_MAX);
		buf_init(&issue->notes, CLOSED_WORDS_MAX);
		r = draft_all(&draft, ret_same);
	}
	if (r == -ENOMEM)
		err_errno(err, r, "closing %s", month);
	document_free(draft.before);
	document_free(draft.after);
	buf_done(&draft.content);
	table_free(draft.changes);
	table_free(draft.notes);
	if (r == 0)
		*ret_issue = issue;
	else
		issue_free(issue);
	return r;
}
