/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/exclusion.h"
#include "line_maker.h"

#define T0 1774972800
#define DAY 86400

/* "g10 b10 p30 g10" : D [600, 1200), N power [1200, 3000). */
static int64_t excluded(const struct exclusion *exclusion, struct terms *terms)
{
	struct line line;
	struct states states = {0};
	struct spans spans = {0};
	struct span period = {T0, T0 + 3600};
	struct exclusions exclusions = {exclusion, exclusion ? 1 : 0};
	line_make(&line, T0, "g10 b10 p30 g10");
	assert_int_equal(states_compute(&line, terms, T0, &states), 0);
	assert_int_equal(exclusions_spans(&exclusions, terms, &states, &period, &spans), 0);
	int64_t total = spans_total(&spans);
	spans_done(&spans);
	states_done(&states);
	line_done(&line);
	return total;
}

static struct exclusion whole(enum exclusion_reason reason)
{
	return (struct exclusion){.reason = reason,
		.from = T0 - 100,
		.to = T0 + DAY,
		.entered = T0 - 3 * DAY,
		.confirmed = true};
}

static void maintenance_counts_from_its_entry_plus_notice(void **state)
{
	struct terms terms;
	terms_init(&terms);
	struct exclusion exclusion = whole(EXCLUSION_MAINTENANCE);
	assert_int_equal(excluded(&exclusion, &terms), 3600);
	exclusion.entered = T0 - DAY + 1000;
	assert_int_equal(excluded(&exclusion, &terms), 2600);
	exclusion.entered = T0;
	assert_int_equal(excluded(&exclusion, &terms), 0);
}

static void unconfirmed_force_majeure_removes_no_down_second(void **state)
{
	struct terms terms;
	terms_init(&terms);
	struct exclusion exclusion = whole(EXCLUSION_FORCE_MAJEURE);
	assert_int_equal(excluded(&exclusion, &terms), 3600);
	exclusion.confirmed = false;
	assert_int_equal(excluded(&exclusion, &terms), 3000);
	exclusion.reason = EXCLUSION_CUSTOMER;
	assert_int_equal(excluded(&exclusion, &terms), 3000);
}

static void power_decision_removes_only_power_seconds(void **state)
{
	struct terms terms;
	terms_init(&terms);
	struct exclusion exclusion = whole(EXCLUSION_POWER);
	assert_int_equal(excluded(&exclusion, &terms), 1800);
	exclusion.to = T0 + 1300;
	assert_int_equal(excluded(&exclusion, &terms), 100);
}

static void power_rule_leaves_gaps_near_bad_slots_to_people(void **state)
{
	struct terms terms;
	terms_init(&terms);
	assert_int_equal(excluded(NULL, &terms), 0);
	terms.power = POWER_EXCLUDE;
	assert_int_equal(excluded(NULL, &terms), 0);
	struct exclusion exclusion = whole(EXCLUSION_POWER); /* the person decides */
	assert_int_equal(excluded(&exclusion, &terms), 1800);
}

static void revoked_exclusion_removes_nothing(void **state)
{
	struct terms terms;
	terms_init(&terms);
	struct exclusion exclusion = whole(EXCLUSION_FORCE_MAJEURE);
	exclusion.revoked = true;
	assert_int_equal(excluded(&exclusion, &terms), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maintenance_counts_from_its_entry_plus_notice),
		cmocka_unit_test(unconfirmed_force_majeure_removes_no_down_second),
		cmocka_unit_test(power_decision_removes_only_power_seconds),
		cmocka_unit_test(power_rule_leaves_gaps_near_bad_slots_to_people),
		cmocka_unit_test(revoked_exclusion_removes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
