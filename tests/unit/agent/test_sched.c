/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include "agent/core/sched.h"

/* Three internet targets, one of them by TCP too, a gateway and a provider's resolver. */
static const struct target targets[] = {
	{.class = CLASS_INTERNET, .address = {4, {192, 0, 2, 1}}},
	{.class = CLASS_INTERNET, .address = {4, {192, 0, 2, 2}}},
	{.class = CLASS_INTERNET, .address = {4, {192, 0, 2, 3}}},
	{.class = CLASS_INTERNET, .address = {4, {192, 0, 2, 1}}, .port = 443},
	{.class = CLASS_GATEWAY, .address = {4, {10, 0, 0, 1}}},
	{.class = CLASS_PROVIDER, .address = {4, {10, 9, 9, 9}}},
};

static struct sched *make(double start_s, uint32_t slot_ms, uint32_t round_ms)
{
	struct grid grid;
	struct sched *sched;

	grid_init(&grid, S(start_s), slot_ms, round_ms);
	assert_int_equal(sched_new(&grid, 0, &sched), 0);
	sched_set_targets(sched, targets, sizeof(targets) / sizeof(targets[0]));
	return sched;
}

/* Asks all that is due now; answers each at once with the outcome. Returns how many. */
static unsigned ask_all(struct sched *sched, double now_s, enum outcome outcome)
{
	struct question question;
	unsigned count = 0;

	while (sched_next(sched, S(now_s), &question)) {
		sched_heard(sched, &question, outcome);
		count++;
	}
	return count;
}

static void healthy_round_asks_one_internet_target_in_turn(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct question question;

	ask_all(sched, 60, OUTCOME_ANSWERED);
	for (unsigned i = 1; i < 6; i++) {
		assert_int_equal(sched_due(sched), S(60 + 10 * i));
		assert_true(sched_next(sched, S(60 + 10 * i), &question));
		assert_int_equal(question.target.address.bytes[3], i % 3 + 1);
		assert_int_equal(question.kind, PROBE_ICMP);
		assert_false(question.follow_up);
		assert_int_equal(question.round_us, S(60 + 10 * i));
		sched_heard(sched, &question, OUTCOME_ANSWERED);
		assert_false(sched_next(sched, S(60 + 10 * i), &question));
	}
	sched_free(sched);
}

static void first_round_of_a_slot_asks_gateway_and_provider_too(void **state)
{
	struct sched *sched = make(60, 60000, 10000);

	assert_int_equal(ask_all(sched, 60, OUTCOME_ANSWERED), 3);
	assert_int_equal(ask_all(sched, 70, OUTCOME_ANSWERED), 1);
	for (unsigned i = 80; i < 120; i += 10)
		ask_all(sched, i, OUTCOME_ANSWERED);
	assert_int_equal(ask_all(sched, 120, OUTCOME_ANSWERED), 3);
	sched_free(sched);
}

static const struct target reflector = {
	.class = CLASS_INTERNET, .address = {4, {203, 0, 113, 9}}, .port = 8620};

/* How many questions to the reflector there are among all that is due now. */
static unsigned ask_stamps(struct sched *sched, double now_s, enum outcome outcome, bool follow_up)
{
	struct question question;
	unsigned count = 0;

	while (sched_next(sched, S(now_s), &question)) {
		sched_heard(sched, &question, outcome);
		if (question.kind != PROBE_STAMP)
			continue;
		assert_true(target_same(&question.target, &reflector));
		assert_int_equal(question.follow_up, follow_up);
		count++;
	}
	return count;
}

static void reflector_is_asked_in_its_own_rhythm(void **state)
{
	struct sched *sched = make(60, 60000, 10000);

	sched_set_stamp(sched, &reflector, S(25));
	assert_int_equal(ask_stamps(sched, 60, OUTCOME_ANSWERED, false), 1);
	assert_int_equal(ask_stamps(sched, 70, OUTCOME_ANSWERED, false), 0);
	assert_int_equal(ask_stamps(sched, 80, OUTCOME_ANSWERED, false), 0);
	assert_int_equal(ask_stamps(sched, 90, OUTCOME_ANSWERED, false), 1);
	sched_set_stamp(sched, NULL, 0);
	for (unsigned i = 100; i < 200; i += 10)
		assert_int_equal(ask_stamps(sched, i, OUTCOME_ANSWERED, false), 0);
	sched_free(sched);
}

static void reflector_is_asked_once_in_a_round_that_is_being_lost(void **state)
{
	struct sched *sched = make(60, 60000, 10000);

	sched_set_stamp(sched, &reflector, S(600));
	assert_int_equal(ask_stamps(sched, 60, OUTCOME_LOST, false), 1);
	assert_int_equal(ask_stamps(sched, 63, OUTCOME_LOST, true), 0); /* asked already */
	assert_int_equal(ask_stamps(sched, 66, OUTCOME_LOST, true), 0);
	assert_int_equal(ask_stamps(sched, 70, OUTCOME_LOST, false), 0);
	assert_int_equal(ask_stamps(sched, 73, OUTCOME_ANSWERED, true), 1);
	assert_int_equal(ask_all(sched, 76, OUTCOME_LOST), 0); /* its answer saved the round */
	sched_free(sched);
}

/* Slots of a minute, 150 s between questions to those nearer: they come with every third slot. */
static void those_nearer_are_asked_now_and_then_if_told_so(void **state)
{
	struct grid grid;
	struct sched *sched;

	grid_init(&grid, S(90), 60000, 30000);
	assert_int_equal(sched_new(&grid, S(150), &sched), 0);
	sched_set_targets(sched, targets, sizeof(targets) / sizeof(targets[0]));
	assert_int_equal(ask_all(sched, 90, OUTCOME_ANSWERED), 3); /* of a slot that is cut short */
	for (unsigned at = 120; at < 720; at += 30) {
		bool is_time = at == 240 || at == 420 || at == 600;

		assert_int_equal(ask_all(sched, at, OUTCOME_ANSWERED), is_time ? 3 : 1);
	}
	ask_all(sched, 720, OUTCOME_LOST);
	assert_int_equal(ask_all(sched, 723, OUTCOME_ANSWERED), 4); /* of a lost round: always */
	sched_free(sched);
}

static void lost_round_asks_the_others_then_tcp_then_is_over(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct question question;
	unsigned internet = 0, near = 0;

	ask_all(sched, 60, OUTCOME_ANSWERED);
	assert_true(sched_next(sched, S(70), &question));
	assert_int_equal(sched_due(sched), S(73));
	sched_heard(sched, &question, OUTCOME_LOST);
	assert_int_equal(sched_open_since(sched, 0), S(70));
	while (sched_next(sched, S(73), &question)) {
		assert_true(question.follow_up);
		assert_int_equal(question.kind, PROBE_ICMP);
		assert_int_not_equal(question.target.address.bytes[3], 2); /* asked first */
		internet += question.target.class == CLASS_INTERNET;
		near += question.target.class != CLASS_INTERNET;
		sched_heard(sched, &question, OUTCOME_LOST);
	}
	assert_int_equal(internet, 2);
	assert_int_equal(near, 2);
	assert_int_equal(sched_due(sched), S(76));
	assert_true(sched_next(sched, S(76), &question));
	assert_int_equal(question.kind, PROBE_TCP);
	assert_int_equal(question.target.port, 443);
	assert_true(question.follow_up);
	assert_int_equal(sched_open_since(sched, 0), S(70));
	sched_heard(sched, &question, OUTCOME_LOST);
	assert_int_equal(sched_open_since(sched, 0), SCHED_NEVER);
	sched_free(sched);
}

static void answer_to_a_follow_up_saves_the_tcp_question(void **state)
{
	struct sched *sched = make(60, 60000, 10000);

	ask_all(sched, 60, OUTCOME_LOST);
	assert_int_equal(ask_all(sched, 63, OUTCOME_ANSWERED), 4);
	assert_int_equal(ask_all(sched, 66, OUTCOME_ANSWERED), 0);
	assert_int_equal(sched_open_since(sched, 0), SCHED_NEVER);
	sched_free(sched);
}

static void gateway_that_answers_does_not_save_the_round(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct question question;

	while (sched_next(sched, S(60), &question))
		sched_heard(sched, &question,
			question.target.class == CLASS_INTERNET ? OUTCOME_REFUSED
								: OUTCOME_ANSWERED);
	assert_int_equal(ask_all(sched, 63, OUTCOME_LOST), 4);
	sched_free(sched);
}

static void rounds_of_a_second_overlap_and_stay_bounded(void **state)
{
	struct sched *sched = make(60, 60000, 1000);
	struct question questions[64 * 8];
	size_t asked = 0, heard = 0, most = 0;

	/* Nobody answers; each outcome comes 3 s after its question. */
	for (double now = 60; now < 120; now += 0.5) {
		while (sched_next(sched, S(now), &questions[asked]))
			asked++;
		while (heard < asked && S(now) >= questions[heard].round_us + S(3)) {
			sched_heard(sched, &questions[heard], OUTCOME_LOST);
			heard++;
		}
		if (sched_open_since(sched, 0) != SCHED_NEVER) {
			size_t open = (S(now) - sched_open_since(sched, 0)) / 1000000;

			most = open > most ? open : most;
		}
	}
	assert_in_range(most, 6, 12);
	/* 60 first questions, 54 rounds that reached TCP; a round has 8 - 2 others. */
	assert_in_range(asked, 60 + 57 * 4 + 54, SLOT_PROBES_MAX);
	sched_free(sched);
}

static void missed_rounds_are_not_made_up_for(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct question question;

	ask_all(sched, 60, OUTCOME_ANSWERED);
	assert_true(sched_next(sched, S(104), &question));
	assert_int_equal(question.round_us, S(100));
	sched_heard(sched, &question, OUTCOME_ANSWERED);
	assert_false(sched_next(sched, S(104), &question));
	assert_int_equal(sched_due(sched), S(110));
	sched_free(sched);
}

static void outcome_that_never_comes_ends_with_the_round(void **state)
{
	struct sched *sched = make(60, 60000, 60000);
	struct question question;

	while (sched_next(sched, S(60), &question))
		;
	while (sched_next(sched, S(63), &question))
		;
	while (sched_next(sched, S(66), &question))
		;
	assert_int_equal(sched_open_since(sched, 0), S(60));
	assert_int_equal(sched_due(sched), S(72));
	assert_false(sched_next(sched, S(72), &question));
	assert_int_equal(sched_open_since(sched, 0), SCHED_NEVER);
	sched_free(sched);
}

static void stopped_schedule_begins_no_round(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct question question;

	ask_all(sched, 60, OUTCOME_ANSWERED);
	sched_stop(sched);
	assert_int_equal(sched_due(sched), SCHED_NEVER);
	assert_false(sched_next(sched, S(70), &question));
	sched_free(sched);
}

static void change_of_targets_between_question_and_follow_up_asks_the_new_ones(void **state)
{
	struct sched *sched = make(60, 60000, 10000);
	struct target changed[3] = {targets[4], targets[0], targets[1]};
	struct question question;
	unsigned first_again = 0;

	ask_all(sched, 60, OUTCOME_LOST); /* asked 192.0.2.1 first */
	changed[0].address.bytes[3] = 254;
	sched_set_targets(sched, changed, 3);
	while (sched_next(sched, S(63), &question)) {
		first_again += target_same(&question.target, &targets[0]);
		if (question.target.class == CLASS_GATEWAY)
			assert_int_equal(question.target.address.bytes[3], 254);
		sched_heard(sched, &question, OUTCOME_LOST);
	}
	assert_int_equal(first_again, 0);
	sched_free(sched);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy_round_asks_one_internet_target_in_turn),
		cmocka_unit_test(first_round_of_a_slot_asks_gateway_and_provider_too),
		cmocka_unit_test(reflector_is_asked_in_its_own_rhythm),
		cmocka_unit_test(reflector_is_asked_once_in_a_round_that_is_being_lost),
		cmocka_unit_test(those_nearer_are_asked_now_and_then_if_told_so),
		cmocka_unit_test(lost_round_asks_the_others_then_tcp_then_is_over),
		cmocka_unit_test(answer_to_a_follow_up_saves_the_tcp_question),
		cmocka_unit_test(gateway_that_answers_does_not_save_the_round),
		cmocka_unit_test(rounds_of_a_second_overlap_and_stay_bounded),
		cmocka_unit_test(missed_rounds_are_not_made_up_for),
		cmocka_unit_test(outcome_that_never_comes_ends_with_the_round),
		cmocka_unit_test(stopped_schedule_begins_no_round),
		cmocka_unit_test(
			change_of_targets_between_question_and_follow_up_asks_the_new_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
