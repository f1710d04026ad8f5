/* SPDX-License-Identifier: Apache-2.0 */
/* Speed tests, and what their own server sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ledger/crosscheck.h"

static uint64_t dice;

static uint32_t draw(uint32_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (uint32_t)(dice >> 20) % below;
}

/* A stream of `ms` at this rate, of which the first half is slow start, as an honest agent tells
 * it: it counts in whole segments, and not the headers. */
static struct speed_run honest_run(uint32_t kbps, uint32_t ms, int64_t *ret_served)
{
	struct speed_run run = {.kbps = kbps, .duration_ms = ms, .nonce = 1};
	uint64_t later = (uint64_t)kbps * (ms - ms / 2) / 8;
	uint64_t came = later + later / (2 + draw(8));

	run.bytes = came + 1448;
	/* the end of it was acknowledged, and the acknowledgement did not come */
	*ret_served = (int64_t)(came - draw(came / 8 + 1));
	return run;
}

static void speed_of_an_honest_agent_is_never_refuted(void **state)
{
	int64_t served, must;

	dice = 3;
	for (unsigned seed = 0; seed < 200000; seed++) {
		uint32_t kbps = 16u << draw(17);
		struct speed_run run = honest_run(kbps, 40 + draw(11960), &served);
		assert_false(crosscheck_unserved(&run, served, &must));
		served += draw(1 << 24); /* a box on the way took more than it passed on */
		assert_false(crosscheck_unserved(&run, served, &must));
	}
}

static void speed_that_was_never_sent_is_refuted(void **state)
{
	const struct speed_run slow = {.kbps = 5000, .duration_ms = 1200, .bytes = 700000};
	struct speed_run said = slow;
	int64_t must;

	assert_false(crosscheck_unserved(&slow, 700000, &must));
	said.kbps = 40000; /* the figure alone: in half a second 2.5 MB must have come */
	assert_true(crosscheck_unserved(&said, 700000, &must));
	assert_int_equal(must, 2500000);
	said.bytes = 5600000;
	assert_true(crosscheck_unserved(&said, 700000, &must));
	assert_int_equal(must, 5600000);
	said.duration_ms = 100; /* a stream so short proves little */
	said.bytes = 700000;
	assert_false(crosscheck_unserved(&said, 700000, &must));
	assert_false(crosscheck_unserved(&said, INT64_C(1) << 43, &must));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speed_of_an_honest_agent_is_never_refuted),
		cmocka_unit_test(speed_that_was_never_sent_is_refuted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
