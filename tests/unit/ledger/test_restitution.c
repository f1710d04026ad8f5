/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/restitution.h"

#define HOUR 3600

static int64_t pay(enum formula formula, int64_t down_s)
{
	struct restitution_month month = {720 * HOUR, 720 * HOUR, 720 * HOUR};
	struct terms terms;
	terms_init(&terms);
	terms.fee_rupiah = 1200000;
	terms.formula = formula;
	terms.target_ppm = formula == FORMULA_BANDS ? 999000 : 995000;
	terms.band_count = 1;
	terms.bands[0] = (struct band){999000, 200000};
	return restitution_compute(&terms, &month, down_s);
}

/* The table of sla.md section 4. */
static void bare_formulas_give_the_table(void **state)
{
	static const struct {
		int64_t hours, prorata_sla, prorata, excess, shortfall, bands;
	} rows[] = {
		{10, 16750, 16666, 10666, 10720, 240000},
		{48, 80402, 80000, 74000, 74371, 240000},
	};
	for (size_t i = 0; i < 2; i++) {
		int64_t down = rows[i].hours * HOUR;
		assert_int_equal(pay(FORMULA_PRORATA_SLA, down), rows[i].prorata_sla);
		assert_int_equal(pay(FORMULA_PRORATA, down), rows[i].prorata);
		assert_int_equal(pay(FORMULA_EXCESS, down), rows[i].excess);
		assert_int_equal(pay(FORMULA_SHORTFALL, down), rows[i].shortfall);
		assert_int_equal(pay(FORMULA_BANDS, down), rows[i].bands);
	}
}

static void highest_band_whose_bound_applies_pays(void **state)
{
	struct restitution_month month = {1000, 1000, 1000};
	struct terms terms;
	terms_init(&terms);
	terms.fee_rupiah = 1000;
	terms.formula = FORMULA_BANDS;
	terms.band_count = 2;
	terms.bands[0] = (struct band){900000, 500000};
	terms.bands[1] = (struct band){990000, 100000};
	assert_int_equal(restitution_compute(&terms, &month, 10), 0); /* 99 % is not below 99 % */
	assert_int_equal(restitution_compute(&terms, &month, 11), 100);
	assert_int_equal(restitution_compute(&terms, &month, 100), 100);
	assert_int_equal(restitution_compute(&terms, &month, 101), 500);
}

static void never_more_than_the_fee_for_the_rows_time(void **state)
{
	struct restitution_month month = {1000, 600, 600};
	struct terms terms;
	terms_init(&terms);
	terms.fee_rupiah = 999;
	terms.target_ppm = 500000;
	terms.formula = FORMULA_PRORATA_SLA;
	terms.rounding = ROUND_UP;
	assert_int_equal(restitution_compute(&terms, &month, 600), 599); /* 599.4 */
}

static void rounding_is_the_contracts(void **state)
{
	struct restitution_month month = {1000, 1000, 1000};
	struct terms terms;
	terms_init(&terms);
	terms.fee_rupiah = 999;
	terms.formula = FORMULA_PRORATA;
	assert_int_equal(restitution_compute(&terms, &month, 501), 500); /* 500.499 */
	terms.rounding = ROUND_UP;
	assert_int_equal(restitution_compute(&terms, &month, 501), 501);
	terms.rounding = ROUND_NEAREST;
	assert_int_equal(restitution_compute(&terms, &month, 501), 500);
	assert_int_equal(restitution_compute(&terms, &month, 500), 500); /* 499.5 */
}

static void largest_figures_do_not_overflow(void **state)
{
	struct restitution_month month = {31 * 86400, 31 * 86400, 31 * 86400};
	struct terms terms;
	terms_init(&terms);
	terms.fee_rupiah = TERMS_FEE_MAX;
	terms.formula = FORMULA_SHORTFALL;
	terms.target_ppm = 1000000;
	assert_int_equal(restitution_compute(&terms, &month, 31 * 86400), TERMS_FEE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_formulas_give_the_table),
		cmocka_unit_test(highest_band_whose_bound_applies_pays),
		cmocka_unit_test(never_more_than_the_fee_for_the_rows_time),
		cmocka_unit_test(rounding_is_the_contracts),
		cmocka_unit_test(largest_figures_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
