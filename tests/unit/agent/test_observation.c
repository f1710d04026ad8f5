/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/observation.h"

static struct observation *told; /* large: kept off the stack */
static char faults[1024];

static void on_bad(void *arg, const struct observation_bad_line *line)
{
	size_t length = strlen(faults);

	snprintf(faults + length, sizeof(faults) - length, "%u %d %s;", line->line, line->fault,
		line->text);
}

static void parse(const char *text)
{
	faults[0] = '\0';
	observation_parse(told, text, strlen(text), on_bad, NULL);
}

static void holds(size_t index, const char *key, const char *value)
{
	assert_true(index < told->item_count);
	assert_string_equal(told->items[index].key, key);
	assert_string_equal(told->items[index].value, value);
}

static void lines_become_items_in_their_order(void **state)
{
	parse("signal.rsrp=-97\n# a comment\n\n operator = \"Telkom sel\" \r\nempty=\nlast='x=y'");
	assert_string_equal(faults, "");
	assert_int_equal(told->item_count, 4);
	holds(0, "signal.rsrp", "-97");
	holds(1, "operator", "Telkom sel");
	holds(2, "empty", "");
	holds(3, "last", "x=y");
}

static void bad_line_costs_itself_alone_and_is_told(void **state)
{
	parse("no equals\nGood=1\n=2\nname=caf\xc3\xa9\nfine=3\nfine=4\n\x01=1\n");
	assert_string_equal(
		faults, "1 0 no equals;2 1 Good=1;3 1 =2;4 2 name=caf??;6 3 fine=4;7 1 ?=1;");
	assert_int_equal(told->item_count, 1);
	holds(0, "fine", "3");
}

static void longest_key_and_value_fit_and_no_longer_ones(void **state)
{
	char text[400];

	snprintf(text, sizeof(text), "%032d=%096d\n%033d=1\nkey=%097d\n", 0, 0, 0, 0);
	parse(text);
	assert_int_equal(told->item_count, 1);
	assert_int_equal(strlen(told->items[0].key), OBSERVATION_KEY_MAX);
	assert_int_equal(strlen(told->items[0].value), OBSERVATION_VALUE_MAX);
}

static void more_lines_than_fit_are_told_once_each(void **state)
{
	char text[1024] = "";

	for (size_t i = 0; i < OBSERVATION_ITEMS_MAX + 2; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "k%zu=1\n", i);
	parse(text);
	assert_int_equal(told->item_count, OBSERVATION_ITEMS_MAX);
	assert_string_equal(faults, "33 4 k32=1;34 4 k33=1;");
	assert_non_null(strstr(observation_fault_words(OBSERVATION_TOO_MANY), "32"));
}

static void source_is_the_name_without_its_ending(void **state)
{
	char source[OBSERVATION_SOURCE_MAX + 1];

	assert_true(observation_source_of("modem-4g.sh", source));
	assert_string_equal(source, "modem-4g");
	assert_true(observation_source_of("UPS", source));
	assert_string_equal(source, "___");
	assert_true(observation_source_of("a.b.txt", source));
	assert_string_equal(source, "a.b");
	assert_false(observation_source_of("a-name-that-is-longer-than-it-may-be.sh", source));
	assert_false(observation_source_of("", source));
}

static void change_of_one_value_is_seen(void **state)
{
	struct observation *other = calloc(1, sizeof(*other));

	parse("a=1\nb=2\n");
	*other = *told;
	assert_true(observation_same_items(told, other));
	parse("a=1\nb=3\n");
	assert_false(observation_same_items(told, other));
	parse("a=1\n");
	assert_false(observation_same_items(told, other));
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_items_in_their_order),
		cmocka_unit_test(bad_line_costs_itself_alone_and_is_told),
		cmocka_unit_test(longest_key_and_value_fit_and_no_longer_ones),
		cmocka_unit_test(more_lines_than_fit_are_told_once_each),
		cmocka_unit_test(source_is_the_name_without_its_ending),
		cmocka_unit_test(change_of_one_value_is_seen),
	};
	int failed;

	told = calloc(1, sizeof(*told));
	if (!told)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(told);
	return failed;
}
