/* SPDX-License-Identifier: Apache-2.0 */
/* Which way packets were lost, from the numbers of both ends. */
#include "tests/unit/agent/fixture.h"

#include "agent/core/direction.h"

static void assert_told(const struct stamp *told, uint32_t sent, uint32_t out, uint32_t back)
{
	assert_int_equal(told->sent, sent);
	assert_int_equal(told->lost_out, out);
	assert_int_equal(told->lost_back, back);
}

static void answers_without_a_gap_tell_of_no_loss(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	for (uint32_t i = 0; i < 5; i++)
		direction_answered(&direction, i, 40 + i, &told);
	assert_told(&told, 5, 0, 0);
}

static void next_answer_tells_which_way_was_lossy(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 0, 0, &told);
	direction_answered(&direction, 4, 2, &told); /* 2 of 3 never came there, 1 came */
	assert_told(&told, 5, 2, 1);
}

static void what_lies_before_the_first_answer_is_not_told(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 17, 3, &told);
	assert_told(&told, 1, 0, 0);
}

static void reflector_that_counts_anew_is_no_loss(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 10, 10, &told);
	direction_answered(&direction, 14, 0, &told); /* it was restarted */
	assert_told(&told, 2, 0, 0);
	direction_answered(&direction, 15, 9, &told); /* it answered more than it was asked */
	assert_told(&told, 3, 0, 0);
	direction_answered(&direction, 17, 10, &told);
	assert_told(&told, 5, 1, 0);
}

static void answer_that_was_overtaken_changes_nothing(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 0, 0, &told);
	direction_answered(&direction, 2, 2, &told);
	direction_answered(&direction, 1, 1, &told);
	direction_answered(&direction, 2, 2, &told); /* doubled on the way */
	assert_told(&told, 3, 0, 1);
}

static void numbers_go_round(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, UINT32_MAX, UINT32_MAX - 1, &told);
	direction_answered(&direction, 1, UINT32_MAX, &told);
	assert_told(&told, 3, 1, 0);
}

static void forged_answers_are_told_at_once_and_their_question_once(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 0, 0, &told);
	direction_forged(&direction, 3, &told); /* to question 1 */
	assert_told(&told, 2, 0, 0);
	assert_int_equal(told.forged, 3);
	direction_answered(&direction, 3, 1, &told); /* 1 and 2 never came there */
	assert_told(&told, 4, 1, 0);
	assert_true(told.lost_out + told.lost_back <= told.sent);
}

static void too_long_a_silence_is_not_told(void **state)
{
	struct direction direction = {0};
	struct stamp told = {0};

	direction_answered(&direction, 0, 0, &told);
	direction_answered(&direction, SLOT_STAMP_MAX + 1, 1, &told);
	assert_told(&told, 2, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_without_a_gap_tell_of_no_loss),
		cmocka_unit_test(next_answer_tells_which_way_was_lossy),
		cmocka_unit_test(what_lies_before_the_first_answer_is_not_told),
		cmocka_unit_test(reflector_that_counts_anew_is_no_loss),
		cmocka_unit_test(answer_that_was_overtaken_changes_nothing),
		cmocka_unit_test(numbers_go_round),
		cmocka_unit_test(forged_answers_are_told_at_once_and_their_question_once),
		cmocka_unit_test(too_long_a_silence_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
