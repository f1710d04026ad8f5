/* SPDX-License-Identifier: Apache-2.0 */
/* Wishes to close a month, the archive of closed months, and what touches them afterwards. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/closed_month.h"
#include "tests/unit/store/fixture.h"

#define DAY_S INT64_C(86400)
#define FEBRUARY (T0 + 31 * DAY_S)

static struct registry_closing january(int64_t grace_days)
{
	return (struct registry_closing){
		.month = "2026-01", .by = "Sari", .grace_days = grace_days};
}

static void expect_wish(struct fixture *fixture, int64_t now_s, int result, const char *words)
{
	struct registry_closing wish = january(CLOSING_GRACE_DAYS), entered;
	struct err err = {0};

	fixture->now_s = now_s;
	assert_int_equal(registry_closing_check(fixture->registry, &wish, NULL), result);
	assert_int_equal(registry_closing_add(fixture->registry, &wish, &entered, &err), result);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, err.text);
}

static void grace_ends_to_the_second_in_the_westernmost_zone(void **state)
{
	struct fixture *fixture = *state;
	struct registry_link link = {.desa = DESA, .provider = "Telkom", .zone = "WIB"};
	int64_t id;

	expect_wish(fixture, FEBRUARY + 7 * DAY_S - 1, -EAGAIN, "2026-02-08 00:00:00 WITA");
	expect_wish(fixture, FEBRUARY + 7 * DAY_S, 0, "");
	assert_int_equal(registry_link_add(fixture->registry, &link, &id, NULL), 0);
	expect_wish(fixture, FEBRUARY + 7 * DAY_S, -EAGAIN, "2026-02-08 00:00:00 WIB");
	expect_wish(fixture, FEBRUARY + 7 * DAY_S + 3600, 0, "");
}

static int count_change(void *arg, const struct registry_change *change)
{
	if (!strcmp(change->table, "closing")) {
		assert_non_null(strstr(change->after, "\"month\":\"2026-01\""));
		assert_non_null(strstr(change->after, "Sari"));
		++*(int *)arg;
	}
	return 0;
}

static int keep_wish(void *arg, const struct registry_closing *wish)
{
	*(struct registry_closing *)arg = *wish;
	return 0;
}

static void wish_is_a_row_and_a_change(void **state)
{
	struct fixture *fixture = *state;
	struct registry_closing wish = january(0), entered, found = {0};
	struct err err = {0};
	int changes = 0;

	fixture->now_s = FEBRUARY;
	assert_int_equal(registry_closing_add(fixture->registry, &wish, &entered, NULL), 0);
	assert_int_equal(registry_closings(fixture->registry, keep_wish, &found, NULL), 0);
	assert_int_equal(found.id, entered.id);
	assert_int_equal(found.entered_s, FEBRUARY);
	assert_string_equal(found.month, "2026-01");
	assert_string_equal(found.by, "Sari");
	assert_int_equal(registry_changes(fixture->registry, 0, count_change, &changes, NULL), 0);
	assert_int_equal(changes, 1);
	wish.by[0] = '\0';
	assert_int_equal(registry_closing_add(fixture->registry, &wish, &entered, &err), -EINVAL);
	wish = january(CLOSING_GRACE_DAYS_MAX + 1);
	assert_int_equal(registry_closing_add(fixture->registry, &wish, &entered, &err), -EINVAL);
}

/* ---- the archive */

static void put(struct fixture *fixture, const char *month, int64_t revision, int64_t number)
{
	struct closed_month closed = {.revision = revision, .number = number, .closed_s = FEBRUARY};
	struct buf document;

	strcpy(closed.month, month);
	strcpy(closed.by, "Sari");
	memset(closed.hash, 'a' + (int)number, sizeof(closed.hash) - 1);
	assert_int_equal(closing_span(month, &closed.span, NULL), 0);
	buf_init(&document, 4096);
	assert_int_equal(buf_append(&document, month, 7), 0);
	assert_int_equal(buf_append(&document, "\0\xff", 2), 0);
	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	assert_int_equal(closed_month_put(fixture->writer, &closed, &document, NULL), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0}, NULL), 0);
	buf_done(&document);
}

static void revisions_are_kept_beside_each_other(void **state)
{
	struct fixture *fixture = *state;
	struct closed_month found = {0};
	struct ledger_db *db;
	struct buf out;

	fixture_take(fixture, NULL, 0);
	db = ledger_writer_view(fixture->writer);
	assert_int_equal(closed_month_find(db, "2026-01", CLOSED_LATEST, &found, NULL), -ENOENT);
	assert_int_equal(closed_month_last(db, &found, NULL), -ENOENT);
	put(fixture, "2026-01", 0, 1);
	put(fixture, "2026-02", 0, 2);
	put(fixture, "2026-01", 1, 3);
	assert_int_equal(closed_month_find(db, "2026-01", CLOSED_LATEST, &found, NULL), 0);
	assert_int_equal(found.revision, 1);
	assert_int_equal(found.bytes, 9);
	assert_int_equal(closed_month_find(db, "2026-01", 2, &found, NULL), -ENOENT);
	assert_int_equal(closed_month_before(db, "2026-02", &found, NULL), 0);
	assert_int_equal(found.number, 3);
	assert_int_equal(closed_month_before(db, "2026-01", &found, NULL), -ENOENT);
	assert_int_equal(closed_month_last(db, &found, NULL), 0);
	assert_int_equal(found.number, 3);
	buf_init(&out, 4096);
	assert_int_equal(closed_month_read(db, "2026-01", 0, &out, NULL), 0);
	assert_int_equal(buf_length(&out), 9);
	assert_memory_equal(buf_peek(&out), "2026-01\0\xff", 9);
	buf_done(&out);
}

static int keep_file(void *arg, const struct closed_file *file)
{
	*(struct closed_file *)arg = *file;
	return 0;
}

static void files_are_issued_once(void **state)
{
	struct fixture *fixture = *state;
	struct closed_file file = {.name = "report.pdf", .added_s = 5}, found = {{0}};
	struct closed_month closed = {0};
	struct ledger_db *db;
	struct buf content, out;

	fixture_take(fixture, NULL, 0);
	db = ledger_writer_view(fixture->writer);
	put(fixture, "2026-01", 0, 1);
	assert_int_equal(closed_month_find(db, "2026-01", 0, &closed, NULL), 0);
	buf_init(&content, 64);
	buf_init(&out, 64);
	assert_int_equal(buf_append(&content, "%PDF", 4), 0);
	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	assert_int_equal(closed_month_attach(fixture->writer, &closed, &file, &content, NULL), 0);
	assert_int_equal(
		closed_month_attach(fixture->writer, &closed, &file, &content, NULL), -EEXIST);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0}, NULL), 0);
	assert_int_equal(closed_month_files(db, &closed, keep_file, &found, NULL), 0);
	assert_string_equal(found.name, "report.pdf");
	assert_int_equal(found.bytes, 4);
	assert_int_equal(closed_month_file(db, &closed, "report.pdf", &out, NULL), 0);
	assert_memory_equal(buf_peek(&out), "%PDF", 4);
	assert_int_equal(closed_month_file(db, &closed, "sla.csv", &out, NULL), -ENOENT);
	buf_done(&content);
	buf_done(&out);
}

/* ---- what would come out differently */

static int count_changed(struct fixture *fixture, int64_t sequence)
{
	struct span span;
	int64_t count;

	assert_int_equal(closing_span("2026-01", &span, NULL), 0);
	assert_int_equal(
		registry_changed_since(fixture->registry, sequence, span, &count, NULL), 0);
	return (int)count;
}

static int64_t sequence_of(struct fixture *fixture)
{
	int64_t sequence;

	assert_int_equal(registry_sequence(fixture->registry, &sequence, NULL), 0);
	return sequence;
}

static void exclude(struct fixture *fixture, int64_t from_s, int64_t to_s)
{
	struct registry_exclusion exclusion = {.scope = SCOPE_DESA,
		.value = DESA,
		.reason = EXCLUSION_POWER,
		.from_s = from_s,
		.to_s = to_s,
		.by = "Sari",
		.note = "PLN"};
	int64_t id;

	assert_int_equal(registry_exclusion_add(fixture->registry, &exclusion, &id, NULL), 0);
}

static void only_what_reaches_the_month_moves_it(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom"), contract, sequence;

	contract = fixture_contract(fixture, link, T0 - DAY_S, SPAN_FOREVER);
	sequence = sequence_of(fixture);
	assert_int_equal(count_changed(fixture, sequence), 0);
	fixture_link(fixture, DESA_OTHER, "Telkom");
	exclude(fixture, FEBRUARY + 2 * DAY_S, FEBRUARY + 3 * DAY_S);
	exclude(fixture, T0 - 9 * DAY_S, T0 - 8 * DAY_S);
	assert_int_equal(
		registry_contract_end(fixture->registry, contract, FEBRUARY + DAY_S, NULL), 0);
	assert_int_equal(count_changed(fixture, sequence), 0);
	exclude(fixture, T0, T0 + 60);
	assert_int_equal(count_changed(fixture, sequence), 1);
	assert_int_equal(
		registry_contract_end(fixture->registry, contract, FEBRUARY - DAY_S, NULL), 0);
	assert_int_equal(count_changed(fixture, sequence), 2);
}

static int count_touch(void *arg, const struct closed_touch *touch)
{
	assert_string_equal(touch->month, "2026-01");
	++*(int *)arg;
	return 0;
}

static void late_records_touch_the_month_they_lie_in(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0 - 90 * DAY_S);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 7, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){7, 60 * US_PER_S, 60000, 0, 9, 0}),
		sent_slot(KEY(agent, 1, 3),
			(struct slot_plan){7, 40 * DAY_S * US_PER_S, 60000, 0, 9, 0}),
		sent_slot(KEY(agent, 1, 4), (struct slot_plan){7, 3600 * US_PER_S, 60000, 0, 9, 0}),
	};
	int touched = 0;

	fixture_take(fixture, records, 2);
	put(fixture, "2025-11", 0, 1);
	put(fixture, "2026-01", 0, 2);
	/* the fixture's batches end like the ledger's */
	fixture_take(fixture, records + 2, 1);
	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	assert_int_equal(ledger_take(fixture->writer,
				 &(struct journal_record){.agent = agent,
					 .key = {1, 4},
					 .received_utc_us = FEBRUARY * US_PER_S,
					 .record = records[3].bytes,
					 .record_length = records[3].length},
				 false, NULL),
		0);
	assert_int_equal(ledger_settle(fixture->writer, NULL), 0);
	assert_int_equal(closed_month_touch(fixture->writer, FEBRUARY, NULL), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0}, NULL), 0);
	assert_int_equal(
		closed_touches(ledger_writer_view(fixture->writer), count_touch, &touched, NULL),
		0);
	assert_int_equal(touched, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(grace_ends_to_the_second_in_the_westernmost_zone,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			wish_is_a_row_and_a_change, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			revisions_are_kept_beside_each_other, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			files_are_issued_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			only_what_reaches_the_month_moves_it, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			late_records_touch_the_month_they_lie_in, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
