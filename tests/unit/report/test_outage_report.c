/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/outage_report.h"

#define HEADER                                                                            \
	"start,end,first_lost,first_answered,cause,link,desa,provider,contract,d,n,note," \
	"ttr_min_s,ttr_max_s,ticket,ticket_opened,ticket_ttr_min_s,ticket_ttr_max_s,objection\n"

static const struct sla_outage outage = {
	.link = 7,
	.contract = 3,
	.desa = "64.08.05.2001",
	.provider = "PT Uji",
	.start_s = 1767196800,
	.end_s = 1767200400,
	.first_lost_us = 1767196809900000,
	.first_answered_us = 1767200403000001,
	.cause = DOWN_PROVIDER,
	.d_s = 3600,
	.n_s = 60,
	.ttr = {3600, 3660, false},
};

static void expect_csv(const struct sla_outage *given, const char *expected)
{
	struct table *table = outage_report_new();
	struct buf out;

	outage_report_add(table, given);
	buf_init(&out, 4096);
	assert_int_equal(table_render_csv(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(&out), expected);
	buf_done(&out);
	table_free(table);
}

static void outage_shows_what_counts_and_the_evidence(void **state)
{
	expect_csv(&outage,
		HEADER "2025-12-31T16:00:00Z,2025-12-31T17:00:00Z,2025-12-31T16:00:09Z,"
		       "2025-12-31T17:00:03Z,provider,7,64.08.05.2001,PT Uji,3,3600,60,,3600,3660,"
		       ",,,,\n");
}

static void outage_shows_its_ticket_and_who_objects(void **state)
{
	struct sla_outage told = outage;

	strcpy(told.papers.ticket, "T-9");
	told.papers.ticket_opened_s = 1767197400;
	told.ticket_ttr = (struct ttr){3000, 3060, false};
	strcpy(told.papers.objections, "3; 5");
	expect_csv(&told,
		HEADER "2025-12-31T16:00:00Z,2025-12-31T17:00:00Z,2025-12-31T16:00:09Z,"
		       "2025-12-31T17:00:03Z,provider,7,64.08.05.2001,PT Uji,3,3600,60,,3600,3660,"
		       "T-9,2025-12-31T16:10:00Z,3000,3060,3; 5\n");
}

static void outage_that_lasts_has_no_end(void **state)
{
	struct sla_outage running = outage;

	running.running = running.unclear = true;
	running.first_answered_us = 0;
	expect_csv(&running,
		HEADER "2025-12-31T16:00:00Z,,2025-12-31T16:00:09Z,,provider,7,"
		       "64.08.05.2001,PT Uji,3,3600,60,"
		       "masih berlangsung; perlu klarifikasi,,,,,,,\n");
}

static void outage_text_is_local_time(void **state)
{
	static const struct registry_link link = {.id = 7, .zone = "WITA", .offset_s = 28800};
	struct table *table = outage_report_text_new();
	struct buf out;
	const char *text;

	outage_report_text_add(table, &outage, &link, "Kerayaan");
	buf_init(&out, 4096);
	assert_int_equal(table_render_text(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	text = (const char *)buf_peek(&out);
	assert_non_null(strstr(text, "2026-01-01 00:00:00  2026-01-01 01:00:00  WITA"));
	assert_non_null(strstr(text, "1:00:00      1:01:00"));
	buf_done(&out);
	table_free(table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(outage_shows_what_counts_and_the_evidence),
		cmocka_unit_test(outage_shows_its_ticket_and_who_objects),
		cmocka_unit_test(outage_that_lasts_has_no_end),
		cmocka_unit_test(outage_text_is_local_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
