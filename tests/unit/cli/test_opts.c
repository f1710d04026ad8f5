/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/opts.h"

static const char *const colours[] = {"red", "green", NULL};
static const struct opt table[] = {
	{"name", OPT_TEXT, OPT_REQUIRED, "NAME", "a name"},
	{"rate", OPT_NUMBER, 0, "N", "a rate", NULL, -1000, 1000000, 3},
	{"colour", OPT_CHOICE, 0, NULL, "a colour", colours},
	{"band", OPT_TEXT, OPT_REPEAT, "X:Y", "a band"},
	{"o", OPT_TEXT, 0, "FILE", "a file"},
	{NULL},
};
static const struct opt more[] = {
	{"help", OPT_FLAG, 0, NULL, "this text"},
	{NULL},
};
static const struct opt *const tables[] = {table, more, NULL};

#define WORDS_MAX 16

/* Splits a line at its spaces, so that a test reads like a command; "~" is the empty word. */
static int parse(const char *line, struct opts *opts, struct err *err)
{
	static char copy[512];
	static char empty[] = "";
	static char *argv[WORDS_MAX];
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "~") ? word : empty;
	return opts_parse(tables, argc, argv, opts, err);
}

static void opts_read_every_kind(void **state)
{
	struct opts opts;
	struct err err = {0};

	assert_int_equal(parse("a --name x --rate=-0.5 b --colour green --help --band 1 -- --c",
				 &opts, &err),
		0);
	assert_string_equal(opts_text(&opts, "name", ""), "x");
	assert_int_equal(opts_number(&opts, "rate", 7), -500);
	assert_int_equal(opts_number(&opts, "colour", 7), 1);
	assert_true(opts_has(&opts, "help"));
	assert_int_equal(opts.operand_count, 3);
	assert_string_equal(opts.operands[0], "a");
	assert_string_equal(opts.operands[1], "b");
	assert_string_equal(opts.operands[2], "--c");
}

static void opts_fall_back(void **state)
{
	struct opts opts;
	struct err err = {0};

	assert_int_equal(parse("", &opts, &err), 0);
	assert_null(opts_text(&opts, "name", NULL));
	assert_int_equal(opts_number(&opts, "rate", 7), 7);
	assert_false(opts_has(&opts, "help"));
	assert_int_equal(opts_check(tables, &opts, &err), -EINVAL);
	assert_string_equal(err.text, "--name NAME is missing");
}

static void opts_take_a_negative_number(void **state)
{
	struct opts opts;
	struct err err = {0};

	assert_int_equal(parse("--rate -0.25", &opts, &err), 0);
	assert_int_equal(opts_number(&opts, "rate", 0), -250);
}

static void opts_repeat_only_what_repeats(void **state)
{
	struct opts opts;
	struct err err = {0};

	assert_int_equal(parse("--band 1:2 --band 3:4", &opts, &err), 0);
	assert_string_equal(opts_nth(&opts, "band", 0), "1:2");
	assert_string_equal(opts_nth(&opts, "band", 1), "3:4");
	assert_null(opts_nth(&opts, "band", 2));
	assert_int_equal(parse("--name a --name b", &opts, &err), -EINVAL);
	assert_string_equal(err.text, "--name is given twice");
}

static void opts_of_one_letter_have_one_dash(void **state)
{
	struct opts opts;
	struct err err = {0};

	assert_int_equal(parse("-o file -", &opts, &err), 0);
	assert_string_equal(opts_text(&opts, "o", ""), "file");
	assert_int_equal(opts.operand_count, 1);
	assert_int_equal(parse("-o=file", &opts, &err), 0);
	assert_string_equal(opts_text(&opts, "o", ""), "file");
	assert_int_equal(parse("-o a -o b", &opts, &err), -EINVAL);
	assert_string_equal(err.text, "-o is given twice");
}

static void opts_say_what_is_allowed(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{"--nope 1",
			"unknown option --nope; allowed: --name, --rate, --colour, --band, "
			"-o, --help"},
		{"-x", "unknown option -x"},
		{"-name x", "unknown option -name"},
		{"--o x", "unknown option --o"},
		{"-o", "-o lacks its value: -o FILE"},
		{"--nam x", "unknown option --nam"},
		{"--name", "--name lacks its value: --name NAME"},
		{"--name --help", "--name lacks its value"},
		{"--name ~", "--name is empty: needs NAME"},
		{"--help=1", "--help takes no value"},
		{"--rate 1000.001",
			"--rate = '1000.001': must be a number from -1 to 1000 with at most 3 "
			"decimals"},
		{"--rate 1.0001", "must be a number from -1 to 1000"},
		{"--rate abc", "--rate = 'abc'"},
		{"--colour blue", "--colour = 'blue': must be one of red, green"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct opts opts = {.count = 99};
		struct err err = {0};

		assert_int_equal(parse(cases[i].line, &opts, &err), -EINVAL);
		assert_int_equal(opts.count, 99);
		if (!strstr(err.text, cases[i].words))
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
	}
}

static void opts_are_bounded(void **state)
{
	char *argv[OPTS_GIVEN_MAX + 1];
	struct opts opts;
	struct err err = {0};
	static char band[] = "--band=1:2";

	for (int i = 0; i <= OPTS_GIVEN_MAX; i++)
		argv[i] = band;
	assert_int_equal(opts_parse(tables, OPTS_GIVEN_MAX, argv, &opts, &err), 0);
	assert_int_equal(opts_parse(tables, OPTS_GIVEN_MAX + 1, argv, &opts, &err), -EINVAL);
}

static void opts_help_names_every_option(void **state)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	opts_print_usage(tables, out);
	opts_print_help(tables, out);
	fclose(out);
	assert_non_null(strstr(text, " --name NAME [--rate N] [--colour red|green]"));
	assert_non_null(strstr(text, "[--band X:Y]..."));
	assert_non_null(strstr(text, "  --help                  this text\n"));
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(opts_read_every_kind),
		cmocka_unit_test(opts_fall_back),
		cmocka_unit_test(opts_take_a_negative_number),
		cmocka_unit_test(opts_repeat_only_what_repeats),
		cmocka_unit_test(opts_of_one_letter_have_one_dash),
		cmocka_unit_test(opts_say_what_is_allowed),
		cmocka_unit_test(opts_are_bounded),
		cmocka_unit_test(opts_help_names_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
