/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of agents from afar: who hears which word, under which version. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/registry_configuration.h"
#include "common/file.h"
#include "tests/unit/store/fixture.h"

static struct registry_setting scope_of(enum configuration_scope scope, const char *subject)
{
	struct registry_setting of = {.scope = scope};

	snprintf(of.subject, sizeof(of.subject), "%s", subject);
	return of;
}

static int configure(struct fixture *fixture, struct registry_setting of, const char *key,
	const char *value, struct err *err)
{
	struct registry_wish wish = {key, value};

	return registry_configure(fixture->registry, &of, &wish, 1, err);
}

static void must_configure(struct fixture *fixture, enum configuration_scope scope,
	const char *subject, const char *key, const char *value)
{
	struct err err = {0};

	if (configure(fixture, scope_of(scope, subject), key, value, &err) != 0)
		fail_msg("%s", err.text);
}

static void must_refuse(
	struct fixture *fixture, const char *key, const char *value, const char *words)
{
	struct err err = {0};
	int64_t before, after;

	assert_int_equal(registry_sequence(fixture->registry, &before, &err), 0);
	assert_int_equal(
		configure(fixture, scope_of(CONFIGURE_ALL, ""), key, value, &err), -EINVAL);
	if (!strstr(err.text, words) || !strstr(err.text, key))
		fail_msg("\"%s\" does not say %s and %s", err.text, key, words);
	assert_int_equal(registry_sequence(fixture->registry, &after, &err), 0);
	assert_int_equal(before, after);
}

/* What this agent is asked; returns the version. */
static uint32_t text_of(struct fixture *fixture, uint32_t agent, char ret_text[CONF_VALUE_MAX])
{
	struct configuration_book *book;
	struct err err = {0};
	uint32_t version;
	struct buf out;

	buf_init(&out, CONF_VALUE_MAX - 1);
	assert_int_equal(configuration_book_load(fixture->registry, &book, &err), 0);
	assert_int_equal(configuration_book_text(book, agent, &version, &out), 0);
	snprintf(ret_text, CONF_VALUE_MAX, "%.*s", (int)buf_length(&out),
		buf_length(&out) ? (const char *)buf_peek(&out) : "");
	configuration_book_free(book);
	buf_done(&out);
	return version;
}

static void expect_text(struct fixture *fixture, uint32_t agent, const char *expected)
{
	char text[CONF_VALUE_MAX];

	text_of(fixture, agent, text);
	assert_string_equal(text, expected);
}

static void the_narrower_word_wins_key_by_key(void **state)
{
	struct fixture *fixture = *state;
	int64_t a = fixture_link(fixture, DESA, "Telkom"), b = fixture_link(fixture, DESA, "Icon");
	uint32_t first = fixture_agent(fixture, a, T0), second = fixture_agent(fixture, b, T0);
	char link[24], agent[24];

	snprintf(link, sizeof(link), "%" PRId64, a);
	snprintf(agent, sizeof(agent), "%" PRIu32, first);
	must_configure(fixture, CONFIGURE_AGENT, agent, "agent.round_s", "20");
	must_configure(fixture, CONFIGURE_LINK, link, "agent.round_s", "30");
	must_configure(fixture, CONFIGURE_LINK, link, "agent.near_s", "120");
	must_configure(fixture, CONFIGURE_PROVIDER, "Telkom", "agent.near_s", "240");
	must_configure(fixture, CONFIGURE_PROVIDER, "Telkom", "speed.busy_kbps", "100");
	must_configure(fixture, CONFIGURE_ALL, "", "speed.busy_kbps", "200");
	must_configure(fixture, CONFIGURE_ALL, "", "agent.profile", "metered");
	expect_text(fixture, first,
		"[agent]\nprofile = metered\nround_s = 20\nnear_s = 120\n[speed]\nbusy_kbps = "
		"100\n");
	expect_text(fixture, second, "[agent]\nprofile = metered\n[speed]\nbusy_kbps = 200\n");
}

static void what_is_taken_back_leaves_the_wider_word(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0), before, after;
	char number[24], text[CONF_VALUE_MAX];
	struct err err = {0};

	snprintf(number, sizeof(number), "%" PRIu32, agent);
	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", "30");
	must_configure(fixture, CONFIGURE_AGENT, number, "agent.round_s", "20");
	before = text_of(fixture, agent, text);
	must_configure(fixture, CONFIGURE_AGENT, number, "agent.round_s", NULL);
	after = text_of(fixture, agent, text);
	assert_string_equal(text, "[agent]\nround_s = 30\n");
	assert_true(after > before);
	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", NULL);
	before = after;
	after = text_of(fixture, agent, text);
	assert_string_equal(text, "");
	assert_true(after > before); /* the agent must hear that nothing is asked any more */
	assert_int_equal(
		configure(fixture, scope_of(CONFIGURE_ALL, ""), "agent.round_s", NULL, &err),
		-ENOENT);
}

static void an_agent_of_which_nothing_was_ever_asked_has_no_version(void **state)
{
	struct fixture *fixture = *state;
	int64_t a = fixture_link(fixture, DESA, "Telkom"), b = fixture_link(fixture, DESA, "Icon");
	uint32_t first = fixture_agent(fixture, a, T0), second = fixture_agent(fixture, b, T0);
	char text[CONF_VALUE_MAX];

	must_configure(fixture, CONFIGURE_PROVIDER, "Telkom", "agent.round_s", "20");
	assert_true(text_of(fixture, first, text) > 0);
	assert_int_equal(text_of(fixture, second, text), 0);
}

/* A new binding moves an agent under other words: that is news to it, and to it alone. */
static void an_agent_that_moves_hears_of_it(void **state)
{
	struct fixture *fixture = *state;
	int64_t a = fixture_link(fixture, DESA, "Telkom"), b = fixture_link(fixture, DESA, "Icon");
	uint32_t moved = fixture_agent(fixture, a, T0), stays = fixture_agent(fixture, a, T0);
	struct registry_binding binding = {.agent = moved,
		.wan = "wan",
		.link = b,
		.from_s = T0 + 86400,
		.to_s = SPAN_FOREVER};
	uint32_t before, stays_before;
	char text[CONF_VALUE_MAX];
	struct err err = {0};
	int64_t id;

	must_configure(fixture, CONFIGURE_PROVIDER, "Telkom", "agent.round_s", "20");
	before = text_of(fixture, moved, text);
	stays_before = text_of(fixture, stays, text);
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), 0);
	assert_true(text_of(fixture, moved, text) > before);
	assert_string_equal(text, "");
	assert_int_equal(text_of(fixture, stays, text), stays_before);
	assert_string_equal(text, "[agent]\nround_s = 20\n");
}

static void what_no_agent_would_take_is_refused_here(void **state)
{
	struct fixture *fixture = *state;

	must_refuse(fixture, "agent.state_folder", "/tmp", "no key");
	must_refuse(fixture, "collector.address", "evil.example:7443", "no key");
	must_refuse(fixture, "stamp.key", "00", "no key");
	must_refuse(fixture, "round_s", "20", "no key");
	must_refuse(fixture, "agent.round_s", "1", "5 to 60");
	must_refuse(fixture, "wan.internet_targets", "8.8.8.8, 192.168.1.1", "192.168.1.1");
	must_refuse(fixture, "speed.server", "http://127.0.0.1/", "not a public");
	must_refuse(fixture, "http.expect", "204\nlog_level = debug", "printable");
}

static void a_subject_must_be_known(void **state)
{
	struct fixture *fixture = *state;
	struct err err = {0};

	assert_int_equal(configure(fixture, scope_of(CONFIGURE_PROVIDER, "Nobody"), "agent.round_s",
				 "20", &err),
		-ENOENT);
	assert_int_equal(
		configure(fixture, scope_of(CONFIGURE_LINK, "99"), "agent.round_s", "20", &err),
		-ENOENT);
	assert_int_equal(
		configure(fixture, scope_of(CONFIGURE_AGENT, "99"), "agent.round_s", "20", &err),
		-ENOENT);
}

static void wishes_are_taken_together_or_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = fixture_agent(fixture, fixture_link(fixture, DESA, "Telkom"), T0);
	struct registry_setting of = scope_of(CONFIGURE_ALL, "");
	struct registry_wish wishes[] = {{"agent.round_s", "20"}, {"agent.slot_s", "5"}};
	char text[CONF_VALUE_MAX];
	struct err err = {0};

	assert_int_equal(registry_configure(fixture->registry, &of, wishes, 2, &err), -EINVAL);
	assert_int_equal(text_of(fixture, agent, text), 0);
}

static int count_change(void *arg, const struct registry_change *change)
{
	int *found = arg;

	if (!strcmp(change->table, "configuration"))
		*found += change->before ? 100 : 1;
	return 0;
}

static int count_setting(void *arg, const struct registry_setting *setting)
{
	*(int *)arg += setting->ended_s ? 100 : 1;
	return 0;
}

static void every_word_stays_in_the_log(void **state)
{
	struct fixture *fixture = *state;
	int changes = 0, settings = 0;
	struct err err = {0};

	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", "20");
	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", "30");
	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", NULL);
	assert_int_equal(registry_changes(fixture->registry, 0, count_change, &changes, &err), 0);
	assert_int_equal(changes, 202); /* two made, two ended */
	assert_int_equal(
		registry_settings(fixture->registry, true, count_setting, &settings, &err), 0);
	assert_int_equal(settings, 200);
}

static void the_roster_tells_it_to_the_ingesting_process(void **state)
{
	struct fixture *fixture = *state;
	uint32_t agent = fixture_agent(fixture, fixture_link(fixture, DESA, "Tel\"kom"), T0);
	char path[96], expected[128], text[CONF_VALUE_MAX];
	uint8_t *bytes;
	size_t length;

	must_configure(fixture, CONFIGURE_ALL, "", "agent.round_s", "20");
	snprintf(path, sizeof(path), "%s/roster.json", fixture->state);
	assert_int_equal(file_read(path, 1 << 20, &bytes, &length, NULL), 0);
	snprintf(expected, sizeof(expected),
		"\"wans\":{\"wan\":\"Tel\\\"kom\"},\"configuration\":{\"version\":%" PRIu32
		",\"text\":0}",
		text_of(fixture, agent, text));
	if (!strstr((char *)bytes, expected) ||
		!strstr((char *)bytes, "\"texts\":[\"[agent]\\nround_s = 20\\n\"]"))
		fail_msg("%s", (char *)bytes);
	free(bytes);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(the_narrower_word_wins_key_by_key),
		CASE(what_is_taken_back_leaves_the_wider_word),
		CASE(an_agent_of_which_nothing_was_ever_asked_has_no_version),
		CASE(an_agent_that_moves_hears_of_it),
		CASE(what_no_agent_would_take_is_refused_here),
		CASE(a_subject_must_be_known),
		CASE(wishes_are_taken_together_or_not_at_all),
		CASE(every_word_stays_in_the_log),
		CASE(the_roster_tells_it_to_the_ingesting_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
