/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/close.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/issue.h"
#include "collector/closing/keys.h"
#include "collector/closing/regions.h"
#include "common/crypto.h"

struct closing {
	struct issuing issuing;
	struct issue *issues, **end; /* what will be issued, in order */
	struct issue *noted; /* of months that stay as they are: only what came too late */
	struct buf words;
	struct err *err;
};

static void say(struct closing *closing, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct closing *closing, const char *format, ...)
{
	char line[512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* what does not fit any more is no reason to fail */
	if (length > 0 && (size_t)length < sizeof(line))
		buf_append(&closing->words, line, (size_t)length);
}

/* ---- preparing */

static void say_issue(struct closing *closing, const struct issue *issue)
{
	say(closing, "%s: %s, %zu rows, sha256 %s\n", issue->meta.month, issue->name, issue->rows,
		issue->meta.hash);
	if (issue->changes)
		say(closing, "%s: changes since the last revision: %zu, listed in the document\n",
			issue->meta.month, issue->changes);
	if (issue->undecided)
		say(closing,
			"%s: rows whose restitution is not decided (proven and possible differ): "
			"%zu\n",
			issue->meta.month, issue->undecided);
}

static void say_notes(struct closing *closing, const struct issue *issue)
{
	if (issue->notes_count)
		say(closing,
			"%s: %zu cells would change, but the last date of their contracts has "
			"passed: only noted\n",
			issue->meta.month, issue->notes_count);
}

/* 1: there will be a new document. */
static int prepare(struct closing *closing, const char *month)
{
	struct issue *issue;
	bool same = false;
	int r = issue_prepare(&closing->issuing, month, &issue, &same, closing->err);

	if (r < 0)
		return r;
	say_notes(closing, issue);
	if (same) {
		issue->next = closing->noted;
		closing->noted = issue;
		return 0;
	}
	say_issue(closing, issue);
	*closing->end = issue;
	closing->end = &issue->next;
	closing->issuing.first = closing->issues;
	return 1;
}

struct later {
	char (*months)[MONTH_NAME_BYTES];
	size_t count, room;
};

static int add_later(void *arg, const struct closed_month *closed)
{
	struct later *later = arg;

	if (closed->revision)
		return 0;
	if (later->count == later->room) {
		size_t room = later->room ? later->room * 2 : 16;
		void *months = realloc(later->months, room * sizeof(*later->months));
		if (!months)
			return -ENOMEM;
		later->months = months;
		later->room = room;
	}
	memcpy(later->months[later->count++], closed->month, MONTH_NAME_BYTES);
	return 0;
}

/* What changed this month may change those after it: they are counted again as well. */
static int prepare_later(struct closing *closing, const char *month)
{
	struct ledger_db *view = ledger_writer_view(closing->issuing.desk->writer);
	struct later later = {0};
	int r = closed_months(view, NULL, add_later, &later, closing->err);

	for (size_t i = 0; r == 0 && i < later.count; i++) {
		if (strcmp(later.months[i], month) <= 0)
			continue;
		r = prepare(closing, later.months[i]);
		if (r == 0)
			say(closing, "%s: closed as well, and comes out as it was issued\n",
				later.months[i]);
		r = r < 0 ? r : 0;
	}
	free(later.months);
	return r;
}

static int prepare_all(struct closing *closing)
{
	const char *month = closing->issuing.wish->month;
	int r = prepare(closing, month);

	if (r == 0)
		say(closing,
			"%s is closed already and comes out as it was issued: nothing was "
			"changed\n",
			month);
	/* the first document of a month is no reason to doubt the others */
	if (r > 0 && closing->issues->meta.revision > 0)
		r = prepare_later(closing, month);
	return r < 0 ? r : 0;
}

/* ---- one batch */

static int attach(struct closing *closing, const struct issue *issue, const char *name,
	const struct buf *content)
{
	struct closed_file file = {.added_s = issue->meta.closed_s};
	uint8_t digest[SHA256_BYTES];
	int r = crypto_sha256(buf_peek(content), buf_length(content), digest);

	if (r < 0)
		return err_errno(closing->err, r, "hash of %s", name);
	snprintf(file.name, sizeof(file.name), "%s", name);
	hex_format(digest, sizeof(digest), file.hash);
	return closed_month_attach(
		closing->issuing.desk->writer, &issue->meta, &file, content, closing->err);
}

static int keep_notes(struct closing *closing, struct issue *issue)
{
	struct closed_note note = {.noted_s = closing->issuing.desk->now_s};

	memcpy(note.month, issue->meta.month, sizeof(note.month));
	if (!buf_length(&issue->notes))
		return 0;
	if (buf_append(&issue->notes, "", 1) < 0)
		return err_errno(closing->err, -ENOMEM, "notes of %s", note.month);
	note.words = (const char *)buf_peek(&issue->notes);
	return closed_note_put(closing->issuing.desk->writer, &note, closing->err);
}

static int clean(const struct closing *closing, const struct issue *issue)
{
	return closed_month_clean(closing->issuing.desk->writer, issue->meta.month,
		issue->meta.registry_sequence, closing->err);
}

static int keep_issue(struct closing *closing, struct issue *issue)
{
	struct ledger_writer *writer = closing->issuing.desk->writer;
	int r = closed_month_put(writer, &issue->meta, &issue->document, closing->err);

	if (r == 0)
		r = attach(closing, issue, "sla.csv", &issue->csv);
	if (r == 0)
		r = attach(closing, issue, REGIONS_FILE, &issue->regions);
	if (r == 0)
		r = keep_notes(closing, issue);
	return r == 0 ? clean(closing, issue) : r;
}

static int keep_result(const struct closing *closing, bool failed, const char *words)
{
	const struct closed_result result = {
		.closing = closing->issuing.wish->id,
		.entered_s = closing->issuing.wish->entered_s,
		.failed = failed,
		.words = words,
		.at_s = closing->issuing.desk->now_s,
	};

	return closed_result_put(closing->issuing.desk->writer, &result, closing->err);
}

static int fill_batch(struct closing *closing)
{
	int r = 0;

	for (struct issue *issue = closing->issues; r == 0 && issue; issue = issue->next)
		r = keep_issue(closing, issue);
	for (struct issue *issue = closing->noted; r == 0 && issue; issue = issue->next) {
		r = keep_notes(closing, issue);
		if (r == 0)
			r = clean(closing, issue);
	}
	if (r == 0 && buf_append(&closing->words, "", 1) < 0)
		r = err_errno(closing->err, -ENOMEM, "words of a closing");
	return r == 0 ? keep_result(closing, false, (const char *)buf_peek(&closing->words)) : r;
}

static int commit(struct closing *closing, int (*fill)(struct closing *closing))
{
	const struct closing_desk *desk = closing->issuing.desk;
	int r = ledger_begin(desk->writer, closing->err);

	if (r < 0)
		return r;
	r = fill(closing);
	if (r == 0)
		r = ledger_commit(desk->writer, desk->cursor, closing->err);
	if (r < 0)
		ledger_rollback(desk->writer);
	return r;
}

/* Whoever waits hears why; the ledger goes on. */
static int fill_failure(struct closing *closing)
{
	char words[ERR_TEXT_BYTES + 64];

	snprintf(
		words, sizeof(words), "%s: %s\n", closing->issuing.wish->month, closing->err->text);
	return keep_result(closing, true, words);
}

/* ---- the whole */

static void closing_done(struct closing *closing)
{
	struct issue *lists[] = {closing->issues, closing->noted};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		while (lists[i]) {
			struct issue *next = lists[i]->next;
			issue_free(lists[i]);
			lists[i] = next;
		}
	}
	buf_done(&closing->words);
}

int closing_execute(
	const struct closing_desk *desk, const struct registry_closing *wish, struct err *err)
{
	struct err own = {0};
	struct crypto_key *key = NULL;
	struct closing closing = {.issuing = {desk, wish, NULL, NULL}, .err = &own};
	int r = closing_key_open(desk->state, &key, &own);

	closing.issuing.key = key;
	closing.end = &closing.issues;
	buf_init(&closing.words, CLOSED_WORDS_MAX);
	if (r == 0)
		r = prepare_all(&closing);
	if (r == 0)
		r = commit(&closing, fill_batch);
	if (r < 0)
		r = commit(&closing, fill_failure);
	closing_done(&closing);
	crypto_key_free(key);
	return r < 0 ? err_set(err, r, "%s", own.text) : 0;
}
