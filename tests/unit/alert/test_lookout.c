/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/alert/lookout.h"

static const uint32_t scopes[FALL_SCOPES] = {3, 14, 0};

/* Down is the provider's fault here. */
static void see(struct lookout *lookout, int64_t link, enum live_state state, int64_t since_s,
	int64_t now_s)
{
	struct ledger_live live = {.link = link, .state = state, .since_s = since_s};

	strcpy(live.cause, state == LIVE_DOWN ? "provider" : "");
	assert_int_equal(lookout_see(lookout, &live, scopes, now_s), 0);
}

static const struct fall *only(const struct lookout *lookout)
{
	size_t count;
	const struct fall *falls = lookout_falls(lookout, &count);

	assert_int_equal(count, 1);
	return falls;
}

static void down_and_silent_in_a_row_are_one_fall(void **state)
{
	struct lookout *lookout = lookout_new();

	see(lookout, 5, LIVE_UP, 100, 1000);
	see(lookout, 5, LIVE_SILENT, 1100, 1230);
	assert_true(only(lookout)->silent);
	assert_int_equal(only(lookout)->from_s, 1100);
	assert_int_equal(only(lookout)->scopes[FALL_KECAMATAN], 14);
	see(lookout, 5, LIVE_DOWN, 1090, 1300); /* by its other WAN */
	see(lookout, 5, LIVE_SILENT, 1310, 1500);
	assert_false(only(lookout)->silent); /* it was down: that stays known */
	assert_string_equal(only(lookout)->cause, "provider");
	assert_int_equal(only(lookout)->from_s, 1090);
	see(lookout, 5, LIVE_UP, 1800, 1810);
	assert_int_equal(only(lookout)->to_s, 1800);
	lookout_free(lookout);
}

static void news_end_a_silence_but_not_an_outage(void **state)
{
	struct lookout *lookout = lookout_new();
	size_t count;

	see(lookout, 5, LIVE_SILENT, 1100, 1230);
	see(lookout, 5, LIVE_UNKNOWN, 1050, 1400);
	assert_int_equal(only(lookout)->to_s, 1400);
	see(lookout, 6, LIVE_DOWN, 1500, 1510);
	see(lookout, 6, LIVE_UNKNOWN, 1550, 1560);
	assert_true(lookout_falls(lookout, &count)[1].to_s == SPAN_FOREVER);
	see(lookout, 6, LIVE_EXCLUDED, 1570, 1580);
	assert_int_equal(lookout_falls(lookout, &count)[1].to_s, 1570);
	assert_int_equal(count, 2);
	lookout_free(lookout);
}

static void what_ended_long_ago_is_forgotten(void **state)
{
	struct lookout *lookout = lookout_new();
	size_t count;

	for (int64_t link = 1; link <= 200; link++)
		see(lookout, link, LIVE_DOWN, 1000, 1000);
	for (int64_t link = 1; link <= 200; link += 2)
		see(lookout, link, LIVE_UP, 1100, 1100);
	lookout_forget(lookout, 1100 + LOOKOUT_MEMORY_S);
	lookout_falls(lookout, &count);
	assert_int_equal(count, 200);
	lookout_forget(lookout, 1101 + LOOKOUT_MEMORY_S);
	lookout_falls(lookout, &count);
	assert_int_equal(count, 100);
	see(lookout, 200, LIVE_UP, 9000, 9000); /* found, although it has moved */
	see(lookout, 1, LIVE_DOWN, 9100, 9100);
	assert_int_equal(lookout_falls(lookout, &count)[99].to_s, 9000);
	assert_int_equal(count, 101);
	assert_int_equal(lookout_falls(lookout, &count)[100].number, 201);
	lookout_free(lookout);
}

/* A clock that is behind, or a since that lies before the fall: it ends now. */
static void an_end_never_lies_before_its_beginning(void **state)
{
	struct lookout *lookout = lookout_new();

	see(lookout, 5, LIVE_SILENT, 1100, 1230);
	see(lookout, 5, LIVE_UP, 400, 1300); /* records came late: it was up all the time */
	assert_int_equal(only(lookout)->to_s, 1300);
	lookout_free(lookout);
}

static void two_devices_with_one_identity_are_told(void **state)
{
	struct lookout *lookout = lookout_new();
	struct ledger_live live = {.link = 5, .state = LIVE_UNKNOWN, .since_s = 900};

	strcpy(live.cause, "disputed");
	assert_int_equal(lookout_see(lookout, &live, scopes, 1000), 0);
	assert_false(only(lookout)->silent);
	assert_string_equal(only(lookout)->cause, "disputed");
	see(lookout, 5, LIVE_UP, 950, 1100);
	assert_int_equal(only(lookout)->to_s, 950);
	lookout_free(lookout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(down_and_silent_in_a_row_are_one_fall),
		cmocka_unit_test(news_end_a_silence_but_not_an_outage),
		cmocka_unit_test(what_ended_long_ago_is_forgotten),
		cmocka_unit_test(an_end_never_lies_before_its_beginning),
		cmocka_unit_test(two_devices_with_one_identity_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
