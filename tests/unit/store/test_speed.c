/* SPDX-License-Identifier: Apache-2.0 */
/* Speed tests from the journal to the link that they speak of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/ledger_speed.h"
#include "tests/unit/store/fixture.h"

#define HOUR_US (3600 * US_PER_S)

static int print_one(void *arg, const struct ledger_speed *speed)
{
	char *text = arg, *end = text + strlen(text);

	sprintf(end, "%u@%d:%u ", speed->agent, (int)(speed->at_us / US_PER_S - T0),
		speed->has_down ? speed->down_kbps : 0);
	assert_true(speed->record_length > 0);
	return 0;
}

/* "agent@second:kbps " of each test of the link in the first day. */
static const char *speeds(struct fixture *fixture, int64_t link)
{
	static char text[1024];
	struct ledger_span span = {link, T0, T0 + 86400};
	struct ledger_db *db = NULL;
	struct err err = {0};

	text[0] = '\0';
	assert_int_equal(ledger_db_open(fixture->state, &db, &err), 0);
	assert_int_equal(ledger_speeds(db, &span, print_one, text, &err), 0);
	ledger_db_close(db);
	return text;
}

static void tests_are_placed_by_the_anchors_whenever_those_come(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_speed(KEY(agent, 1, 2), 1, 2 * HOUR_US, 19000),
		sent_speed(KEY(agent, 1, 1), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 3), 1, 30 * HOUR_US, 17000), /* the next day */
		sent_speed(KEY(agent, 1, 4), 1, 3 * HOUR_US, 0),
	};
	struct sent early = sent_anchor(KEY(agent, 1, 9), 1, 0, T0 * US_PER_S);
	struct sent late = sent_anchor(
		KEY(agent, 1, 10), 1, 90 * 60 * US_PER_S, T0 * US_PER_S + 91 * 60 * US_PER_S);
	bool any = true;

	assert_string_equal((fixture_take(fixture, NULL, 0), speeds(fixture, link)), "");
	assert_int_equal(ledger_has_speeds(ledger_writer_view(fixture->writer), &any, NULL), 0);
	assert_false(any);
	fixture_take(fixture, records, 4);
	assert_string_equal(speeds(fixture, link), "");
	fixture_take(fixture, &early, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7200:19000 1@10800:0 ");
	/* a better anchor moves what comes after it, and nothing else */
	fixture_take(fixture, &late, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7260:19000 1@10860:0 ");
	assert_int_equal(ledger_has_speeds(ledger_writer_view(fixture->writer), &any, NULL), 0);
	assert_true(any);
}

static void a_doubled_one_counts_once_and_a_disputed_one_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 3), 1, 2 * HOUR_US, 20000),
	};
	struct sent other = sent_speed(KEY(agent, 1, 3), 1, 2 * HOUR_US, 99000);

	fixture_take(fixture, records, 4);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7200:20000 ");
	fixture_take(fixture, &other, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 ");
}

static void the_newer_agent_speaks_from_its_beginning(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t old = fixture_agent(fixture, link, T0);
	uint32_t new = fixture_agent(fixture, link, T0 + 5400);
	struct sent records[] = {
		sent_anchor(KEY(old, 1, 1), 1, 0, T0 * US_PER_S),
		sent_anchor(KEY(new, 1, 1), 2, 0, T0 * US_PER_S),
		sent_speed(KEY(old, 1, 2), 1, HOUR_US, 1000),
		sent_speed(KEY(old, 1, 3), 1, 2 * HOUR_US, 2000),
		sent_speed(KEY(new, 1, 2), 2, HOUR_US, 3000),
		sent_speed(KEY(new, 1, 3), 2, 2 * HOUR_US, 4000),
	};

	fixture_take(fixture, records, 6);
	assert_string_equal(speeds(fixture, link), "1@3600:1000 2@7200:4000 ");
	assert_string_equal(speeds(fixture, link + 1), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tests_are_placed_by_the_anchors_whenever_those_come,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_doubled_one_counts_once_and_a_disputed_one_not_at_all, fixture_setup,
			fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_newer_agent_speaks_from_its_beginning, fixture_setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
