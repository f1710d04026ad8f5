/* SPDX-License-Identifier: Apache-2.0 */
/* From records to the rows of a month and to its outages. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/store/months.h"

static void an_outage_is_counted_to_the_second(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 70, 6);
	measure(fixture, agent, 70, 180, 0);
	struct rows rows = rows_of(fixture, SLA_BY_LINK, T0 + 3 * HOUR_S);
	assert_int_equal(rows.count, 1);
	const struct sla_row *row = &rows.items[0];
	assert_int_equal(row->month.s, 3 * HOUR_S);
	assert_int_equal(row->month.d, 600);
	assert_int_equal(row->month.u, 3 * HOUR_S - 600);
	assert_int_equal(row->month.d_by[DOWN_PROVIDER], 600);
	assert_int_equal(row->month.outages, 1);
	assert_true(row->has_verdict);
	assert_int_equal(row->month.verdict, VERDICT_MISSED);
	assert_string_equal(row->revision, "sementara");
	assert_string_equal(row->kabupaten, "64.08");
	assert_string_equal(row->kecamatan, "64.08.05");
	assert_true(row->open);
	struct outages outages = outages_of(fixture, T0 + 3 * HOUR_S);
	assert_int_equal(outages.count, 1);
	assert_int_equal(outages.items[0].start_s, T0 + 3600);
	assert_int_equal(outages.items[0].end_s, T0 + 4200);
	assert_int_equal(outages.items[0].first_lost_us, (T0 + 3600) * US_PER_S);
	/* when the answer came */
	assert_in_range(outages.items[0].first_answered_us, (T0 + 4200) * US_PER_S + 1,
		(T0 + 4200) * US_PER_S + 100000);
	assert_int_equal(outages.items[0].cause, DOWN_PROVIDER);
	assert_int_equal(outages.items[0].n_s, 0);
	assert_string_equal(sla_outage_note(&outages.items[0]), "");
}

static void evidence_reaches_into_the_slots_beside_the_outage(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	/* 60: all lost; 69: four of six lost, the last two answered; 70: the first two lost
	 * again */
	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 69, 6);
	measure(fixture, agent, 69, 70, 4);
	measure(fixture, agent, 70, 180, 0);
	struct outages outages = outages_of(fixture, T0 + 3 * HOUR_S);
	assert_int_equal(outages.count, 1);
	assert_int_equal(outages.items[0].end_s, T0 + 4200);
	assert_in_range(outages.items[0].first_answered_us, (T0 + 4180) * US_PER_S + 1,
		(T0 + 4180) * US_PER_S + 100000);

	struct fixture *other = fixture_new();
	agent = measured_link(other, DESA, "Telkom");
	measure(other, agent, 0, 60, 0);
	measure(other, agent, 60, 70, 6);
	measure(other, agent, 70, 71, 2);
	measure(other, agent, 71, 180, 0);
	outages = outages_of(other, T0 + 3 * HOUR_S);
	assert_int_equal(outages.items[0].end_s, T0 + 4200);
	assert_in_range(outages.items[0].first_answered_us, (T0 + 4220) * US_PER_S + 1,
		(T0 + 4220) * US_PER_S + 100000);
	fixture_free(other);
}

static void a_running_outage_says_so(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 70, 6);
	struct outages outages = outages_of(fixture, T0 + 2 * HOUR_S);
	assert_int_equal(outages.count, 1);
	assert_true(outages.items[0].running);
	assert_int_equal(outages.items[0].first_answered_us, 0);
	assert_int_equal(outages.items[0].d_s, 600);
	assert_int_equal(outages.items[0].n_s, 2 * HOUR_S - 4200);
	assert_non_null(strstr(sla_outage_note(&outages.items[0]), "masih berlangsung"));
}

static void a_threshold_within_the_doubt_asks_for_a_person(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	/* 10 min down, then an hour of nothing: 600 s of 3 h, or up to 4,200 s; the target allows
	 * 54 s, so the verdict is clear; a band at 90 % (1,080 s) is not */
	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 70, 6);
	measure(fixture, agent, 130, 180, 0);
	struct outages outages = outages_of(fixture, T0 + 3 * HOUR_S);
	assert_int_equal(outages.count, 1);
	assert_int_equal(outages.items[0].n_s, 3600);
	assert_false(outages.items[0].unclear);

	struct registry_contract contract = {.link = fixture_link(fixture, DESA, "Banded"),
		.from_s = T0,
		.to_s = SPAN_FOREVER,
		.kbps_down = 1,
		.kbps_up = 1};
	struct err err = {0};
	int64_t id;
	terms_init(&contract.terms);
	contract.terms.target_ppm = 995000;
	contract.terms.formula = FORMULA_BANDS;
	contract.terms.band_count = 1;
	contract.terms.bands[0] = (struct band){900000, 200000};
	assert_int_equal(registry_contract_add(fixture->registry, &contract, &id, &err), 0);
	agent = fixture_agent(fixture, contract.link, T0);
	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 70, 6);
	measure(fixture, agent, 130, 180, 0);
	outages = outages_of(fixture, T0 + 3 * HOUR_S);
	assert_int_equal(outages.count, 2);
	assert_true(outages.items[1].unclear);
	assert_string_equal(sla_outage_note(&outages.items[1]), "perlu klarifikasi");
}

static void a_record_that_came_through_a_dead_link_asks_for_a_person(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");
	struct sent records[3];

	measure(fixture, agent, 0, 60, 0);
	measure(fixture, agent, 60, 69, 6);
	records[0] = sent_slot(
		KEY(agent, 1, 71), (struct slot_plan){1, 69 * MINUTE_US, 60000, 6, 0, NULL});
	records[0].received_us = (T0 + 4205) * US_PER_S; /* after it, as it should be */
	fixture_take(fixture, records, 1);
	measure(fixture, agent, 70, 180, 0);
	assert_false(outages_of(fixture, T0 + 3 * HOUR_S).items[0].unclear);
	records[1] = sent_slot(
		KEY(agent, 1, 500), (struct slot_plan){1, 200 * MINUTE_US, 60000, 0, 1, NULL});
	records[1].received_us = (T0 + 3900) * US_PER_S;
	fixture_take(fixture, &records[1], 1);
	assert_true(outages_of(fixture, T0 + 3 * HOUR_S).items[0].unclear);
}

static void an_excluded_outage_stays_visible_to_who_asks(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");
	struct registry_exclusion exclusion = {
		.scope = SCOPE_DESA,
		.value = DESA,
		.reason = EXCLUSION_MAINTENANCE,
		.from_s = T0 + HOUR_S,
		.to_s = T0 + 2 * HOUR_S,
		.by = "Siti",
		.note = "mast painted",
	};
	struct err err = {0};
	int64_t id;

	fixture->now_s = T0 - 48 * HOUR_S;
	assert_int_equal(registry_exclusion_add(fixture->registry, &exclusion, &id, &err), 0);
	measure(fixture, agent, 0, 70, 0);
	measure(fixture, agent, 70, 90, 6); /* within the exclusion */
	measure(fixture, agent, 90, 150, 0);
	measure(fixture, agent, 150, 160, 6);
	measure(fixture, agent, 160, 240, 0);
	struct outages counted = outages_of(fixture, T0 + 4 * HOUR_S);
	assert_int_equal(counted.count, 1);
	assert_false(counted.items[0].excluded);
	struct outages all = all_outages_of(fixture, T0 + 4 * HOUR_S);
	assert_int_equal(all.count, 2);
	assert_true(all.items[0].excluded);
	assert_int_equal(all.items[0].d_s, 20 * 60);
	assert_string_equal(sla_outage_note(&all.items[0]), "dikecualikan");
	assert_false(all.items[1].excluded);
}

static void delays_are_of_up_seconds_and_scheduled_probes(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	/* RTT of minute i: 20 ms + i * 0.1 ms, six each; minutes 100 to 109 are down; in 150 one of
	 * six is lost, which is no downtime */
	measure(fixture, agent, 0, 100, 0);
	measure(fixture, agent, 100, 110, 6);
	measure(fixture, agent, 110, 150, 0);
	measure(fixture, agent, 150, 151, 1);
	measure(fixture, agent, 151, 180, 0);
	struct rows rows = rows_of(fixture, SLA_BY_LINK, T0 + 3 * HOUR_S);
	const struct sla_figures *figures = &rows.items[0].figures;
	assert_true(figures->has_rtt && figures->has_loss);
	assert_int_equal(figures->loss_ppm, 1000000 / (170 * 6));
	/* 1,019 samples: the median is the 510th, in minute 84; the 95th percentile the 969th */
	assert_in_range(figures->rtt_median_us, 28400 * 99 / 100, 28400 * 101 / 100);
	assert_in_range(figures->rtt_p95_us, 37100 * 99 / 100, 37100 * 101 / 100);
	assert_in_range(figures->pdv_p95_us, 17100 * 99 / 100, 17100 * 101 / 100);
}

static void a_link_never_heard_of_has_a_row_without_figures(void **state)
{
	struct fixture *fixture = *state;

	measured_link(fixture, DESA, "Telkom");
	struct rows rows = rows_of(fixture, SLA_BY_LINK, INT64_MAX);
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.items[0].month.n, 31 * 86400);
	assert_int_equal(rows.items[0].month.verdict, VERDICT_UNDECIDED);
	assert_int_equal(rows.items[0].as_of_s, T0 + 31 * 86400);
	assert_false(rows.items[0].open);
	assert_false(rows.items[0].figures.has_rtt);
	assert_false(rows.items[0].figures.has_loss);
	fixture_take(fixture, NULL, 0);
	rows = rows_of(fixture, SLA_BY_KABUPATEN, INT64_MAX);
	assert_int_equal(rows.items[0].links_never, 1);
	assert_int_equal(rows.items[0].links_undecided, 0);
}

static void each_contract_has_its_row(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");

	fixture_contract(fixture, link, T0 - 1000, T0 + HOUR_S);
	fixture_contract(fixture, link, T0 + 2 * HOUR_S, SPAN_FOREVER);
	measure(fixture, fixture_agent(fixture, link, T0), 0, 180, 0);
	struct rows rows = rows_of(fixture, SLA_BY_LINK, T0 + 3 * HOUR_S);
	assert_int_equal(rows.count, 2);
	assert_int_equal(rows.items[0].contract, 1);
	assert_int_equal(rows.items[0].month.s, HOUR_S);
	assert_int_equal(rows.items[1].month.segment_from, T0 + 2 * HOUR_S);
	assert_int_equal(rows.items[1].month.u, HOUR_S);
	/* as_of before the second one begins */
	assert_int_equal(rows_of(fixture, SLA_BY_LINK, T0 + 2 * HOUR_S).count, 1);
}

static void a_bad_month_or_filter_is_said(void **state)
{
	struct fixture *fixture = *state;
	struct sla_query query = {.month = "2026-13", .as_of_s = T0};
	struct sla_source source = {fixture->registry, NULL};
	struct err err = {0};

	assert_int_equal(sla_rows(&source, &query, NULL, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "2026-13"));
	query.month = "2026-01";
	query.filter.kabupaten = "6408";
	assert_int_equal(sla_rows(&source, &query, NULL, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "6408"));
	assert_int_equal(sla_by_parse("desa"), SLA_BY_DESA);
	assert_int_equal(sla_by_parse("province"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(an_outage_is_counted_to_the_second),
		TEST(evidence_reaches_into_the_slots_beside_the_outage),
		TEST(a_running_outage_says_so),
		TEST(a_threshold_within_the_doubt_asks_for_a_person),
		TEST(a_record_that_came_through_a_dead_link_asks_for_a_person),
		TEST(an_excluded_outage_stays_visible_to_who_asks),
		TEST(delays_are_of_up_seconds_and_scheduled_probes),
		TEST(a_link_never_heard_of_has_a_row_without_figures),
		TEST(each_contract_has_its_row),
		TEST(a_bad_month_or_filter_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
