/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/conf.h"

struct settings {
	char *name, *targets;
	long long slot_s;
};

static const struct conf_key table[] = {
	{.section = "agent",
		.key = "name",
		.type = CONF_TEXT,
		.offset = offsetof(struct settings, name),
		.fallback = "wan",
		.from_afar = true},
	{.section = "agent",
		.key = "slot_s",
		.type = CONF_NUMBER,
		.offset = offsetof(struct settings, slot_s),
		.fallback = "60",
		.min = 1,
		.max = 60,
		.from_afar = true},
	{.section = "probe",
		.key = "targets",
		.type = CONF_TEXT,
		.offset = offsetof(struct settings, targets),
		.fallback = ""},
	{.section = NULL},
};

static int allows(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES])
{
	if (strcmp(value, "1") != 0)
		return 0;
	snprintf(ret_why, CONF_WHY_BYTES, "too small from afar");
	return -EINVAL;
}

static int overlay(struct settings *settings, const char *text, struct err *err)
{
	static const char own[] = "[agent]\nname = own\nslot_s = 30\n[probe]\ntargets = here\n";
	const struct conf_text first = {"own", own, strlen(own)},
			       over = {"far", text, strlen(text)};

	memset(settings, 0, sizeof(*settings));
	assert_int_equal(conf_read(table, settings, &first, err), 0);
	return conf_overlay(table, settings, &over, allows, err);
}

static void what_comes_from_afar_lies_over_the_own_file(void **state)
{
	struct settings settings;
	struct err err;

	assert_int_equal(overlay(&settings, "[agent]\nslot_s = 20\n", &err), 0);
	assert_string_equal(settings.name, "own");
	assert_int_equal(settings.slot_s, 20);
	assert_string_equal(settings.targets, "here");
	conf_done(table, &settings);
	assert_int_equal(overlay(&settings, "", &err), 0);
	assert_int_equal(settings.slot_s, 30);
	conf_done(table, &settings);
}

static void what_may_not_come_from_afar_is_named(void **state)
{
	static const char *const cases[][2] = {
		{"[probe]\ntargets = there\n",
			"far:2: [probe] targets = there: may not come from afar"},
		{"[agent]\nslot_s = 1\n", "far:2: [agent] slot_s = 1: too small from afar"},
		{"[agent]\nslot_s = 61\n", "far:2: [agent] slot_s = 61: must be 1 to 60"},
		{"[agent]\nname = x\nother = 3\n", "far:3: [agent] other = 3: unknown key"},
		{"[other]\n", "far:1: [other]: unknown section"},
		{"slot_s = 20\n", "far:1: [] slot_s = 20: stands before the first [section]"},
	};
	struct settings settings;
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(overlay(&settings, cases[i][0], &err), -EINVAL);
		assert_string_equal(err.text, cases[i][1]);
		assert_null(settings.name);
		assert_null(settings.targets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_from_afar_lies_over_the_own_file),
		cmocka_unit_test(what_may_not_come_from_afar_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
