/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/evidence.h"

#define ALL 0xff

/* Targets: 0 gateway, 1 edge, 2 provider, 3 and 4 internet. */
static struct slot *new_slot(void)
{
	struct slot *slot = calloc(1, sizeof(*slot));
	slot->rounds_due = 6;
	slot->target_count = 5;
	slot->targets[0].class = CLASS_GATEWAY;
	slot->targets[1].class = CLASS_EDGE;
	slot->targets[2].class = CLASS_PROVIDER;
	slot->targets[3].class = CLASS_INTERNET;
	slot->targets[4].class = CLASS_INTERNET;
	slot->facts.carrier = CARRIER_UP;
	return slot;
}

static void ask(struct slot *slot, uint16_t round, uint8_t target, enum outcome outcome)
{
	slot->probes[slot->probe_count++] = (struct probe){
		.round = round,
		.target = target,
		.kind = PROBE_ICMP,
		.outcome = (uint8_t)outcome,
	};
}

static void refuse(struct slot *slot, uint16_t round, uint8_t target, enum refusal refusal)
{
	ask(slot, round, target, OUTCOME_REFUSED);
	slot->probes[slot->probe_count - 1].refusal = (uint8_t)refusal;
}

static void round_is_lost_when_no_internet_target_answered(void **state)
{
	struct slot *slot = new_slot();
	ask(slot, 0, 3, OUTCOME_ANSWERED);
	ask(slot, 1, 3, OUTCOME_LOST);
	ask(slot, 1, 4, OUTCOME_ANSWERED);
	ask(slot, 2, 3, OUTCOME_LOST);
	ask(slot, 2, 4, OUTCOME_LOST);
	ask(slot, 2, 2, OUTCOME_ANSWERED); /* the provider's resolver is not the internet */
	ask(slot, 3, 2, OUTCOME_ANSWERED); /* no internet target: no round */
	refuse(slot, 4, 3, REFUSAL_ROUTE); /* refused by the router: made, and lost */
	struct evidence evidence = evidence_of(slot);
	assert_int_equal(evidence.due, 6);
	assert_int_equal(evidence.made, 4);
	assert_int_equal(evidence.lost, 2);
	free(slot);
}

static void first_class_that_is_silent_names_the_cause(void **state)
{
	static const struct {
		enum outcome gateway, edge, provider;
		enum down_cause cause;
	} cases[] = {
		{OUTCOME_LOST, OUTCOME_LOST, OUTCOME_LOST, DOWN_CPE},
		{OUTCOME_ANSWERED, OUTCOME_LOST, OUTCOME_LOST, DOWN_ACCESS},
		{OUTCOME_ANSWERED, OUTCOME_ANSWERED, OUTCOME_LOST, DOWN_PROVIDER},
		{OUTCOME_ANSWERED, OUTCOME_ANSWERED, OUTCOME_ANSWERED, DOWN_UPSTREAM},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slot *slot = new_slot();
		ask(slot, 0, 3, OUTCOME_LOST);
		ask(slot, 0, 0, cases[i].gateway);
		ask(slot, 0, 1, cases[i].edge);
		ask(slot, 0, 2, cases[i].provider);
		struct evidence evidence = evidence_of(slot);
		assert_int_equal(evidence_cause(&evidence, ALL), cases[i].cause);
		free(slot);
	}
}

static void class_that_never_answered_leaves_the_word_to_the_next(void **state)
{
	struct slot *slot = new_slot();
	ask(slot, 0, 3, OUTCOME_LOST);
	ask(slot, 0, 0, OUTCOME_LOST);
	ask(slot, 0, 2, OUTCOME_LOST);
	struct evidence evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, 1u << CLASS_PROVIDER), DOWN_PROVIDER);
	assert_int_equal(evidence_cause(&evidence, 1u << CLASS_INTERNET), DOWN_UPSTREAM);
	free(slot);
}

static void healthy_answers_do_not_speak_for_lost_rounds(void **state)
{
	struct slot *slot = new_slot();
	ask(slot, 0, 3, OUTCOME_ANSWERED);
	ask(slot, 0, 0, OUTCOME_ANSWERED); /* while healthy */
	ask(slot, 1, 3, OUTCOME_LOST);
	ask(slot, 1, 0, OUTCOME_LOST);
	struct evidence evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, evidence.ever), DOWN_CPE);
	slot->facts.gateway = NEIGHBOUR_RESOLVED; /* it does not answer ping, but it is there */
	evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, evidence.ever), DOWN_UPSTREAM);
	free(slot);
}

static void neighbour_speaks_for_the_slots_end_alone(void **state)
{
	struct slot *slot = new_slot();
	ask(slot, 0, 0, OUTCOME_ANSWERED); /* while healthy */
	ask(slot, 1, 3, OUTCOME_LOST);
	ask(slot, 1, 0, OUTCOME_LOST);
	ask(slot, 2, 3, OUTCOME_LOST);
	ask(slot, 2, 0, OUTCOME_LOST);
	ask(slot, 3, 3, OUTCOME_ANSWERED); /* it is back: of course it is found */
	slot->facts.gateway = NEIGHBOUR_RESOLVED;
	struct evidence evidence = evidence_of(slot);
	assert_false(evidence.gateway_resolved);
	assert_int_equal(evidence_cause(&evidence, ALL), DOWN_CPE);
	slot->facts.gateway = NEIGHBOUR_FAILED; /* it went when all was well again */
	ask(slot, 2, 0, OUTCOME_ANSWERED);
	evidence = evidence_of(slot);
	assert_false(evidence.gateway_failed);
	assert_int_equal(evidence_cause(&evidence, 1u << CLASS_GATEWAY), DOWN_UPSTREAM);
	free(slot);
}

static void carrier_and_address_are_the_routers_own(void **state)
{
	struct slot *slot = new_slot();
	refuse(slot, 0, 3, REFUSAL_CARRIER);
	struct evidence evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, ALL), DOWN_LOCAL);
	slot->probes[0].refusal = REFUSAL_ADDRESS;
	evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, ALL), DOWN_CPE);
	slot->probes[0].refusal = REFUSAL_NONE;
	slot->facts.gateway = NEIGHBOUR_FAILED;
	evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, 0), DOWN_CPE);
	slot->facts.carrier = CARRIER_DOWN;
	evidence = evidence_of(slot);
	assert_int_equal(evidence_cause(&evidence, 0), DOWN_LOCAL);
	free(slot);
}

static void reflector_speaks_only_when_it_answers(void **state)
{
	struct slot *slot = new_slot();
	ask(slot, 0, 3, OUTCOME_LOST);
	ask(slot, 0, 4, OUTCOME_ANSWERED); /* the internet was there, said by who cannot lie */
	ask(slot, 1, 3, OUTCOME_ANSWERED);
	ask(slot, 1, 4, OUTCOME_LOST);
	ask(slot, 2, 4, OUTCOME_LOST); /* alone: no round at all */
	ask(slot, 3, 4, OUTCOME_ANSWERED);
	slot->probes[1].kind = slot->probes[3].kind = PROBE_STAMP;
	slot->probes[4].kind = slot->probes[5].kind = PROBE_STAMP;
	struct evidence evidence = evidence_of(slot);
	assert_int_equal(evidence.made, 3);
	assert_int_equal(evidence.lost, 0);
	slot->probes[1].outcome = OUTCOME_LOST;
	evidence = evidence_of(slot);
	assert_int_equal(evidence.made, 3);
	assert_int_equal(evidence.lost, 1);
	free(slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_is_lost_when_no_internet_target_answered),
		cmocka_unit_test(first_class_that_is_silent_names_the_cause),
		cmocka_unit_test(class_that_never_answered_leaves_the_word_to_the_next),
		cmocka_unit_test(healthy_answers_do_not_speak_for_lost_rounds),
		cmocka_unit_test(neighbour_speaks_for_the_slots_end_alone),
		cmocka_unit_test(carrier_and_address_are_the_routers_own),
		cmocka_unit_test(reflector_speaks_only_when_it_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
