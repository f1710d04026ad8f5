/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/roster.h"

#define PRINT_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PRINT_B "00BBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ENTRY(id, print, revoked) \
	"{\"id\": " id ", \"fingerprint\": \"" print "\", \"revoked\": " revoked "}"
#define ROSTER(agents) "{\"version\": 1, \"sequence\": 12, \"agents\": [" agents "]}"

static uint8_t print_a[TLS_FINGERPRINT_BYTES], print_b[TLS_FINGERPRINT_BYTES];

static int make_prints(void **state)
{
	memset(print_a, 0xaa, sizeof(print_a));
	memset(print_b, 0xbb, sizeof(print_b));
	print_b[0] = 0;
	return 0;
}

static void each_agent_gets_its_answer(void **state)
{
	static const char json[] = ROSTER(ENTRY("9", PRINT_A, "true") ", " ENTRY(
		"7", PRINT_A, "false") ", " ENTRY("4294967295", PRINT_B, "false"));
	struct roster *roster;
	struct err err;

	assert_int_equal(roster_parse(json, strlen(json), &roster, &err), 0);
	assert_int_equal(roster_count(roster), 3);
	assert_int_equal(roster_sequence(roster), 12);
	assert_int_equal(roster_ask(roster, 7, print_a, 0), ROSTER_WELCOME);
	assert_int_equal(roster_ask(roster, 7, print_b, 0), ROSTER_OTHER_KEY);
	assert_int_equal(roster_ask(roster, 8, print_a, 0), ROSTER_UNKNOWN);
	assert_int_equal(roster_ask(roster, 9, print_a, 0), ROSTER_REVOKED);
	assert_int_equal(roster_ask(roster, 9, print_b, 0), ROSTER_OTHER_KEY);
	assert_int_equal(roster_ask(roster, UINT32_MAX, print_b, 0), ROSTER_WELCOME);
	roster_free(roster);
}

static void nobody_is_known_to_an_empty_one(void **state)
{
	struct roster *roster;

	assert_int_equal(roster_new_empty(&roster), 0);
	assert_int_equal(roster_ask(roster, 7, print_a, 0), ROSTER_UNKNOWN);
	assert_int_equal(roster_count(roster), 0);
	roster_free(roster);
}

#define ASKED(more, texts)                                                                        \
	"{\"version\": 2, \"sequence\": 12, \"agents\": [{\"id\": 7, \"fingerprint\": \"" PRINT_A \
	"\", \"revoked\": false" more "}], \"texts\": " texts "}"

static void a_second_certificate_is_good_until_its_end(void **state)
{
	static const char next[] = ASKED(
		", \"other\": {\"fingerprint\": \"" PRINT_B "\", \"until_s\": 0}", "[]");
	static const char before[] = ASKED(
		", \"other\": {\"fingerprint\": \"" PRINT_B "\", \"until_s\": 100}", "[]");
	static const char torn[] = ASKED(", \"other\": {\"until_s\": 100}", "[]");
	struct roster *roster;
	struct err err;

	assert_int_equal(roster_parse(next, strlen(next), &roster, &err), 0);
	assert_int_equal(roster_ask(roster, 7, print_a, 1), ROSTER_WELCOME);
	assert_int_equal(roster_ask(roster, 7, print_b, 1), ROSTER_NEXT);
	roster_free(roster);
	assert_int_equal(roster_parse(before, strlen(before), &roster, &err), 0);
	assert_int_equal(roster_ask(roster, 7, print_b, 99), ROSTER_BEFORE);
	assert_int_equal(roster_ask(roster, 7, print_b, 100), ROSTER_OTHER_KEY);
	roster_free(roster);
	assert_int_equal(roster_parse(torn, strlen(torn), &roster, &err), -EBADMSG);
}

static void what_is_asked_and_over_whose_links(void **state)
{
	static const char json[] = ASKED(", \"wans\": {\"wan\": \"Telkom\", \"wan2\": \"Icon\"},"
					 " \"configuration\": {\"version\": 9, \"text\": 1}",
		"[\"\", \"[dns]\\n\"]");
	struct configuration asked;
	struct roster *roster;
	struct err err;

	assert_int_equal(roster_parse(json, strlen(json), &roster, &err), 0);
	roster_configuration(roster, 7, &asked);
	assert_int_equal(asked.version, 9);
	assert_int_equal(asked.length, 6);
	assert_memory_equal(asked.text, "[dns]\n", 6);
	roster_configuration(roster, 8, &asked);
	assert_int_equal(asked.version, 0);
	assert_string_equal(roster_provider(roster, 7, "wan"), "Telkom");
	assert_string_equal(roster_provider(roster, 7, "wan2"), "Icon");
	assert_string_equal(roster_provider(roster, 7, "wan3"), "");
	assert_string_equal(roster_provider(roster, 8, "wan"), "");
	roster_free(roster);
}

static void refused(const char *json, const char *words)
{
	struct roster *roster = NULL;
	struct err err;

	assert_int_equal(roster_parse(json, strlen(json), &roster, &err), -EBADMSG);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
	assert_null(roster);
}

static void damaged_files_are_told_with_their_place(void **state)
{
	refused("", "line 1");
	refused("{\"version\": 1,\n \"sequence\"", "line 2");
	refused("[]", "version");
	refused(ASKED(", \"configuration\": {\"version\": 9, \"text\": 2}", "[\"\", \"\"]"),
		"text");
	refused(ASKED(", \"configuration\": {\"version\": 0, \"text\": 0}", "[\"\"]"), "version");
	refused(ASKED(", \"wans\": {\"wan\": 3}", "[]"), "wans");
	refused(ASKED("", "{}"), "texts");
	refused("{\"version\": 3, \"sequence\": 1, \"agents\": []}", "version: must be 1 or 2");
	refused("{\"version\": 1, \"sequence\": -1, \"agents\": []}", "sequence");
	refused("{\"version\": 1, \"sequence\": 1}", "agents: must be a list");
	refused(ROSTER(ENTRY("7", PRINT_A, "false") ", " ENTRY("0", PRINT_A, "false")),
		"agents[1].id");
	refused(ROSTER(ENTRY("4294967296", PRINT_A, "false")), "agents[0].id");
	refused(ROSTER(ENTRY("\"7\"", PRINT_A, "false")), "agents[0].id");
	refused(ROSTER(ENTRY("7", "abc", "false")), "agents[0].fingerprint");
	refused(ROSTER(ENTRY("7", PRINT_A "a", "false")), "agents[0].fingerprint");
	refused(ROSTER(ENTRY("7", "g" PRINT_A, "false")), "agents[0].fingerprint");
	refused(ROSTER(ENTRY("7", PRINT_A, "0")), "agents[0].revoked");
	refused(ROSTER("7"), "agents[0].id");
	refused(ROSTER(ENTRY("7", PRINT_A, "false") ", " ENTRY("7", PRINT_B, "true")),
		"agent 7 stands there twice");
}

static void a_subject_is_agent_and_a_number_and_nothing_else(void **state)
{
	static const char *const bad[] = {"", "agent-", "agent-0", "agent-07", "agent-7 ",
		"agent--7", "agent-+7", "Agent-7", "agent-4294967296", "agent-99999999999999999999",
		"pantau-collector", "agent-7\n"};
	uint32_t agent = 1;

	assert_int_equal(roster_agent_id("agent-7", &agent), 0);
	assert_int_equal(agent, 7);
	assert_int_equal(roster_agent_id("agent-4294967295", &agent), 0);
	assert_int_equal(agent, UINT32_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(roster_agent_id(bad[i], &agent), -EINVAL);
	assert_int_equal(agent, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_agent_gets_its_answer),
		cmocka_unit_test(nobody_is_known_to_an_empty_one),
		cmocka_unit_test(a_second_certificate_is_good_until_its_end),
		cmocka_unit_test(what_is_asked_and_over_whose_links),
		cmocka_unit_test(damaged_files_are_told_with_their_place),
		cmocka_unit_test(a_subject_is_agent_and_a_number_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, make_prints, NULL);
}
