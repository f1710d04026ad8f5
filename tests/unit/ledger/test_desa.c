/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/desa.h"
#include "line_maker.h"

#define T0 1774972800 /* 2026-04-01 00:00 in WITA */
#define WITA 28800
#define HOUR 3600

/* A link of the desa for the first hours of the month. */
struct link_plan {
	const char *line; /* line_maker.h */
	const char *service; /* NULL: always */
	struct exclusion exclusion; /* of the reason maintenance; to 0: none */
};

static struct month_row row_of_link(
	struct desa *desa, const struct link_plan *plan, const struct month_period *period)
{
	struct span contract = {0, SPAN_FOREVER};
	struct exclusions exclusions = {&plan->exclusion, plan->exclusion.to != 0};
	struct states states = {0};
	struct month_row row;
	struct terms terms;
	struct line line;
	struct month_case month_case = {&contract, &terms, &states, &exclusions};

	terms_init(&terms);
	terms.notice_s = 0;
	assert_int_equal(
		service_parse(plan->service ? plan->service : "always", &terms.service), 0);
	line_make(&line, T0, plan->line);
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(month_compute(period, &month_case, &row), 0);
	assert_int_equal(desa_link(desa), 0);
	assert_int_equal(desa_contract(desa, &states, &row), 0);
	states_done(&states);
	line_done(&line);
	return row;
}

static struct month_row row_of_desa(const struct link_plan *plans, size_t count, int hours)
{
	struct month_period period = {T0, T0 + 30 * 86400, T0 + hours * HOUR, WITA};
	struct desa *desa = desa_new();
	struct month_row row = {0};

	for (size_t i = 0; i < count; i++) {
		struct month_row own = row_of_link(desa, &plans[i], &period);
		month_row_done(&own);
	}
	assert_int_equal(desa_count(desa, &row), 0);
	assert_int_equal(row.u + row.d + row.n + row.e, row.s);
	desa_free(desa);
	return row;
}

static void two_links_never_down_together_leave_the_desa_up(void **state)
{
	struct link_plan plans[] = {{"g10 b10 g100", NULL, {0}}, {"g30 b10 g80", NULL, {0}}};
	struct month_row row = row_of_desa(plans, 2, 2);

	assert_int_equal(row.u, 2 * HOUR);
	assert_int_equal(row.d, 0);
	assert_int_equal(row.outages, 0);
}

static void it_is_down_while_all_are(void **state)
{
	struct link_plan plans[] = {{"g10 b20 g90", NULL, {0}}, {"g20 a20 g80", NULL, {0}}};
	struct month_row row = row_of_desa(plans, 2, 2);

	assert_int_equal(row.d, 600);
	assert_int_equal(row.d_by[DOWN_UPSTREAM], 600); /* the first link's word */
	assert_int_equal(row.outages, 1);
	assert_int_equal(row.longest_s, 600);
}

static void down_and_unknown_is_undetermined(void **state)
{
	struct link_plan plans[] = {{"g10 b20 g90", NULL, {0}}, {"g10 p20 g90", NULL, {0}}};
	struct month_row row = row_of_desa(plans, 2, 2);

	assert_int_equal(row.d, 0);
	assert_int_equal(row.n, 1200);
	assert_int_equal(row.n_by[UNKNOWN_POWER], 1200);
}

static void excluded_only_where_all_are(void **state)
{
	struct exclusion work = {EXCLUSION_MAINTENANCE, T0 + 600, T0 + 1200, T0, false, true};
	struct link_plan plans[] = {{"g120", NULL, work}, {"g120", NULL, {0}}};
	struct link_plan both[] = {{"g120", NULL, work}, {"g120", NULL, work}};
	struct link_plan down[] = {{"g120", NULL, work}, {"g5 b30 g85", NULL, {0}}};
	struct month_row row = row_of_desa(plans, 2, 2);

	assert_int_equal(row.e, 0);
	assert_int_equal(row.u, 2 * HOUR);
	row = row_of_desa(both, 2, 2);
	assert_int_equal(row.e, 600);
	/* one is excluded, the other down: nobody can say */
	row = row_of_desa(down, 2, 2);
	assert_int_equal(row.n, 600);
	assert_int_equal(row.n_by[UNKNOWN_EDGE], 600);
	assert_int_equal(row.d, 0);
}

static void only_links_within_their_hours_speak(void **state)
{
	struct link_plan plans[] = {{"g120", "01:00-24:00", {0}}, {"b20 g20 b40 g40", NULL, {0}}};
	struct month_row row = row_of_desa(plans, 2, 2);

	assert_int_equal(row.s, 2 * HOUR);
	assert_int_equal(row.d, 20 * 60 + 20 * 60); /* until the other's day begins */
	assert_int_equal(row.outages, 2);
	plans[1].service = "01:00-24:00";
	row = row_of_desa(plans, 2, 2);
	assert_int_equal(row.s, HOUR);
	assert_int_equal(row.u, HOUR);
}

static void a_desa_of_one_link_has_its_figures(void **state)
{
	static const struct link_plan plans[] = {
		{"g10 b10 g10 b10 g80", NULL,
			{EXCLUSION_MAINTENANCE, T0 + 900, T0 + 2100, T0, false, true}},
		{"g10 b30 g80", NULL,
			{EXCLUSION_MAINTENANCE, T0 + 900, T0 + 1500, T0, false, true}},
		{"g10 b10 p10 b10 g80", NULL, {0}},
		{"g10 b10 g40 b20 g40", "00:15-00:16,01:10-01:11", {0}},
		{"g10 b50 g60", "00:15-00:16,00:40-00:41", {0}},
	};
	static const uint32_t outages[] = {2, 1, 1, 2, 1};
	struct month_period period = {T0, T0 + 30 * 86400, T0 + 2 * HOUR, WITA};

	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++) {
		struct desa *desa = desa_new();
		struct month_row row = {0}, own = row_of_link(desa, &plans[i], &period);
		assert_int_equal(desa_count(desa, &row), 0);
		assert_int_equal(row.s, own.s);
		assert_int_equal(row.e, own.e);
		assert_int_equal(row.u, own.u);
		assert_int_equal(row.d, own.d);
		assert_int_equal(row.n, own.n);
		assert_int_equal(row.outages, own.outages);
		assert_int_equal(row.longest_s, own.longest_s);
		assert_int_equal(row.outages, outages[i]);
		month_row_done(&own);
		desa_free(desa);
	}
}

static void a_desa_without_links_has_no_second(void **state)
{
	struct month_row row = row_of_desa(NULL, 0, 2);

	assert_int_equal(row.s, 0);
	desa_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_links_never_down_together_leave_the_desa_up),
		cmocka_unit_test(it_is_down_while_all_are),
		cmocka_unit_test(down_and_unknown_is_undetermined),
		cmocka_unit_test(excluded_only_where_all_are),
		cmocka_unit_test(only_links_within_their_hours_speak),
		cmocka_unit_test(a_desa_of_one_link_has_its_figures),
		cmocka_unit_test(a_desa_without_links_has_no_second),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
