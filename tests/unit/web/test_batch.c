/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "web/batch.h"
#include "web/limits.h"
#include "ledger_fixture.h"

static int set_up(void **state)
{
	struct ledger_fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture_init(fixture);
	fixture_create(fixture);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	fixture_done(*state);
	free(*state);
	return 0;
}

/* The caller frees the text. */
static char *read_after(struct ledger_fixture *fixture, int64_t after, struct batch *ret_batch)
{
	struct ledger_db *db = NULL;
	char *text;

	assert_int_equal(ledger_db_open(fixture->state, &db, NULL), 0);
	batch_init(ret_batch);
	assert_int_equal(batch_read(db, after, ret_batch, NULL), 0);
	ledger_db_close(db);
	text = strndup((const char *)buf_peek(&ret_batch->text), buf_length(&ret_batch->text));
	batch_done(ret_batch);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t found = 0;

	for (; (text = strstr(text, what)); text++)
		found++;
	return found;
}

static void a_change_is_said_whole(void **state)
{
	struct batch batch;
	char *text;

	fixture_live(*state, 7, LIVE_DOWN);
	text = read_after(*state, 0, &batch);
	assert_string_equal(text,
		"event: state\nid: 1\n"
		"data: {\"link\":7,\"state\":\"down\",\"since\":\"2025-12-31T16:00:00Z\","
		"\"cause\":\"provider\",\"dns\":null,\"last_report\":\"2025-12-31T16:01:00Z\","
		"\"rtt_us\":null,\"loss_ppm\":1000000}\n\n");
	assert_int_equal(batch.first, 1);
	assert_int_equal(batch.last, 1);
	free(text);
}

static void only_the_last_event_of_a_batch_bears_an_id(void **state)
{
	struct batch batch;
	char *text;

	fixture_live(*state, 7, LIVE_UP);
	fixture_slot(*state, 7, OUTBOX_SLOT);
	fixture_live(*state, 8, LIVE_DOWN);
	fixture_slot(*state, 7, OUTBOX_STATE);
	text = read_after(*state, 0, &batch);
	assert_int_equal(count(text, "event: state\n"), 2);
	assert_int_equal(count(text, "event: slots\n"), 1);
	assert_int_equal(count(text, "id: "), 1);
	assert_non_null(strstr(text,
		"event: slots\nid: 4\ndata: {\"links\":[{\"link\":7,"
		"\"last_report\":\"2025-12-31T16:01:00Z\",\"rtt_us\":21500,"
		"\"loss_ppm\":0}]}\n\n"));
	free(text);
}

static void slots_of_one_link_are_said_once(void **state)
{
	struct batch batch;
	char *text;

	fixture_live(*state, 7, LIVE_UP);
	for (int i = 0; i < 5; i++)
		fixture_slot(*state, 7, OUTBOX_SLOT);
	text = read_after(*state, 1, &batch);
	assert_int_equal(count(text, "\"link\":7"), 1);
	assert_int_equal(batch.last, 6);
	free(text);
}

static void rows_for_the_exporter_alone_say_nothing_and_count(void **state)
{
	struct batch batch;
	char *text;

	fixture_slot(*state, 7, OUTBOX_STATE);
	fixture_slot(*state, 7, OUTBOX_STATE);
	text = read_after(*state, 0, &batch);
	assert_string_equal(text, "");
	assert_int_equal(batch.last, 2);
	free(text);
}

static void a_batch_is_bounded_and_the_next_goes_on(void **state)
{
	struct batch batch;
	char *text;

	for (int i = 1; i <= EVENTS_BATCH + 3; i++)
		fixture_live(*state, i, LIVE_DOWN);
	text = read_after(*state, 0, &batch);
	assert_int_equal(count(text, "event: state\n"), EVENTS_BATCH);
	assert_int_equal(batch.last, EVENTS_BATCH);
	free(text);
	text = read_after(*state, batch.last, &batch);
	assert_int_equal(count(text, "event: state\n"), 3);
	assert_false(batch_has_gap(&batch));
	free(text);
}

static void deleted_rows_are_a_gap(void **state)
{
	struct batch batch;

	for (int i = 1; i <= 5; i++)
		fixture_live(*state, i, LIVE_UP);
	fixture_forget(*state, 3);
	free(read_after(*state, 3, &batch));
	assert_false(batch_has_gap(&batch));
	free(read_after(*state, 2, &batch));
	assert_true(batch_has_gap(&batch));
	free(read_after(*state, 5, &batch));
	assert_int_equal(batch.first, 0);
	assert_int_equal(batch.last, 5);
	assert_false(batch_has_gap(&batch));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_change_is_said_whole),
		CASE(only_the_last_event_of_a_batch_bears_an_id),
		CASE(slots_of_one_link_are_said_once),
		CASE(rows_for_the_exporter_alone_say_nothing_and_count),
		CASE(a_batch_is_bounded_and_the_next_goes_on),
		CASE(deleted_rows_are_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
