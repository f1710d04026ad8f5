/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/conf.h"
#include "common/file.h"

struct settings {
	char *name, *targets;
	long long slot_s, offset;
	bool metered;
	int profile;
};

static const char *const profiles[] = {"normal", "metered", "lab", NULL};

static const struct conf_key table[] = {
	{.section = "agent",
		.key = "name",
		.type = CONF_TEXT,
		.offset = offsetof(struct settings, name),
		.fallback = "wan",
		.max = 8,
		.help = "name of the WAN"},
	{.section = "agent",
		.key = "slot_s",
		.type = CONF_NUMBER,
		.offset = offsetof(struct settings, slot_s),
		.fallback = "60",
		.min = 1,
		.max = 60,
		.help = "length of a slot, in seconds"},
	{.section = "agent",
		.key = "offset",
		.type = CONF_NUMBER,
		.offset = offsetof(struct settings, offset),
		.fallback = "0",
		.min = -5,
		.max = 5,
		.help = "shift, in seconds"},
	{.section = "probe",
		.key = "targets",
		.type = CONF_TEXT,
		.offset = offsetof(struct settings, targets),
		.fallback = "",
		.help = "addresses to ask"},
	{.section = "probe",
		.key = "metered",
		.type = CONF_SWITCH,
		.offset = offsetof(struct settings, metered),
		.fallback = "no",
		.help = "whether bytes cost money"},
	{.section = "probe",
		.key = "profile",
		.type = CONF_CHOICE,
		.offset = offsetof(struct settings, profile),
		.fallback = "lab",
		.choices = profiles,
		.help = "how often to ask"},
	{.section = NULL},
};

#define CONF_FILE "pantau-test.conf"

static void write_file(const void *bytes, size_t length)
{
	assert_int_equal(file_replace(CONF_FILE, bytes, length, 0600, NULL), 0);
}

static struct settings load(const char *text)
{
	struct settings settings = {0};
	struct err err = {0};

	write_file(text, strlen(text));
	if (conf_load(table, &settings, CONF_FILE, &err) < 0)
		fail_msg("%s", err.text);
	return settings;
}

static void expect_error_in(const void *bytes, size_t length, const char *expected)
{
	static const struct settings nothing;
	struct settings settings = {0};
	struct err err = {0};

	write_file(bytes, length);
	assert_int_equal(conf_load(table, &settings, CONF_FILE, &err), -EINVAL);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.code, -EINVAL);
	assert_memory_equal(&settings, &nothing, sizeof settings);
}

static void expect_error(const char *text, const char *expected)
{
	expect_error_in(text, strlen(text), expected);
}

static void an_empty_file_gives_the_defaults(void **state)
{
	struct settings settings = load("");

	assert_string_equal(settings.name, "wan");
	assert_string_equal(settings.targets, "");
	assert_int_equal(settings.slot_s, 60);
	assert_int_equal(settings.offset, 0);
	assert_false(settings.metered);
	assert_int_equal(settings.profile, 2);
	conf_done(table, &settings);
	assert_null(settings.name);
}

static void reads_every_type(void **state)
{
	struct settings settings = load("[agent]\nname = wan2\nslot_s=10\noffset : -5\n\n"
					"[probe]\nmetered = on\nprofile = normal\n"
					"targets = 192.0.2.1, 192.0.2.2");

	assert_string_equal(settings.name, "wan2");
	assert_string_equal(settings.targets, "192.0.2.1, 192.0.2.2");
	assert_int_equal(settings.slot_s, 10);
	assert_int_equal(settings.offset, -5);
	assert_true(settings.metered);
	assert_int_equal(settings.profile, 0);
	conf_done(table, &settings);
}

static void a_byte_order_mark_and_crlf_are_no_matter(void **state)
{
	struct settings settings = load("\xef\xbb\xbf[agent]\r\nname = a b\r\nslot_s = 7\r\n");

	assert_string_equal(settings.name, "a b");
	assert_int_equal(settings.slot_s, 7);
	conf_done(table, &settings);
}

static void comments_and_indents_are_no_matter(void **state)
{
	struct settings settings = load(
		"# one\n; two\n  [agent]  \n\tname = x;y # z ; rest\n"
		"    slot_s = 7\t; seconds = 8\n[probe]\ntargets = ; none\n");

	assert_string_equal(settings.name, "x;y # z");
	assert_int_equal(settings.slot_s, 7);
	assert_string_equal(settings.targets, "");
	conf_done(table, &settings);
}

static void a_section_may_come_twice(void **state)
{
	struct settings settings = load("[agent]\nname = a\n[probe]\n[agent]\nslot_s = 5\n");

	assert_string_equal(settings.name, "a");
	assert_int_equal(settings.slot_s, 5);
	conf_done(table, &settings);
}

/* "targets = vvv...", with a value of `length` bytes, on line 2. */
static char *long_value(size_t length, const char *after)
{
	char *text = malloc(length + 100), *value;

	assert_non_null(text);
	value = text + sprintf(text, "[probe]\ntargets = ");
	memset(value, 'v', length);
	strcpy(value + length, after);
	return text;
}

static void long_values_are_read_whole(void **state)
{
	static const size_t lengths[] = {180, 189, 190, 191, 198, 199, 200, 201, 400, 1023, 1024};
	size_t i;

	for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		char *text = long_value(lengths[i], "\nmetered = yes\n");
		struct settings settings = load(text);

		assert_int_equal(strlen(settings.targets), lengths[i]);
		assert_int_equal(strspn(settings.targets, "v"), lengths[i]);
		assert_true(settings.metered);
		conf_done(table, &settings);
		free(text);
	}
}

static void lines_are_counted_right_after_a_long_one(void **state)
{
	char *text = long_value(600, "\n\nmetered = perhaps\n");

	expect_error(text, CONF_FILE ":4: [probe] metered = perhaps: must be yes or no");
	free(text);
}

static void a_long_comment_is_no_matter(void **state)
{
	char *text = calloc(1, 5000);
	struct settings settings;

	assert_non_null(text);
	memset(text, '#', 4000);
	strcpy(text + 4000, "\n[agent]\nslot_s = 7\n");
	settings = load(text);
	assert_int_equal(settings.slot_s, 7);
	conf_done(table, &settings);
	free(text);
}

#define V10 "vvvvvvvvvv"
#define V60 V10 V10 V10 V10 V10 V10

static void a_value_over_the_limit_is_refused(void **state)
{
	char *text = long_value(CONF_VALUE_MAX + 1, "\n");

	expect_error(
		text, CONF_FILE ":2: [probe] targets = " V60 "...: must be at most 1024 bytes");
	free(text);
	text = long_value(5000, "\nmetered = yes\n");
	expect_error(text,
		CONF_FILE ":2: [probe] targets = " V60 "...: the line is longer than 1279 bytes");
	free(text);
	expect_error("[agent]\nname = 123456789\n",
		CONF_FILE ":2: [agent] name = 123456789: must be at most 8 bytes");
}

static void numbers_are_strict_and_within_their_range(void **state)
{
	expect_error(
		"[agent]\n\nslot_s = 90\n", CONF_FILE ":3: [agent] slot_s = 90: must be 1 to 60");
	expect_error("[agent]\nslot_s = 0\n", CONF_FILE ":2: [agent] slot_s = 0: must be 1 to 60");
	expect_error(
		"[agent]\nslot_s = 10s\n", CONF_FILE ":2: [agent] slot_s = 10s: must be 1 to 60");
	expect_error("[agent]\nslot_s =\n", CONF_FILE ":2: [agent] slot_s = : must be 1 to 60");
	expect_error(
		"[agent]\nslot_s = 0x10\n", CONF_FILE ":2: [agent] slot_s = 0x10: must be 1 to 60");
	expect_error("[agent]\noffset = -\n", CONF_FILE ":2: [agent] offset = -: must be -5 to 5");
	expect_error(
		"[agent]\noffset = +1\n", CONF_FILE ":2: [agent] offset = +1: must be -5 to 5");
	expect_error("[agent]\nslot_s = 99999999999999999999\n",
		CONF_FILE ":2: [agent] slot_s = 99999999999999999999: must be 1 to 60");
}

static void choices_are_listed(void **state)
{
	expect_error("[probe]\nprofile = fast\n",
		CONF_FILE ":2: [probe] profile = fast: must be normal, metered, lab");
}

static void unknown_and_doubled_things_are_refused(void **state)
{
	expect_error("[agent]\nslots = 5\n", CONF_FILE ":2: [agent] slots = 5: unknown key");
	expect_error("[agent]\ntargets = x\n", CONF_FILE ":2: [agent] targets = x: unknown key");
	expect_error("[agnt]\n", CONF_FILE ":1: [agnt]: unknown section");
	expect_error("[]\n", CONF_FILE ":1: []: unknown section");
	expect_error("[agent\nslot_s = 1\n", CONF_FILE ":1: a section without its closing ]");
	expect_error("[agent]\nslot_s = 5\nslot_s = 5\n",
		CONF_FILE ":3: [agent] slot_s = 5: given twice");
	expect_error(
		"slot_s = 5\n", CONF_FILE ":1: [] slot_s = 5: stands before the first [section]");
}

static void a_line_without_sense_is_refused(void **state)
{
	static const char *const words = ": neither a [section], nor key = value, nor a # comment";
	char expected[160];

	snprintf(expected, sizeof expected, "%s:3%s", CONF_FILE, words);
	expect_error("[agent]\nname = x\nhello\nslot_s = 99\n", expected);
}

static void the_first_of_two_faults_is_told(void **state)
{
	expect_error("[agent]\nslot_s = 99\nhello\n",
		CONF_FILE ":2: [agent] slot_s = 99: must be 1 to 60");
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = "[agent]\nname = a\0b\n";

	expect_error_in(text, sizeof text - 1, CONF_FILE ":2: a NUL byte: this is not a text file");
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct settings settings = {0};
	struct err err = {0};

	unlink(CONF_FILE);
	assert_int_equal(conf_load(table, &settings, CONF_FILE, &err), -ENOENT);
	assert_string_equal(err.text, CONF_FILE ": No such file or directory");
	assert_int_equal(conf_load(table, &settings, ".", &err), -EIO);
	assert_null(settings.name);
}

static void a_default_outside_its_range_is_our_own_bug_and_told(void **state)
{
	struct conf_key bad[] = {table[1], {.section = NULL}};
	struct settings settings = {0};
	struct err err = {0};

	bad[0].fallback = "61";
	assert_int_equal(conf_defaults(bad, &settings, &err), -EINVAL);
	assert_string_equal(err.text, "the default of [agent] slot_s = 61: must be 1 to 60");
}

static void what_is_printed_can_be_read_back(void **state)
{
	struct settings settings = load("[agent]\nname = kutai\noffset = -3\n[probe]\n"
					"metered = yes\nprofile = metered\ntargets = a b\n");
	struct settings again;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	conf_print(table, &settings, out);
	fclose(out);
	assert_non_null(
		strstr(text, "[agent]\n# name of the WAN (at most 8 bytes)\nname = kutai\n"));
	assert_non_null(strstr(text, "# length of a slot, in seconds (1 to 60)\nslot_s = 60\n"));
	assert_non_null(strstr(text, "\n\n[probe]\n"));
	again = load(text);
	assert_string_equal(again.name, "kutai");
	assert_string_equal(again.targets, "a b");
	assert_int_equal(again.offset, -3);
	assert_true(again.metered);
	assert_int_equal(again.profile, 1);
	conf_done(table, &again);
	conf_done(table, &settings);
	free(text);
}

/* The messages name the file as it was given: a plain name keeps them readable here. */
static int enter_folder(void **state)
{
	static char folder[] = "/tmp/pantau-conf.XXXXXX";

	*state = mkdtemp(folder);
	return *state ? chdir(folder) : -1;
}

static int leave_folder(void **state)
{
	unlink(CONF_FILE);
	return chdir("/") < 0 ? -1 : rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_the_defaults),
		cmocka_unit_test(reads_every_type),
		cmocka_unit_test(a_byte_order_mark_and_crlf_are_no_matter),
		cmocka_unit_test(comments_and_indents_are_no_matter),
		cmocka_unit_test(a_section_may_come_twice),
		cmocka_unit_test(long_values_are_read_whole),
		cmocka_unit_test(lines_are_counted_right_after_a_long_one),
		cmocka_unit_test(a_long_comment_is_no_matter),
		cmocka_unit_test(a_value_over_the_limit_is_refused),
		cmocka_unit_test(numbers_are_strict_and_within_their_range),
		cmocka_unit_test(choices_are_listed),
		cmocka_unit_test(unknown_and_doubled_things_are_refused),
		cmocka_unit_test(a_line_without_sense_is_refused),
		cmocka_unit_test(the_first_of_two_faults_is_told),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
		cmocka_unit_test(a_default_outside_its_range_is_our_own_bug_and_told),
		cmocka_unit_test(what_is_printed_can_be_read_back),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
