/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/term_options.h"

static const struct opt table[] = {
	{"band", OPT_TEXT, OPT_REPEAT, "BELOW:PERCENT", ""},
	{"uncharged", OPT_TEXT, 0, "CAUSE,...", ""},
	{"set", OPT_TEXT, OPT_REPEAT, "KEY=VALUE", ""},
	{NULL},
};
static const struct opt *const tables[] = {table, NULL};

static int read_terms(const char *line, enum formula formula, struct terms *terms, struct err *err)
{
	static char copy[1024];
	char *argv[64];
	int argc = 0;
	struct opts opts;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	assert_int_equal(opts_parse(tables, argc, argv, &opts, err), 0);
	terms_init(terms);
	terms->formula = formula;
	return term_options_read(terms, &opts, err);
}

static void expect_refusal(const char *line, enum formula formula, const char *words)
{
	struct terms terms;
	struct err err = {0};

	assert_int_equal(read_terms(line, formula, &terms, &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' lacks '%s'", err.text, words);
}

static void bands_are_read_in_ppm_and_printed_again(void **state)
{
	struct terms terms;
	struct err err = {0};
	char text[TERM_TEXT_BYTES];

	assert_int_equal(
		read_terms("--band 99.9:20 --band 95:50.5", FORMULA_BANDS, &terms, &err), 0);
	assert_int_equal(terms.band_count, 2);
	assert_int_equal(terms.bands[0].below_ppm, 999000);
	assert_int_equal(terms.bands[0].pay_ppm, 200000);
	assert_int_equal(terms.bands[1].pay_ppm, 505000);
	term_options_bands(&terms, text);
	assert_string_equal(text, "99.9:20,95:50.5");
}

static void bands_belong_to_their_formula(void **state)
{
	expect_refusal("", FORMULA_BANDS, "needs --band");
	expect_refusal("--band 99:10", FORMULA_EXCESS, "not to excess");
	expect_refusal("--band 99", FORMULA_BANDS, "--band = '99': must be BELOW:PERCENT");
	expect_refusal("--band 101:10", FORMULA_BANDS, "--band = '101:10'");
	expect_refusal("--band 99:-1", FORMULA_BANDS, "--band = '99:-1'");
	expect_refusal(
		"--band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 "
		"--band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 --band 1:1 "
		"--band 1:1 --band 1:1 --band 1:1",
		FORMULA_BANDS, "more than 16");
}

static void uncharged_is_a_list_of_causes(void **state)
{
	struct terms terms;
	struct err err = {0};
	char text[TERM_TEXT_BYTES];

	assert_int_equal(read_terms("", FORMULA_EXCESS, &terms, &err), 0);
	assert_int_equal(terms.uncharged, 1u << DOWN_LOCAL);
	assert_int_equal(read_terms("--uncharged cpe,upstream", FORMULA_EXCESS, &terms, &err), 0);
	assert_int_equal(terms.uncharged, 1u << DOWN_CPE | 1u << DOWN_UPSTREAM);
	term_options_uncharged(&terms, text);
	assert_string_equal(text, "cpe,upstream");
	assert_int_equal(read_terms("--uncharged none", FORMULA_EXCESS, &terms, &err), 0);
	assert_int_equal(terms.uncharged, 0);
	term_options_uncharged(&terms, text);
	assert_string_equal(text, "none");
	expect_refusal("--uncharged local,power", FORMULA_EXCESS, "'power' is no cause");
	expect_refusal("--uncharged local,", FORMULA_EXCESS, "'' is no cause");
	expect_refusal("--uncharged local,none", FORMULA_EXCESS, "'none' is no cause");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bands_are_read_in_ppm_and_printed_again),
		cmocka_unit_test(bands_belong_to_their_formula),
		cmocka_unit_test(uncharged_is_a_list_of_causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
