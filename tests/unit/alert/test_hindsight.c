/* SPDX-License-Identifier: Apache-2.0 */
/* Of how many links the explanation of a silence speaks, and whether it says so; and one that
 * cannot be looked up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/alert/hindsight.h"
#include "collector/alert/notice.h"
#include "common/file.h"
#include "tests/unit/store/fixture.h"

#undef US_PER_S
#include "collector/alert/look.c"

#define FROM_S 1775001600

static struct alarm_hindsight read_back(struct fixture *fixture, struct alarm *alarm, size_t count)
{
	const struct sla_source source = {.registry = fixture->registry}; /* knows no such link */
	struct alarm_hindsight found;
	struct err err = {0};

	*alarm = (struct alarm){.id = 1, .phase = ALARM_CLOSED, .past = PAST_TOLD, .version = 2};
	alarm->scope = FALL_ALL;
	alarm->members = calloc(count + 1, sizeof(*alarm->members));
	for (alarm->count = 0; alarm->count <= count; alarm->count++)
		alarm->members[alarm->count] = (struct alarm_member){
			.link = (int64_t)alarm->count + 1,
			.from_s = FROM_S,
			.to_s = FROM_S + 600,
			.silent = alarm->count > 0, /* the first was down */
		};
	if (hindsight_read(&source, alarm, FROM_S + 86400, &found, &err) < 0)
		fail_msg("%s", err.text);
	alarm->hindsight = found;
	return found;
}

static const char *told(struct fixture *fixture, const struct alarm *alarm, struct notice *notice)
{
	const struct notice_style style = {.url = ""};
	struct atlas *atlas;

	assert_int_equal(atlas_read(fixture->registry, &atlas, NULL), 0);
	assert_int_equal(notice_write(alarm, atlas, &style, notice), 0);
	atlas_free(atlas);
	return notice_lines(notice);
}

static void a_province_is_read_whole(void **state)
{
	struct alarm alarm;
	struct notice notice;
	struct alarm_hindsight found = read_back(*state, &alarm, 1038);

	assert_int_equal(found.silent, 1038);
	assert_int_equal(found.looked, 1038);
	assert_int_equal(found.down + found.power + found.up + found.unknown, 1038);
	assert_null(strstr(told(*state, &alarm, &notice), "contoh"));
	notice_done(&notice);
	free(alarm.members);
}

static void a_sample_of_many_is_called_one(void **state)
{
	struct alarm alarm;
	struct notice notice;
	struct alarm_hindsight found = read_back(*state, &alarm, 5000);

	assert_int_equal(found.silent, 5000);
	assert_int_equal(found.looked, HINDSIGHT_LINKS_MAX);
	assert_int_equal(found.down + found.power + found.up + found.unknown, HINDSIGHT_LINKS_MAX);
	assert_non_null(strstr(told(*state, &alarm, &notice), "contoh 2000 dari 5000 sambungan"));
	notice_done(&notice);
	free(alarm.members);
}

static struct alarm *asked(struct alarm_desk *desk, uint64_t id)
{
	struct alarm alarm = {.id = id,
		.phase = ALARM_CLOSED,
		.past = PAST_ASKED,
		.scope = FALL_ALONE,
		.closed_s = FROM_S,
		.past_look_s = FROM_S};
	const struct alarm_member member = {.link = 1, .from_s = FROM_S, .to_s = FROM_S + 600};
	size_t count;

	assert_int_equal(member_list_add(&alarm.members, &alarm.count, &alarm.room, &member), 0);
	assert_int_equal(alarm_desk_restore(desk, &alarm), 0);
	return alarm_desk_alarms(desk, &count)[id - 1];
}

static void one_that_cannot_be_looked_up_holds_up_no_other(void **state)
{
	const struct alarm_rules rules = {.calm_s = 300};
	struct fixture *fixture = *state;
	struct office office = {.lock = PTHREAD_MUTEX_INITIALIZER, .desk = alarm_desk_new(&rules)};
	struct look look = {.state = fixture->state, .office = &office};
	struct alarm *first = asked(office.desk, 1), *second = asked(office.desk, 2);
	int64_t now_s = FROM_S + 1000;
	char path[128];

	assert_int_equal(file_join(path, sizeof(path), fixture->state, "ledger.db"), 0);
	assert_int_equal(file_replace(path, "no ledger", 9, 0600, NULL), 0);
	assert_true(look_back(&look, fixture->registry, now_s, NULL) < 0);
	assert_false(alarm_wants_past(first, now_s));
	assert_true(alarm_wants_past(second, now_s));
	assert_true(look_back(&look, fixture->registry, now_s, NULL) < 0);
	assert_false(alarm_wants_past(second, now_s));
	assert_int_equal(look_back(&look, fixture->registry, now_s, NULL), 0); /* none is due */
	assert_false(alarm_wants_past(first, now_s + 1299)); /* after twice as long */
	assert_true(alarm_wants_past(first, now_s + 1300)); /* neither is forgotten */
	assert_true(alarm_wants_past(second, now_s + 1300));
	alarm_desk_free(office.desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_province_is_read_whole, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_sample_of_many_is_called_one, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(one_that_cannot_be_looked_up_holds_up_no_other,
			fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
