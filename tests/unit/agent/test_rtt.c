/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include "agent/probes/rtt.h"

#define MS 1000000LL
#define UTC (1767196800LL * 1000 * MS)

/* Sent at 0, read after `seen` ms; the wall clock was then ahead by `step` ms of what it was. */
static struct rtt_times times(int64_t departed, int64_t arrived, int64_t seen, int64_t step)
{
	return (struct rtt_times){
		.sent = {.mono_ns = 5 * MS, .utc_ns = UTC},
		.seen = {.mono_ns = 5 * MS + seen * MS, .utc_ns = UTC + (seen + step) * MS},
		.departed_ns = departed < 0 ? 0 : UTC + departed * MS,
		.arrived_ns = arrived < 0 ? 0 : UTC + arrived * MS,
	};
}

static void round_trip_is_from_sending_to_the_kernels_arrival(void **state)
{
	/* The process took 40 ms to read the reply. */
	struct rtt_times slow = times(0, 12, 52, 0), one_sided = times(-1, 12, 52, 0);

	slow.departed_ns += 30000; /* the way through the kernel: ping counts it too */
	assert_int_equal(rtt_ns(&slow), 12 * MS);
	assert_int_equal(rtt_ns(&one_sided), 12 * MS);
}

static void process_held_up_while_sending_does_not_count(void **state)
{
	struct rtt_times slow = times(2, 12, 52, 0);

	assert_int_equal(rtt_ns(&slow), 10 * MS);
}

static void without_an_arrival_the_process_measures(void **state)
{
	struct rtt_times none = times(2, -1, 52, 0);

	assert_int_equal(rtt_ns(&none), 52 * MS);
}

static void clock_that_was_set_meanwhile_is_not_believed(void **state)
{
	struct rtt_times forward = times(1, 3600012, 20, 3600000);
	struct rtt_times backward = times(1, -3600000 + 12, 20, -3600000);
	struct rtt_times little = times(1, 12 + 5, 20, 5);

	assert_int_equal(rtt_ns(&forward), 20 * MS);
	assert_int_equal(rtt_ns(&backward), 20 * MS);
	assert_int_equal(rtt_ns(&little), 20 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip_is_from_sending_to_the_kernels_arrival),
		cmocka_unit_test(process_held_up_while_sending_does_not_count),
		cmocka_unit_test(without_an_arrival_the_process_measures),
		cmocka_unit_test(clock_that_was_set_meanwhile_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
