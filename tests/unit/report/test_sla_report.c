/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/sla_report.h"

#define HEADER                                                                                    \
	"period,as_of,link,desa,kecamatan,kabupaten,provider,contract,segment_start,segment_end," \
	"s,e,u,d,n,a_known,a_low,a_high,coverage,target,verdict,outages,longest_s,"               \
	"high_loss_intervals,n_power,n_restart,n_agent,n_dropped,n_clock,n_local,n_disputed,"     \
	"n_edge,n_silent,d_local,d_cpe,d_access,d_provider,d_upstream,rtt_median_us,rtt_p95_us,"  \
	"loss_ppm,pdv_p95_us,down_median_kbps,up_median_kbps,speed_tests,restitution_low,"        \
	"restitution_high,revision"

/* Thirty days with 12,961 seconds down: one second more than 99.5 % allows. */
static const struct sla_row row = {
	.period = "2026-06",
	.as_of_s = 1782835200,
	.revision = "sementara",
	.link = 7,
	.contract = 3,
	.desa = "64.08.05.2001",
	.kecamatan = "64.08.05",
	.kabupaten = "64.08",
	.provider = "PT Uji, Tbk",
	.has_target = true,
	.target_ppm = 995000,
	.has_verdict = true,
	.month = {.segment_from = 1780243200,
		.segment_to = 1782835200,
		.s = 2592000,
		.u = 2579039,
		.d = 12961,
		.d_by[DOWN_PROVIDER] = 12961,
		.verdict = VERDICT_MISSED,
		.outages = 2,
		.longest_s = 9000,
		.high_loss_intervals = 1,
		.has_restitution = true,
		.restitution_low = 0,
		.restitution_high = 6000},
	.figures = {.has_rtt = true,
		.has_loss = true,
		.rtt_median_us = 21000,
		.rtt_p95_us = 40000,
		.pdv_p95_us = 9000,
		.loss_ppm = 120,
		.has_speed_verdict = true,
		.speed_verdict = VERDICT_UNDECIDED},
};

static void expect_csv(struct table *table, const char *expected)
{
	struct buf out;

	buf_init(&out, 65536);
	assert_int_equal(table_render_csv(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(&out), expected);
	buf_done(&out);
	table_free(table);
}

static void sla_row_has_every_column_in_order(void **state)
{
	struct table *table = sla_report_new(SLA_BY_LINK);

	sla_report_add(table, SLA_BY_LINK, &row);
	expect_csv(table,
		HEADER
		"\n"
		"2026-06,2026-06-30T16:00:00Z,7,64.08.05.2001,64.08.05,64.08,\"PT Uji, Tbk\",3,"
		"2026-05-31T16:00:00Z,2026-06-30T16:00:00Z,2592000,0,2579039,12961,0,"
		"99.499961,99.499961,99.499961,100.000000,99.500000,TIDAK MEMENUHI,2,9000,1,"
		"0,0,0,0,0,0,0,0,0,0,0,0,12961,0,21000,40000,120,9000,,,0,0,6000,sementara\n");
}

static void sla_row_leaves_the_undefined_empty(void **state)
{
	struct table *table = sla_report_new(SLA_BY_LINK);
	struct sla_row excluded = row;

	excluded.month.e = excluded.month.s;
	excluded.month.u = excluded.month.d = 0;
	excluded.month.d_by[DOWN_PROVIDER] = 0;
	excluded.month.verdict = VERDICT_NOT_JUDGED;
	excluded.month.has_restitution = false;
	excluded.figures.has_rtt = excluded.figures.has_loss = false;
	sla_report_add(table, SLA_BY_LINK, &excluded);
	expect_csv(table,
		HEADER
		"\n"
		"2026-06,2026-06-30T16:00:00Z,7,64.08.05.2001,64.08.05,64.08,\"PT Uji, Tbk\",3,"
		"2026-05-31T16:00:00Z,2026-06-30T16:00:00Z,2592000,2592000,0,0,0,"
		",,,,99.500000,TIDAK DINILAI,2,9000,1,"
		"0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,,,,0,,,sementara\n");
}

static void sla_group_counts_links(void **state)
{
	struct table *table = sla_report_new(SLA_BY_KABUPATEN);
	struct sla_row group = row;

	group.link = group.contract = 0;
	strcpy(group.desa, "");
	strcpy(group.kecamatan, "");
	strcpy(group.provider, "");
	group.has_target = group.has_verdict = false;
	group.links_met = 4;
	group.links_missed = 3;
	group.links_undecided = 2;
	group.links_never = 1;
	sla_report_add(table, SLA_BY_KABUPATEN, &group);
	expect_csv(table,
		HEADER ",links_met,links_missed,links_undecided,links_never\n"
		       "2026-06,2026-06-30T16:00:00Z,,,,64.08,,,,,2592000,0,2579039,12961,0,"
		       "99.499961,99.499961,99.499961,100.000000,,,2,9000,1,"
		       "0,0,0,0,0,0,0,0,0,0,0,0,12961,0,21000,40000,120,9000,,,0,0,6000,sementara,"
		       "4,3,2,1\n");
}

static void sla_text_speaks_to_an_officer(void **state)
{
	struct table *table = sla_report_text_new(SLA_BY_LINK);
	struct buf out;
	const char *text;

	sla_report_text_add(table, SLA_BY_LINK, &row, "Kerayaan");
	buf_init(&out, 65536);
	assert_int_equal(table_render_text(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	text = (const char *)buf_peek(&out);
	assert_non_null(strstr(text, "Kerayaan"));
	assert_non_null(strstr(text, "TIDAK MEMENUHI"));
	assert_non_null(strstr(text, "DATA TIDAK CUKUP"));
	assert_non_null(strstr(text, "3:36:01"));
	assert_non_null(strstr(text, "6.000"));
	assert_non_null(strstr(text, "sementara"));
	buf_done(&out);
	table_free(table);
}

static void expect_rupiah(int64_t rupiah, const char *expected)
{
	char text[RUPIAH_BYTES];

	rupiah_format(rupiah, text);
	assert_string_equal(text, expected);
}

static void rupiah_is_grouped_by_thousands(void **state)
{
	expect_rupiah(0, "0");
	expect_rupiah(999, "999");
	expect_rupiah(1000, "1.000");
	expect_rupiah(1200000, "1.200.000");
	expect_rupiah(-123456, "-123.456");
}

static void duration_counts_hours_without_end(void **state)
{
	char text[DURATION_BYTES];

	duration_format(0, text);
	assert_string_equal(text, "0:00:00");
	duration_format(2592000 + 61, text);
	assert_string_equal(text, "720:01:01");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sla_row_has_every_column_in_order),
		cmocka_unit_test(sla_row_leaves_the_undefined_empty),
		cmocka_unit_test(sla_group_counts_links),
		cmocka_unit_test(sla_text_speaks_to_an_officer),
		cmocka_unit_test(rupiah_is_grouped_by_thousands),
		cmocka_unit_test(duration_counts_hours_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
