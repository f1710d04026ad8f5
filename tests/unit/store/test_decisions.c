/* SPDX-License-Identifier: Apache-2.0 */
/* Exclusions, agents and their bindings, and the log of all changes. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/file.h"
#include "tests/unit/store/fixture.h"

static void expect_words(const struct err *err, const char *words)
{
	if (!strstr(err->text, words))
		fail_msg("\"%s\" does not say \"%s\"", err->text, words);
}

static int refuse_all(void *arg, uint32_t agent, struct registry_certificate *ret, struct err *err)
{
	return err_set(err, -EIO, "the signer is ill");
}

/* ---- exclusions */

static struct registry_exclusion sound_exclusion(enum exclusion_scope scope, const char *value)
{
	struct registry_exclusion exclusion = {.scope = scope,
		.reason = EXCLUSION_FORCE_MAJEURE,
		.from_s = T0,
		.to_s = T0 + 3600,
		.by = "Sari",
		.note = "banjir"};

	strcpy(exclusion.value, value);
	return exclusion;
}

static void expect_exclusion(
	struct fixture *fixture, struct registry_exclusion exclusion, int result, const char *words)
{
	struct err err = {0};
	int64_t id;

	assert_int_equal(registry_exclusion_add(fixture->registry, &exclusion, &id, &err), result);
	if (result < 0)
		expect_words(&err, words);
}

static void an_exclusion_names_what_exists_and_who_decided(void **state)
{
	struct fixture *fixture = *state;
	struct registry_exclusion exclusion;
	static const char document[] =
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

	fixture_link(fixture, DESA, "Telkom");
	expect_exclusion(fixture, sound_exclusion(SCOPE_LINK, "2"), -ENOENT, "link 2");
	expect_exclusion(fixture, sound_exclusion(SCOPE_LINK, "01"), -EINVAL, "link = 01");
	expect_exclusion(fixture, sound_exclusion(SCOPE_PROVIDER, "telkom"), -ENOENT, "telkom");
	expect_exclusion(
		fixture, sound_exclusion(SCOPE_KABUPATEN, "64.08.05"), -EINVAL, "kabupaten");
	expect_exclusion(
		fixture, sound_exclusion(SCOPE_KECAMATAN, "64.08.06"), -ENOENT, "64.08.06");
	exclusion = sound_exclusion(SCOPE_DESA, DESA);
	exclusion.to_s = SPAN_FOREVER;
	expect_exclusion(fixture, exclusion, -ERANGE, "must end");
	exclusion = sound_exclusion(SCOPE_DESA, DESA);
	exclusion.by[0] = '\0';
	expect_exclusion(fixture, exclusion, -EINVAL, "by is empty");
	exclusion = sound_exclusion(SCOPE_DESA, DESA);
	strcpy(exclusion.second, "Sari");
	strcpy(exclusion.document, document);
	expect_exclusion(fixture, exclusion, -EPERM, "another person");
	strcpy(exclusion.second, "Budi");
	exclusion.document[63] = '\0';
	expect_exclusion(fixture, exclusion, -EINVAL, "SHA-256");
	strcpy(exclusion.document, document);
	expect_exclusion(fixture, exclusion, 0, "");
}

struct seen {
	int count;
	struct registry_exclusion last;
};

static int see_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct seen *seen = arg;

	seen->count++;
	seen->last = *exclusion;
	return 0;
}

static struct seen exclusions_of(struct fixture *fixture, int64_t link)
{
	struct seen seen = {0};
	struct err err = {0};

	assert_int_equal(
		registry_exclusions(fixture->registry, link, see_exclusion, &seen, &err), 0);
	return seen;
}

static void an_exclusion_reaches_links_by_its_scope(void **state)
{
	struct fixture *fixture = *state;
	int64_t near = fixture_link(fixture, DESA, "Telkom");
	int64_t other = fixture_link(fixture, DESA_OTHER, "Starlink");
	int64_t far = fixture_link(fixture, DESA_FAR, "Telkom");

	expect_exclusion(fixture, sound_exclusion(SCOPE_LINK, "1"), 0, "");
	expect_exclusion(fixture, sound_exclusion(SCOPE_DESA, DESA_OTHER), 0, "");
	expect_exclusion(fixture, sound_exclusion(SCOPE_PROVIDER, "Telkom"), 0, "");
	expect_exclusion(fixture, sound_exclusion(SCOPE_KECAMATAN, "64.08.05"), 0, "");
	expect_exclusion(fixture, sound_exclusion(SCOPE_KABUPATEN, "64.09"), 0, "");
	assert_int_equal(exclusions_of(fixture, near).count, 3);
	assert_int_equal(exclusions_of(fixture, other).count, 2);
	assert_int_equal(exclusions_of(fixture, far).count, 2);
	assert_int_equal(exclusions_of(fixture, 0).count, 5);
}

static void a_revoked_exclusion_stays_in_the_log(void **state)
{
	const struct registry_word word = {NULL, "salah tanggal"}, named = {"Citra", NULL};
	struct fixture *fixture = *state;
	struct err err = {0};

	fixture_link(fixture, DESA, "Telkom");
	fixture->now_s = T0 + 50;
	expect_exclusion(fixture, sound_exclusion(SCOPE_LINK, "1"), 0, "");
	assert_int_equal(exclusions_of(fixture, 1).last.entered_s, T0 + 50);
	fixture->now_s = T0 + 99;
	registry_act_as(fixture->registry, "Budi");
	assert_int_equal(registry_exclusion_revoke(fixture->registry, 1, &word, &err), 0);
	assert_int_equal(exclusions_of(fixture, 1).last.revoked_s, T0 + 99);
	assert_string_equal(exclusions_of(fixture, 1).last.revoked_by, "Budi");
	assert_string_equal(exclusions_of(fixture, 1).last.revoke_note, "salah tanggal");
	assert_int_equal(registry_exclusion_revoke(fixture->registry, 1, &word, &err), -EALREADY);
	assert_int_equal(registry_exclusion_revoke(fixture->registry, 2, &word, &err), -ENOENT);
	expect_exclusion(fixture, sound_exclusion(SCOPE_LINK, "1"), 0, "");
	assert_int_equal(registry_exclusion_revoke(fixture->registry, 2, &named, &err), 0);
	assert_string_equal(exclusions_of(fixture, 1).last.revoked_by, "Citra");
	assert_string_equal(exclusions_of(fixture, 1).last.revoke_note, "");
}

/* ---- agents and bindings */

static int see_binding(void *arg, const struct registry_binding *binding)
{
	char *text = arg;

	sprintf(text + strlen(text), "%u/%s>%" PRId64 "[%" PRId64 ",", binding->agent, binding->wan,
		binding->link, binding->from_s - T0);
	if (binding->to_s == SPAN_FOREVER)
		strcat(text, "open) ");
	else
		sprintf(text + strlen(text), "%" PRId64 ") ", binding->to_s - T0);
	return 0;
}

static void expect_bindings(struct fixture *fixture, const char *expected)
{
	char text[512] = "";
	struct err err = {0};

	assert_int_equal(registry_bindings(fixture->registry, 0, see_binding, text, &err), 0);
	assert_string_equal(text, expected);
}

static void a_binding_ends_the_open_one_and_overlaps_no_other(void **state)
{
	struct fixture *fixture = *state;
	int64_t one = fixture_link(fixture, DESA, "Telkom");
	int64_t two = fixture_link(fixture, DESA, "Starlink");
	uint32_t agent = fixture_agent(fixture, one, T0);
	struct registry_binding binding = {.agent = agent,
		.wan = "wan",
		.link = two,
		.from_s = T0 + 100,
		.to_s = SPAN_FOREVER};
	struct err err = {0};
	int64_t id;

	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), 0);
	expect_bindings(fixture, "1/wan>1[0,100) 1/wan>2[100,open) ");
	binding.from_s = T0 + 50; /* would lie over the first one */
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), -EEXIST);
	expect_words(&err, "overlaps binding 1");
	strcpy(binding.wan, "wan2"); /* one link by two WANs of one router */
	binding.from_s = T0 + 200;
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), -EEXIST);
	expect_words(&err, "wan2");
	binding.link = one;
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), 0);
	strcpy(binding.wan, "WAN 1");
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), -EINVAL);
	expect_words(&err, "wan = WAN 1");
	binding.agent = 9;
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), -ENOENT);
	/* a second agent on the same link is a replacement, not an error */
	fixture_agent(fixture, two, T0 + 300);
}

static char *read_roster(struct fixture *fixture)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	struct err err = {0};

	snprintf(path, sizeof(path), "%s/roster.json", fixture->state);
	assert_int_equal(file_read(path, 1 << 20, &bytes, &length, &err), 0);
	return (char *)bytes;
}

static void the_roster_follows_each_change_of_an_agent(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	struct err err = {0};
	char *roster = read_roster(fixture), path[PATH_MAX];

	assert_non_null(strstr(roster, "\"agents\":[]"));
	free(roster);
	fixture_agent(fixture, link, T0);
	roster = read_roster(fixture);
	assert_non_null(strstr(roster,
		"{\"id\":1,\"fingerprint\":\"000000000000000000000000000000"
		"0000000000000000000000000000000001\",\"revoked\":false,"
		"\"wans\":{\"wan\":\"Telkom\"}}"));
	free(roster);
	assert_int_equal(registry_agent_revoke(fixture->registry, 1, &err), 0);
	assert_int_equal(registry_agent_revoke(fixture->registry, 1, &err), -EALREADY);
	roster = read_roster(fixture);
	assert_non_null(strstr(roster, "\"revoked\":true"));
	/* a process that died between its commit and the file: the next one repairs it */
	snprintf(path, sizeof(path), "%s/roster.json", fixture->state);
	assert_int_equal(unlink(path), 0);
	registry_close(fixture->registry);
	assert_int_equal(
		registry_open(fixture->state, REGISTRY_WRITE, "tester", &fixture->registry, &err),
		0);
	char *again = read_roster(fixture);
	assert_string_equal(roster, again);
	free(roster);
	free(again);
}

static void an_agent_without_a_certificate_never_was(void **state)
{
	struct fixture *fixture = *state;
	struct registry_issue issue = {
		.link = fixture_link(fixture, DESA, "Telkom"), .from_s = T0, .sign = refuse_all};
	struct err err = {0};
	int64_t before, after;
	uint32_t agent = 0;

	assert_int_equal(registry_sequence(fixture->registry, &before, &err), 0);
	assert_int_equal(registry_agent_issue(fixture->registry, &issue, &agent, &err), -EIO);
	expect_words(&err, "the signer is ill");
	assert_int_equal(agent, 0);
	expect_bindings(fixture, "");
	assert_int_equal(registry_sequence(fixture->registry, &after, &err), 0);
	assert_int_equal(before, after);
}

/* ---- the log */

static int see_change(void *arg, const struct registry_change *change)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s %s %s%s%s;", change->who, change->table, change->row,
		change->before ? " before" : "", change->after ? " after" : "");
	return 0;
}

static void every_change_is_in_the_log_with_who_and_what(void **state)
{
	struct fixture *fixture = *state;
	char text[512] = "";
	struct err err = {0};

	registry_act_as(fixture->registry, "Sari");
	fixture_link(fixture, DESA, "Telkom");
	fixture_contract(fixture, 1, T0, SPAN_FOREVER);
	registry_act_as(fixture->registry, "Budi");
	assert_int_equal(registry_contract_end(fixture->registry, 1, T0 + 100, &err), 0);
	fixture_agent(fixture, 1, T0);
	assert_int_equal(registry_changes(fixture->registry, 1, see_change, text, &err), 0);
	assert_string_equal(text,
		"Sari link 1 after;Sari contract 1 after;"
		"Budi contract 1 before after;"
		"Budi binding 1 after;Budi agent 1 after;");
}

static void a_reader_cannot_write_and_a_missing_registry_is_said(void **state)
{
	struct fixture *fixture = *state;
	struct registry *reader = NULL;
	struct registry_link link = {.desa = DESA, .provider = "Telkom"};
	struct err err = {0};
	int64_t id;

	assert_int_equal(registry_open(fixture->state, REGISTRY_READ, NULL, &reader, &err), 0);
	assert_true(registry_link_add(reader, &link, &id, &err) < 0);
	registry_close(reader);
	assert_int_equal(
		registry_open("/tmp/no-such-folder", REGISTRY_READ, NULL, &reader, &err), -ENOENT);
	expect_words(&err, "/tmp/no-such-folder/registry.db");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(an_exclusion_names_what_exists_and_who_decided),
		TEST(an_exclusion_reaches_links_by_its_scope),
		TEST(a_revoked_exclusion_stays_in_the_log),
		TEST(a_binding_ends_the_open_one_and_overlaps_no_other),
		TEST(the_roster_follows_each_change_of_an_agent),
		TEST(an_agent_without_a_certificate_never_was),
		TEST(every_change_is_in_the_log_with_who_and_what),
		TEST(a_reader_cannot_write_and_a_missing_registry_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
