/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/backlog.h"

#define AGENT 7
#define THEN_S 1774972800

struct here {
	struct progress *progress;
	struct backlog *backlog;
	struct hello hello;
};

static int begin(void **state)
{
	struct here *here = calloc(1, sizeof(*here));

	assert_int_equal(progress_new(&here->progress), 0);
	assert_int_equal(backlog_new(&here->backlog), 0);
	*state = here;
	return 0;
}

static int end(void **state)
{
	struct here *here = *state;

	progress_free(here->progress);
	backlog_free(here->backlog);
	free(here);
	return 0;
}

static void holds(struct here *here, uint32_t run, uint32_t first, uint32_t last)
{
	here->hello.runs[here->hello.run_count++] = (struct held_run){run, run * 10, first, last};
}

static void comes(struct here *here, uint32_t run, uint32_t first, uint32_t last)
{
	const struct progress_run key = {AGENT, run, run * 10};

	assert_int_equal(progress_add(here->progress, &key, first, last), 0);
}

static void greets(struct here *here, uint32_t agent, int64_t now_s)
{
	assert_int_equal(
		backlog_take(here->backlog, agent, &here->hello, now_s, here->progress), 0);
}

static uint64_t waiting(const struct here *here)
{
	struct backlog_word word;

	assert_true(backlog_tell(here->backlog, AGENT, here->progress, &word));
	return word.waiting;
}

static void who_never_greeted_is_not_known(void **state)
{
	struct here *here = *state;
	struct backlog_word word;

	assert_false(backlog_tell(here->backlog, AGENT, here->progress, &word));
	assert_false(backlog_tell(here->backlog, 0, here->progress, &word));
	greets(here, AGENT + 1, THEN_S);
	assert_false(backlog_tell(here->backlog, AGENT, here->progress, &word));
}

static void what_came_before_and_since_does_not_wait(void **state)
{
	struct here *here = *state;
	struct backlog_word word;

	comes(here, 3, 1, 50); /* held, and safe here for long */
	comes(here, 4, 1, 9);
	holds(here, 3, 40, 50);
	holds(here, 4, 5, 1244);
	greets(here, AGENT, THEN_S);
	assert_int_equal(waiting(here), 1235);
	comes(here, 4, 10, 244);
	assert_int_equal(waiting(here), 1000);
	comes(here, 4, 1245, 1250); /* measured since the greeting */
	assert_int_equal(waiting(here), 1000);
	comes(here, 4, 245, 1244);
	assert_true(backlog_tell(here->backlog, AGENT, here->progress, &word));
	assert_int_equal(word.waiting, 0);
	assert_int_equal(word.greeted_s, THEN_S);
}

static void another_nonce_is_another_run(void **state)
{
	struct here *here = *state;

	comes(here, 4, 1, 100);
	holds(here, 4, 1, 100);
	here->hello.runs[0].nonce++;
	greets(here, AGENT, THEN_S);
	assert_int_equal(waiting(here), 100);
}

static void a_new_greeting_stands_for_the_one_before(void **state)
{
	struct here *here = *state;
	struct backlog_word word;

	holds(here, 1, 1, 400);
	greets(here, AGENT, THEN_S);
	here->hello.run_count = 0;
	holds(here, 1, 401, 400); /* nothing yet */
	holds(here, 2, 1, 3);
	greets(here, AGENT, THEN_S + 60);
	assert_true(backlog_tell(here->backlog, AGENT, here->progress, &word));
	assert_int_equal(word.waiting, 3);
	assert_int_equal(word.greeted_s, THEN_S + 60);
}

static void many_agents_are_told_apart(void **state)
{
	struct here *here = *state;
	struct backlog_word word;

	for (uint32_t agent = 1; agent <= 1000; agent++) {
		here->hello.run_count = 0;
		holds(here, 1, 1, agent);
		greets(here, agent, THEN_S + agent);
	}
	for (uint32_t agent = 1; agent <= 1000; agent++) {
		assert_true(backlog_tell(here->backlog, agent, here->progress, &word));
		assert_int_equal(word.waiting, agent);
		assert_int_equal(word.greeted_s, THEN_S + agent);
	}
	assert_false(backlog_tell(here->backlog, 1001, here->progress, &word));
}

static void the_largest_claim_does_not_overflow(void **state)
{
	struct here *here = *state;

	for (uint32_t run = 1; run <= RUNS_MAX; run++)
		holds(here, run, 1, UINT32_MAX);
	greets(here, AGENT, THEN_S);
	assert_true(waiting(here) == (uint64_t)UINT32_MAX * RUNS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_never_greeted_is_not_known, begin, end),
		cmocka_unit_test_setup_teardown(
			what_came_before_and_since_does_not_wait, begin, end),
		cmocka_unit_test_setup_teardown(another_nonce_is_another_run, begin, end),
		cmocka_unit_test_setup_teardown(
			a_new_greeting_stands_for_the_one_before, begin, end),
		cmocka_unit_test_setup_teardown(many_agents_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(the_largest_claim_does_not_overflow, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
