/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/term_sets.h"

static const struct opt table[] = {{"set", OPT_TEXT, OPT_REPEAT, "KEY=VALUE", ""}, {NULL}};
static const struct opt *const tables[] = {table, NULL};

static int read_sets(const char *line, struct terms *terms, struct err *err)
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
	return term_sets_read(terms, &opts, err);
}

static void expect_refusal(const char *line, const char *words)
{
	struct terms terms;
	struct err err = {0};

	assert_int_equal(read_sets(line, &terms, &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' lacks '%s'", err.text, words);
}

static void without_any_the_defaults_stand(void **state)
{
	struct terms terms;
	struct err err = {0};

	assert_int_equal(read_sets("", &terms, &err), 0);
	assert_int_equal(terms.rounding, ROUND_DOWN);
	assert_int_equal(terms.service.count, 0);
	assert_int_equal(terms.speed.rate_ppm, 0);
	assert_int_equal(terms.limits.rtt_us, 800000);
	assert_int_equal(terms.limits.loss_ppm, 50000);
	assert_int_equal(terms.limits.pdv_us, 100000);
	assert_int_equal(terms.claim_days, 14);
	assert_int_equal(terms.final_days, TERMS_NEVER);
}

static void every_key_is_read(void **state)
{
	char speed[TERM_SET_BYTES], hours[SERVICE_TEXT_BYTES];
	struct terms terms;
	struct err err = {0};

	assert_int_equal(read_sets("--set rounding=nearest --set service-hours=mon-fri@08:00-16:00 "
				   "--set speed=80:90.5:30:10 --set limit-rtt=120.5 "
				   "--set limit-loss=2.5 --set limit-pdv=30 --set claim-days=7 "
				   "--set final-days=365",
				 &terms, &err),
		0);
	assert_int_equal(terms.rounding, ROUND_NEAREST);
	service_format(&terms.service, hours);
	assert_string_equal(hours, "mon-fri@08:00-16:00");
	term_sets_speed(&terms.speed, speed);
	assert_string_equal(speed, "80:90.5:30:10");
	assert_int_equal(terms.speed.share_ppm, 905000);
	assert_int_equal(terms.limits.rtt_us, 120500);
	assert_int_equal(terms.limits.loss_ppm, 25000);
	assert_int_equal(terms.limits.pdv_us, 30000);
	assert_int_equal(terms.claim_days, 7);
	assert_int_equal(terms.final_days, 365);
	assert_int_equal(terms_check(&terms, &err), 0);
}

static void none_and_what_is_left_out(void **state)
{
	char speed[TERM_SET_BYTES];
	struct terms terms;
	struct err err = {0};

	assert_int_equal(read_sets("--set speed=none --set final-days=none "
				   "--set service-hours=always",
				 &terms, &err),
		0);
	term_sets_speed(&terms.speed, speed);
	assert_string_equal(speed, "none");
	assert_int_equal(terms.final_days, TERMS_NEVER);
	assert_int_equal(read_sets("--set speed=100:100:1", &terms, &err), 0);
	assert_int_equal(terms.speed.days, 1);
	assert_int_equal(read_sets("--set final-days=0", &terms, &err), 0);
	assert_int_equal(terms.final_days, 0);
}

static void a_refusal_names_key_value_and_what_is_allowed(void **state)
{
	expect_refusal("--set rounding=sideways", "--set rounding = 'sideways': must be down");
	expect_refusal("--set colour=red", "--set = 'colour=red': must be KEY=VALUE, and known");
	expect_refusal("--set rounding", "--set = 'rounding'");
	expect_refusal("--set =down", "--set = '=down'");
	expect_refusal("--set roundin=down", "--set = 'roundin=down'");
	expect_refusal("--set service-hours=8-16", "--set service-hours = '8-16': must be always");
	expect_refusal("--set speed=80:90", "--set speed = '80:90': must be none or RATE:SHARE");
	expect_refusal("--set speed=80:90:30:1:1", "--set speed");
	expect_refusal("--set speed=101:90:30", "--set speed");
	expect_refusal("--set speed=0:90:30", "--set speed");
	expect_refusal("--set speed=80:90:30:32", "--set speed");
	expect_refusal("--set speed=80::30", "--set speed");
	expect_refusal("--set limit-rtt=0", "--set limit-rtt = '0': must be 0.001 to 3000 ms");
	expect_refusal("--set limit-loss=100.1", "--set limit-loss");
	expect_refusal("--set limit-pdv=3001", "--set limit-pdv");
	expect_refusal("--set claim-days=0", "--set claim-days = '0': must be 1 to 366 days");
	expect_refusal("--set claim-days=1.5", "--set claim-days");
	expect_refusal("--set final-days=never", "--set final-days = 'never': must be none or");
	expect_refusal("--set claim-days=1 --set claim-days=2", "--set claim-days is given twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any_the_defaults_stand),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(none_and_what_is_left_out),
		cmocka_unit_test(a_refusal_names_key_value_and_what_is_allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
