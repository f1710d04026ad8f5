/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/news.h"

static struct news news;
static struct record *record;

static int set_up(void **state)
{
	news_init(&news);
	record = calloc(1, sizeof(*record));
	return record ? 0 : -1;
}

static int tear_down(void **state)
{
	free(record);
	return 0;
}

static struct slot *make_slot(const char *wan, int rounds)
{
	struct slot *slot = &record->slot;

	memset(record, 0, sizeof(*record));
	record->kind = RECORD_SLOT;
	snprintf(slot->wan, sizeof(slot->wan), "%s", wan);
	slot->target_count = 2;
	slot->targets[0] = target_v4(CLASS_INTERNET, 1, 0);
	slot->targets[1] = target_v4(CLASS_GATEWAY, 2, 0);
	for (int i = 0; i < rounds; i++)
		slot->probes[slot->probe_count++] = (struct probe){
			.round = (uint16_t)i, .kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED};
	return slot;
}

/* A slot in which this round is lost, -1: none. */
static bool take(const char *wan, int lost_round)
{
	struct slot *slot = make_slot(wan, 6);

	if (lost_round >= 0)
		slot->probes[lost_round].outcome = OUTCOME_LOST;
	return news_take(&news, record);
}

static void slot_that_turns_is_news_and_its_like_are_not(void **state)
{
	assert_false(take("wan", -1));
	assert_true(take("wan", 3));
	assert_false(take("wan", 5));
	assert_true(take("wan", -1));
	assert_false(take("wan", -1));
}

static void first_slot_is_news_when_it_lost_a_round(void **state)
{
	assert_true(take("wan", 0));
}

static void each_wan_turns_by_itself(void **state)
{
	take("wan", -1);
	assert_true(take("wan2", 1));
	assert_false(take("wan", -1));
	assert_false(take("wan2", 2));
	assert_true(take("wan2", -1));
}

static void round_that_a_follow_up_saved_is_not_lost(void **state)
{
	struct slot *slot = make_slot("wan", 6);

	slot->probes[2].outcome = OUTCOME_LOST;
	slot->probes[slot->probe_count++] = (struct probe){
		.round = 2, .kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED, .follow_up = true};
	assert_false(news_is_lossy(slot));
}

static void gateway_alone_saves_no_round(void **state)
{
	struct slot *slot = make_slot("wan", 6);

	slot->probes[2].outcome = OUTCOME_LOST;
	slot->probes[slot->probe_count++] = (struct probe){
		.round = 2, .target = 1, .kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED};
	assert_true(news_is_lossy(slot));
}

static void silent_reflector_loses_no_round(void **state)
{
	struct slot *slot = make_slot("wan", 6);

	slot->probes[slot->probe_count++] = (struct probe){
		.round = 6, .kind = PROBE_STAMP, .outcome = OUTCOME_LOST};
	assert_false(news_is_lossy(slot));
}

static void event_is_news_and_so_are_start_and_stop(void **state)
{
	struct slot *slot = make_slot("wan", 6);

	slot->event_count = 1;
	slot->events[0].kind = EVENT_CARRIER_DOWN;
	assert_true(news_take(&news, record));
	record->kind = RECORD_START;
	assert_true(news_take(&news, record));
	record->kind = RECORD_STOP;
	assert_true(news_take(&news, record));
	record->kind = RECORD_ANCHOR;
	assert_false(news_take(&news, record));
	record->kind = RECORD_OBSERVATION;
	assert_false(news_take(&news, record));
}

static void more_wans_than_fit_are_survived(void **state)
{
	char name[WAN_NAME_MAX + 1];

	for (int i = 0; i < 3 * NEWS_WANS; i++) {
		snprintf(name, sizeof(name), "wan%d", i);
		assert_true(take(name, 1));
		assert_false(take(name, 1));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void sketched_slot_is_news_only_for_what_it_has_beyond(void **state)
{
	struct slot *slot = make_slot("wan", 6);

	slot->start_us = S(60);
	slot->probes[2].outcome = OUTCOME_LOST;
	slot->event_count = 1;
	news_sketched(&news, slot);
	assert_false(news_take(&news, record));
	slot->event_count = 2;
	assert_true(news_take(&news, record));
	slot->start_us = S(120);
	slot->event_count = 1;
	assert_true(news_take(&news, record));
	assert_true(take("wan", -1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(slot_that_turns_is_news_and_its_like_are_not),
		TEST(first_slot_is_news_when_it_lost_a_round),
		TEST(each_wan_turns_by_itself),
		TEST(round_that_a_follow_up_saved_is_not_lost),
		TEST(gateway_alone_saves_no_round),
		TEST(silent_reflector_loses_no_round),
		TEST(event_is_news_and_so_are_start_and_stop),
		TEST(more_wans_than_fit_are_survived),
		TEST(sketched_slot_is_news_only_for_what_it_has_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
