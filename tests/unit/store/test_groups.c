/* SPDX-License-Identifier: Apache-2.0 */
/* A desa's seconds out of its links', and the sums of regions and providers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/store/months.h"

static void two_links_never_down_together_keep_the_desa_up(void **state)
{
	struct fixture *fixture = *state;
	uint32_t one = measured_link(fixture, DESA, "Telkom");
	uint32_t two = measured_link(fixture, DESA, "Starlink");

	measure(fixture, one, 0, 60, 0);
	measure(fixture, one, 60, 70, 6);
	measure(fixture, one, 70, 180, 0);
	measure(fixture, two, 0, 100, 0);
	measure(fixture, two, 100, 120, 6);
	measure(fixture, two, 120, 180, 0);
	struct rows desa = rows_of(fixture, SLA_BY_DESA, T0 + 3 * HOUR_S);
	assert_int_equal(desa.count, 1);
	assert_string_equal(desa.items[0].desa, DESA);
	assert_int_equal(desa.items[0].month.s, 3 * HOUR_S);
	assert_int_equal(desa.items[0].month.u, 3 * HOUR_S);
	assert_int_equal(desa.items[0].month.outages, 0);
	assert_int_equal(desa.items[0].links_missed, 2);
	assert_false(desa.items[0].has_verdict);
	struct rows kabupaten = rows_of(fixture, SLA_BY_KABUPATEN, T0 + 3 * HOUR_S);
	assert_int_equal(kabupaten.items[0].month.s, 6 * HOUR_S);
	assert_int_equal(kabupaten.items[0].month.d, 1800);
	assert_int_equal(kabupaten.items[0].month.outages, 2);
	assert_int_equal(kabupaten.items[0].month.longest_s, 1200);
	assert_string_equal(kabupaten.items[0].desa, "");
	assert_true(kabupaten.items[0].figures.has_rtt);
}

static void the_desa_is_down_only_where_all_links_are(void **state)
{
	struct fixture *fixture = *state;
	uint32_t one = measured_link(fixture, DESA, "Telkom");
	uint32_t two = measured_link(fixture, DESA, "Starlink");

	measure(fixture, one, 0, 60, 0);
	measure(fixture, one, 60, 80, 6);
	measure(fixture, one, 80, 180, 0);
	measure(fixture, two, 0, 70, 0);
	measure(fixture, two, 70, 90, 6);
	measure(fixture, two, 90, 180, 0);
	struct rows rows = rows_of(fixture, SLA_BY_DESA, T0 + 3 * HOUR_S);
	assert_int_equal(rows.items[0].month.d, 600);
	assert_int_equal(rows.items[0].month.d_by[DOWN_PROVIDER], 600);
	assert_int_equal(rows.items[0].month.outages, 1);
	assert_int_equal(rows.items[0].month.longest_s, 600);
	/* one excluded while the other is down: nobody knows what the desa had */
	struct registry_exclusion exclusion = {.scope = SCOPE_LINK,
		.value = "1",
		.reason = EXCLUSION_MAINTENANCE,
		.from_s = T0 + 3600,
		.to_s = T0 + 4800,
		.by = "Sari",
		.note = "ganti kabel"};
	struct err err = {0};
	int64_t id;
	fixture->now_s = T0 - 10 * 86400;
	assert_int_equal(registry_exclusion_add(fixture->registry, &exclusion, &id, &err), 0);
	rows = rows_of(fixture, SLA_BY_DESA, T0 + 3 * HOUR_S);
	assert_int_equal(rows.items[0].month.d, 0);
	assert_int_equal(rows.items[0].month.n, 600);
	assert_int_equal(rows.items[0].month.n_by[UNKNOWN_EDGE], 600);
	assert_int_equal(rows.items[0].month.e, 0);
	rows = rows_of(fixture, SLA_BY_LINK, T0 + 3 * HOUR_S);
	assert_int_equal(rows.items[0].month.e, 1200);
	assert_int_equal(rows.items[0].month.d, 0);
	assert_int_equal(rows.items[1].month.d, 1200);
}

static void groups_are_by_region_and_provider(void **state)
{
	struct fixture *fixture = *state;

	measure(fixture, measured_link(fixture, DESA_FAR, "Telkom"), 0, 60, 0);
	measure(fixture, measured_link(fixture, DESA, "Telkom"), 0, 60, 0);
	measured_link(fixture, DESA_OTHER, "Starlink");
	fixture_link(fixture, DESA_OTHER, "Uncontracted");
	struct rows rows = rows_of(fixture, SLA_BY_PROVIDER, T0 + HOUR_S);
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.items[0].provider, "Starlink");
	assert_int_equal(rows.items[0].links_never, 1);
	assert_string_equal(rows.items[1].provider, "Telkom");
	assert_int_equal(rows.items[1].links_met, 2);
	assert_int_equal(rows.items[1].month.u, 2 * HOUR_S);
	rows = rows_of(fixture, SLA_BY_KABUPATEN, T0 + HOUR_S);
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.items[0].kabupaten, "64.08");
	assert_int_equal(rows.items[0].month.s, 2 * HOUR_S);
	assert_string_equal(rows.items[1].kabupaten, "64.09");
	assert_int_equal(rows_of(fixture, SLA_BY_DESA, T0 + HOUR_S).count, 3);
	assert_int_equal(rows_of(fixture, SLA_BY_KECAMATAN, T0 + HOUR_S).count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(two_links_never_down_together_keep_the_desa_up),
		TEST(the_desa_is_down_only_where_all_links_are),
		TEST(groups_are_by_region_and_provider),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
