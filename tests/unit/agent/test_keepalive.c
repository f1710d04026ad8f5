/* SPDX-License-Identifier: Apache-2.0 */
/* How the silence that a path bears is found, with paths of known patience. */
#include "tests/unit/agent/fixture.h"

#include "agent/core/keepalive.h"

#define MINUTE 60000

/* A path that forgets after `patience_ms`: asks for as long as told. Returns how often it died. */
static unsigned use(struct keepalive *keepalive, uint64_t patience_ms, unsigned questions)
{
	unsigned died = 0;

	for (unsigned i = 0; i < questions; i++) {
		uint64_t idle_ms = keepalive_idle_ms(keepalive);

		if (idle_ms < patience_ms) {
			keepalive_survived(keepalive, idle_ms);
		} else {
			keepalive_died(keepalive, idle_ms);
			died++;
		}
	}
	return died;
}

static void patient_path_is_asked_ever_less_up_to_the_bound(void **state)
{
	struct keepalive keepalive;

	keepalive_init(&keepalive);
	assert_int_equal(keepalive_idle_ms(&keepalive), MINUTE);
	keepalive_survived(&keepalive, MINUTE);
	assert_int_equal(keepalive_idle_ms(&keepalive), 2 * MINUTE);
	assert_int_equal(use(&keepalive, UINT64_MAX, 5), 0);
	assert_int_equal(keepalive_idle_ms(&keepalive), KEEPALIVE_MAX_MS);
}

static void impatient_path_is_found_with_two_deaths(void **state)
{
	struct keepalive keepalive;

	keepalive_init(&keepalive);
	assert_int_equal(use(&keepalive, 5 * MINUTE, 50), 2); /* of 8 minutes, and of 6 */
	assert_true(keepalive_idle_ms(&keepalive) < 5 * MINUTE);
	assert_true(keepalive_idle_ms(&keepalive) >= 4 * MINUTE);
}

static void most_impatient_path_is_asked_at_the_lower_bound(void **state)
{
	struct keepalive keepalive;

	keepalive_init(&keepalive);
	assert_int_equal(use(&keepalive, 40000, 2), 1); /* died at 60 s, lives at 30 */
	assert_in_range(keepalive_idle_ms(&keepalive), KEEPALIVE_MIN_MS, 45000);
	assert_int_equal(use(&keepalive, 40000, 50), 1); /* 45 s were dared, and too long */
	assert_in_range(keepalive_idle_ms(&keepalive), KEEPALIVE_MIN_MS, 39999);
	keepalive_died(&keepalive, KEEPALIVE_MIN_MS);
	assert_int_equal(keepalive_idle_ms(&keepalive), KEEPALIVE_MIN_MS);
}

static void what_happens_sooner_says_nothing(void **state)
{
	struct keepalive keepalive;

	keepalive_init(&keepalive);
	keepalive_survived(&keepalive, 10000);
	keepalive_died(&keepalive, 10000);
	assert_int_equal(keepalive_idle_ms(&keepalive), MINUTE);
}

static void path_that_became_patient_is_tried_again_after_a_while(void **state)
{
	struct keepalive keepalive;

	keepalive_init(&keepalive);
	assert_int_equal(use(&keepalive, 100000, 10), 1);
	assert_true(keepalive_idle_ms(&keepalive) < 100000);
	assert_int_equal(use(&keepalive, UINT64_MAX, 90), 0);
	assert_true(keepalive_idle_ms(&keepalive) < 100000);
	assert_int_equal(use(&keepalive, UINT64_MAX, 30), 0);
	assert_int_equal(keepalive_idle_ms(&keepalive), KEEPALIVE_MAX_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patient_path_is_asked_ever_less_up_to_the_bound),
		cmocka_unit_test(impatient_path_is_found_with_two_deaths),
		cmocka_unit_test(most_impatient_path_is_asked_at_the_lower_bound),
		cmocka_unit_test(what_happens_sooner_says_nothing),
		cmocka_unit_test(path_that_became_patient_is_tried_again_after_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
