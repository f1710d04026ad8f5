/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "swarm/words.h"

static void words_end_at_blanks_and_comments(void **state)
{
	char line[] = "  10 provider=\"Penyedia Satu\",kind=4g  outage# and so on\n", *rest = line;

	assert_string_equal(words_next(&rest), "10");
	assert_string_equal(words_next(&rest), "provider=Penyedia Satu,kind=4g");
	assert_string_equal(words_next(&rest), "outage");
	assert_null(words_next(&rest));
	assert_null(words_next(&rest));
}

static void an_empty_line_has_no_word(void **state)
{
	char empty[] = "\n", comment[] = "  # 10 all rebind", *rest = empty;

	assert_null(words_next(&rest));
	rest = comment;
	assert_null(words_next(&rest));
}

static void moments_have_units(void **state)
{
	static const struct {
		const char *word;
		int64_t ms;
	} cases[] = {{"10", 10000}, {"1.5", 1500}, {"-90s", -90000}, {"5m", 300000},
		{"2h", 7200000}, {"-3d", -259200000}, {"0", 0}};
	int64_t ms;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(words_moment(cases[i].word, &ms));
		assert_int_equal(ms, cases[i].ms);
	}
}

static void what_is_no_moment_is_refused(void **state)
{
	static const char *const words[] = {
		"", "m", "ten", "5x", "5mm", "nan", "inf", "1e9", "200d", "5 m"};
	int64_t ms = 7;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(words_moment(words[i], &ms));
	assert_false(words_moment(NULL, &ms));
	assert_int_equal(ms, 7);
}

static void times_of_day_have_two_digits_each(void **state)
{
	int64_t ms;

	assert_true(words_time_of_day("19:30", &ms));
	assert_int_equal(ms, (19 * 60 + 30) * 60000);
	assert_true(words_time_of_day("00:00", &ms));
	assert_int_equal(ms, 0);
	assert_false(words_time_of_day("24:00", &ms));
	assert_false(words_time_of_day("9:30", &ms));
	assert_false(words_time_of_day("12:60", &ms));
	assert_false(words_time_of_day("12:3x", &ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_end_at_blanks_and_comments),
		cmocka_unit_test(an_empty_line_has_no_word),
		cmocka_unit_test(moments_have_units),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(times_of_day_have_two_digits_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
