/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent/core/pace.h"

#define SLOT_MS 60000
#define BEGUN_MS 1000000

static struct slot *slot; /* too large for the stack */

static void begin(unsigned rounds)
{
	memset(slot, 0, sizeof(*slot));
	slot->target_count = 2;
	slot->targets[0].class = CLASS_INTERNET;
	slot->targets[1].class = CLASS_GATEWAY;
	slot->facts.carrier = CARRIER_UP;
	for (unsigned i = 0; i < rounds; i++)
		slot->probes[slot->probe_count++] = (struct probe){
			.round = (uint16_t)i, .kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED};
}

/* At which slot of twenty a report is due. */
static unsigned reports(struct pace *pace, uint64_t from_ms, unsigned *ret_first)
{
	unsigned count = 0;

	for (unsigned i = 1; i <= 20; i++) {
		if (!pace_due(pace, from_ms + (uint64_t)i * SLOT_MS, false))
			continue;
		if (!count++)
			*ret_first = i;
	}
	return count;
}

static void report_with_every_slot_holds_nothing_back(void **state)
{
	struct pace pace;

	pace_init(&pace, SLOT_MS, SLOT_MS, BEGUN_MS);
	for (int i = 0; i < 5; i++)
		assert_true(pace_due(&pace, BEGUN_MS, false));
}

static void ten_slots_make_a_report(void **state)
{
	struct pace pace;
	unsigned first = 0;

	pace_init(&pace, 10 * SLOT_MS, SLOT_MS, BEGUN_MS);
	assert_int_equal(reports(&pace, BEGUN_MS, &first), 2);
	assert_int_equal(first, 10);
}

static void what_is_urgent_goes_at_once_and_the_time_counts_from_there(void **state)
{
	struct pace pace;
	unsigned first = 0;

	pace_init(&pace, 10 * SLOT_MS, SLOT_MS, BEGUN_MS);
	assert_false(pace_due(&pace, BEGUN_MS + 4 * SLOT_MS, false));
	assert_true(pace_due(&pace, BEGUN_MS + 5 * SLOT_MS, true));
	reports(&pace, BEGUN_MS + 5 * SLOT_MS, &first);
	assert_int_equal(first, 10);
}

static void many_records_do_not_wait(void **state)
{
	struct pace pace;
	unsigned held = 0;

	pace_init(&pace, 600000, 1000, BEGUN_MS);
	while (!pace_due(&pace, BEGUN_MS + 1000, false))
		held++;
	assert_in_range(held, 10, 100);
}

static void slot_is_urgent_when_not_all_is_well_in_it(void **state)
{
	begin(6);
	assert_false(pace_is_urgent(slot));
	slot->probes[2].outcome = OUTCOME_LOST;
	assert_true(pace_is_urgent(slot)); /* the round is lost */
	slot->probes[slot->probe_count++] = (struct probe){
		.round = 2, .kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED, .follow_up = true};
	assert_false(pace_is_urgent(slot)); /* saved by another target */
	slot->probes[slot->probe_count++] = (struct probe){
		.target = 1, .kind = PROBE_ICMP, .outcome = OUTCOME_LOST};
	assert_false(pace_is_urgent(slot)); /* a gateway may be deaf */
	slot->facts.carrier = CARRIER_DOWN;
	assert_true(pace_is_urgent(slot));
	begin(6);
	slot->event_count = 1;
	assert_true(pace_is_urgent(slot));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(report_with_every_slot_holds_nothing_back),
		cmocka_unit_test(ten_slots_make_a_report),
		cmocka_unit_test(what_is_urgent_goes_at_once_and_the_time_counts_from_there),
		cmocka_unit_test(many_records_do_not_wait),
		cmocka_unit_test(slot_is_urgent_when_not_all_is_well_in_it),
	};
	int failed;

	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(slot);
	return failed;
}
