/* SPDX-License-Identifier: Apache-2.0 */
/* When nobody could be heard: intervals, over restarts of either process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledgerd/ears.h"
#include "common/log.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/life.h"

struct bench {
	struct fixture *fixture;
	struct desk *desk;
	struct ears *ears;
};

static struct ears *open_ears(struct bench *bench)
{
	struct ears *ears = NULL;
	struct err err = {0};

	must(ears_new(bench->fixture->state, bench->desk,
		     ledger_writer_view(bench->fixture->writer), &ears, &err),
		&err);
	return ears;
}

static struct bench open_bench(void **state)
{
	struct bench bench = {.fixture = *state, .desk = desk_new()};

	fixture_take(bench.fixture, NULL, 0);
	bench.ears = open_ears(&bench);
	return bench;
}

static void close_bench(struct bench *bench)
{
	ears_free(bench->ears);
	desk_free(bench->desk);
}

static void well(struct bench *bench, int64_t at_s, int64_t since_s)
{
	ears_hear(
		bench->ears, &(struct ears_answer){.at_s = at_s, .well = true, .since_s = since_s});
}

static void deaf(struct bench *bench, int64_t at_s, const char *why)
{
	struct ears_answer answer = {.at_s = at_s};

	snprintf(answer.why, sizeof(answer.why), "%s", why);
	ears_hear(bench->ears, &answer);
}

static void keep(struct bench *bench)
{
	struct ledger_writer *writer = bench->fixture->writer;
	struct err err = {0};

	must(ledger_begin(writer, &err), &err);
	must(ears_write(bench->ears, writer, &err), &err);
	must(ledger_commit(writer, (struct seglog_pos){1, 0}, &err), &err);
	ears_commit(bench->ears);
}

static void expect(struct bench *bench, size_t count, int64_t from_s, int64_t to_s)
{
	size_t found;
	const struct own_outage *outages = ears_outages(bench->ears, &found);

	assert_int_equal(found, count);
	if (!count)
		return;
	assert_int_equal(outages[0].from_s, from_s);
	assert_int_equal(outages[0].to_s, to_s);
}

static void silence_of_ingest_is_an_interval(void **state)
{
	struct bench bench = open_bench(state);

	deaf(&bench, T0 - 5, "not there yet"); /* before it was ever well nobody was missed */
	expect(&bench, 0, 0, 0);
	well(&bench, T0, T0 - 100);
	for (int i = 1; i <= 30; i++)
		deaf(&bench, T0 + i, "gone");
	expect(&bench, 1, T0, T0 + 30); /* it goes on */
	well(&bench, T0 + 31, T0 + 31);
	expect(&bench, 1, T0, T0 + 31);
	deaf(&bench, T0 + 32, "a hiccup");
	well(&bench, T0 + 33, T0 + 31);
	expect(&bench, 1, T0, T0 + 31);
	keep(&bench);
	close_bench(&bench);
}

static void a_restart_nobody_saw_is_an_interval(void **state)
{
	struct bench bench = open_bench(state);

	well(&bench, T0, T0 - 100);
	keep(&bench);
	/* the ledger was killed, and the machine was off */
	ears_free(bench.ears);
	bench.ears = open_ears(&bench);
	well(&bench, T0 + 3600, T0 + 3000);
	expect(&bench, 1, T0, T0 + 3000);
	keep(&bench);
	/* the ledger alone was away: ingest heard everybody all the time */
	ears_free(bench.ears);
	bench.ears = open_ears(&bench);
	well(&bench, T0 + 9000, T0 + 3000);
	expect(&bench, 1, T0, T0 + 3000);
	close_bench(&bench);
}

static void one_that_goes_on_is_kept_as_it_grows(void **state)
{
	struct bench bench = open_bench(state);

	well(&bench, T0, T0 - 100);
	keep(&bench);
	deaf(&bench, T0 + 3, "it could not write: no space");
	keep(&bench);
	for (int i = 4; i <= 200; i++)
		deaf(&bench, T0 + i, "it could not write: no space");
	keep(&bench);
	ears_free(bench.ears); /* killed in the middle of it */
	bench.ears = open_ears(&bench);
	expect(&bench, 1, T0, T0 + 200); /* as of the last write */
	well(&bench, T0 + 300, T0 + 250);
	expect(&bench, 2, T0, T0 + 250);
	keep(&bench);
	close_bench(&bench);
}

static void it_lasts_from_the_last_sign_to_the_start(void **state)
{
	struct bench bench = open_bench(state);

	well(&bench, T0, T0 - 100);
	/* a normal restart: it is asked for a while before it is asked in vain no more */
	deaf(&bench, T0 + 2, "gone");
	deaf(&bench, T0 + 6, "gone");
	well(&bench, T0 + 9, T0 + 7);
	expect(&bench, 1, T0, T0 + 7);
	keep(&bench);
	/* this process was away too, and what it had kept is a minute old */
	ears_free(bench.ears);
	bench.ears = open_ears(&bench);
	ears_hear(bench.ears,
		&(struct ears_answer){
			.at_s = T0 + 100, .well = true, .since_s = T0 + 90, .before_s = T0 + 70});
	expect(&bench, 2, T0 + 70, T0 + 90);
	/* a clock that went wrong says nothing */
	ears_hear(bench.ears,
		&(struct ears_answer){
			.at_s = T0 + 200, .well = true, .since_s = T0 + 150, .before_s = T0 + 180});
	expect(&bench, 3, T0 + 100, T0 + 150);
	close_bench(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			silence_of_ingest_is_an_interval, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_restart_nobody_saw_is_an_interval, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			one_that_goes_on_is_kept_as_it_grows, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			it_lasts_from_the_last_sign_to_the_start, fixture_setup, fixture_teardown),
	};

	log_set_level(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
