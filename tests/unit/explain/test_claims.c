/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/explain/claims.h"

#define T0 INT64_C(1767196800) /* 2026-01-01 00:00 WITA */
#define DAY_S 86400

static const struct claim waiting = {
	.outage = {.link = 7,
		.contract = 3,
		.desa = "64.08.05.2001",
		.provider = "PT Uji",
		.start_s = T0 - 3600,
		.end_s = T0,
		.cause = DOWN_CPE,
		.d_s = 3600},
	.offset_s = 28800,
	.state = CLAIM_OPEN,
	.claim_days = 14,
	.window_from_s = T0,
	.window_to_s = T0 + 14 * DAY_S,
};

static void days_left_are_whole_ones_and_fall_below_zero(void **state)
{
	assert_int_equal(claim_days_left(&waiting, T0), 14);
	assert_int_equal(claim_days_left(&waiting, T0 + 1), 13);
	assert_int_equal(claim_days_left(&waiting, T0 + 13 * DAY_S), 1);
	assert_int_equal(claim_days_left(&waiting, T0 + 14 * DAY_S - 1), 0);
	assert_int_equal(claim_days_left(&waiting, T0 + 14 * DAY_S), 0);
	assert_int_equal(claim_days_left(&waiting, T0 + 14 * DAY_S + 1), -1);
	assert_int_equal(claim_days_left(&waiting, T0 + 16 * DAY_S), -2);
}

static void expect_row(const struct claim *claim, int64_t now_s, const char *words)
{
	struct table *table = claims_table_new();
	struct buf out;

	claims_table_add(table, claim, now_s);
	buf_init(&out, 4096);
	assert_int_equal(table_render_csv(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	if (!strstr((const char *)buf_peek(&out), words))
		fail_msg("\"%s\" is not in\n%s", words, (const char *)buf_peek(&out));
	buf_done(&out);
	table_free(table);
}

static void the_window_is_exact_and_ends_for_those_who_were_told(void **state)
{
	struct claim told = waiting, running = waiting;

	expect_row(&waiting, T0 + DAY_S,
		"open,7,64.08.05.2001,PT "
		"Uji,3,2025-12-31T15:00:00Z,2025-12-31T16:00:00Z,cpe,3600,0,"
		"14,2025-12-31T16:00:00Z,2026-01-14T16:00:00Z,13,1123200,,,,\n");
	told.state = CLAIM_TOLD;
	told.told = (struct registry_told){
		.id = 2, .told_s = T0 + 60, .by = "Budi", .note = "surat"};
	expect_row(
		&told, T0 + DAY_S, ",2026-01-14T16:00:00Z,,,2,2025-12-31T16:01:00Z,Budi,surat\n");
	running.state = CLAIM_RUNNING;
	running.outage.running = true;
	running.window_from_s = running.window_to_s = SPAN_FOREVER;
	expect_row(&running, T0,
		"running,7,64.08.05.2001,PT Uji,3,2025-12-31T15:00:00Z,,cpe,3600,0,"
		"14,,,,,,,,\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_left_are_whole_ones_and_fall_below_zero),
		cmocka_unit_test(the_window_is_exact_and_ends_for_those_who_were_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
