/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: who gets an identity for one, who does not, and from when it counts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/registry_enrolment.h"
#include "tests/unit/store/fixture.h"

#define DAY_S 86400

static void hash_of(char digit, char ret_hash[REGISTRY_HEX_BYTES])
{
	memset(ret_hash, digit, REGISTRY_HEX_BYTES - 1);
	ret_hash[REGISTRY_HEX_BYTES - 1] = '\0';
}

static int64_t add(struct fixture *fixture, int64_t link, char digit)
{
	struct registry_enrolment enrolment = {
		.link = link, .wan = "wan2", .expires_s = fixture->now_s + DAY_S};
	int64_t id;

	hash_of(digit, enrolment.hash);
	assert_int_equal(registry_enrolments_add(fixture->registry, &enrolment, 1, &id, NULL), 0);
	return id;
}

static int sign(void *arg, uint32_t agent, char ret_pem[ENROLMENT_PEM_BYTES],
	char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err)
{
	int *count = arg;

	if (*count < 0)
		return err_set(err, -EIO, "no pen");
	snprintf(ret_pem, ENROLMENT_PEM_BYTES, "certificate %d of agent-%u", ++*count, agent);
	snprintf(ret_fingerprint, REGISTRY_HEX_BYTES, "%064d", *count);
	return 0;
}

struct asked {
	int signs; /* certificates that were made; -1: none can be */
	struct registry_enrolled got;
	struct err err;
};

static int enrol(struct fixture *fixture, char token, char key, struct asked *asked)
{
	char hash[REGISTRY_HEX_BYTES], key_hash[REGISTRY_HEX_BYTES];
	const struct registry_enrol order = {
		.hash = hash, .key = key_hash, .sign = sign, .arg = &asked->signs};

	hash_of(token, hash);
	hash_of(key, key_hash);
	return registry_enrol(fixture->registry, &order, &asked->got, &asked->err);
}

static int see_binding(void *arg, const struct registry_binding *binding)
{
	*(struct registry_binding *)arg = *binding;
	return 0;
}

static int count_agent(void *arg, const struct registry_agent *agent)
{
	++*(int *)arg;
	return 0;
}

static int agents(struct fixture *fixture)
{
	int count = 0;

	assert_int_equal(registry_agents(fixture->registry, count_agent, &count, NULL), 0);
	return count;
}

static void an_agent_counts_from_the_moment_its_enrolment_was_accepted(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "A");
	struct registry_binding binding = {.id = 0};
	struct asked asked = {.signs = 0};

	add(fixture, link, 'a');
	fixture->now_s += 100;
	assert_int_equal(enrol(fixture, 'a', '1', &asked), 0);
	assert_false(asked.got.again);
	assert_string_equal(asked.got.wan, "wan2");
	assert_int_equal(
		registry_bindings(fixture->registry, asked.got.agent, see_binding, &binding, NULL),
		0);
	assert_int_equal(binding.link, link);
	assert_int_equal(binding.from_s, T0 + 100);
	assert_int_equal(binding.to_s, SPAN_FOREVER);
	assert_string_equal(binding.wan, "wan2");
}

static void the_same_key_gets_the_same_identity_again_however_late(void **state)
{
	struct fixture *fixture = *state;
	struct asked first = {.signs = 0}, second = {.signs = 0};

	add(fixture, fixture_link(fixture, DESA, "A"), 'a');
	assert_int_equal(enrol(fixture, 'a', '1', &first), 0);
	fixture->now_s += 30 * DAY_S;
	assert_int_equal(enrol(fixture, 'a', '1', &second), 0);
	assert_true(second.got.again);
	assert_int_equal(second.signs, 0);
	assert_int_equal(second.got.agent, first.got.agent);
	assert_string_equal(second.got.pem, first.got.pem);
	assert_int_equal(agents(fixture), 1);
}

static void another_key_gets_nothing_for_a_spent_token(void **state)
{
	struct fixture *fixture = *state;
	struct asked asked = {.signs = 0};

	add(fixture, fixture_link(fixture, DESA, "A"), 'a');
	assert_int_equal(enrol(fixture, 'a', '1', &asked), 0);
	assert_int_equal(enrol(fixture, 'a', '2', &asked), -EEXIST);
	assert_string_equal(
		asked.err.text, "token 1 is spent: agent-1 was made with it, of another key");
	assert_int_equal(asked.signs, 1);
	assert_int_equal(agents(fixture), 1);
}

static void unknown_expired_and_revoked_tokens_are_refused(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "A"), revoked;
	struct asked asked = {.signs = 0};

	add(fixture, link, 'a');
	revoked = add(fixture, link, 'b');
	assert_int_equal(enrol(fixture, 'c', '1', &asked), -ENOENT);
	assert_int_equal(registry_enrolment_revoke(fixture->registry, revoked, NULL), 0);
	assert_int_equal(registry_enrolment_revoke(fixture->registry, revoked, NULL), -EALREADY);
	assert_int_equal(registry_enrolment_revoke(fixture->registry, 99, NULL), -ENOENT);
	assert_int_equal(enrol(fixture, 'b', '1', &asked), -EKEYREVOKED);
	fixture->now_s += DAY_S;
	assert_int_equal(enrol(fixture, 'a', '1', &asked), -EKEYEXPIRED);
	assert_string_equal(asked.err.text, "token 1 expired at 2026-01-01T16:00:00Z");
	assert_int_equal(asked.signs, 0);
	assert_int_equal(agents(fixture), 0);
}

static void a_revoked_agent_does_not_come_back_with_its_token(void **state)
{
	struct fixture *fixture = *state;
	struct asked asked = {.signs = 0};
	int64_t id = add(fixture, fixture_link(fixture, DESA, "A"), 'a');

	assert_int_equal(enrol(fixture, 'a', '1', &asked), 0);
	assert_int_equal(registry_enrolment_revoke(fixture->registry, id, &asked.err), -EALREADY);
	assert_non_null(strstr(asked.err.text, "pantau agent revoke 1"));
	assert_int_equal(registry_agent_revoke(fixture->registry, asked.got.agent, NULL), 0);
	assert_int_equal(enrol(fixture, 'a', '1', &asked), -EKEYREVOKED);
}

static void what_cannot_be_signed_spends_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct asked asked = {.signs = -1};

	add(fixture, fixture_link(fixture, DESA, "A"), 'a');
	assert_int_equal(enrol(fixture, 'a', '1', &asked), -EIO);
	assert_int_equal(agents(fixture), 0);
	asked.signs = 0;
	assert_int_equal(enrol(fixture, 'a', '2', &asked), 0);
}

static void tokens_are_made_all_or_none(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "A"), ids[2];
	struct registry_enrolment two[2] = {
		{.link = link, .wan = "wan", .expires_s = T0 + DAY_S},
		{.link = link + 1, .wan = "wan", .expires_s = T0 + DAY_S},
	};
	struct asked asked = {.signs = 0};

	hash_of('a', two[0].hash);
	hash_of('b', two[1].hash);
	assert_int_equal(
		registry_enrolments_add(fixture->registry, two, 2, ids, &asked.err), -ENOENT);
	assert_int_equal(enrol(fixture, 'a', '1', &asked), -ENOENT);
	two[1].link = link;
	two[1].expires_s = T0;
	assert_int_equal(
		registry_enrolments_add(fixture->registry, two, 2, ids, &asked.err), -ERANGE);
	two[1].expires_s = T0 + 1;
	assert_int_equal(registry_enrolments_add(fixture->registry, two, 2, ids, &asked.err), 0);
	assert_int_equal(ids[1], ids[0] + 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_agent_counts_from_the_moment_its_enrolment_was_accepted),
		CASE(the_same_key_gets_the_same_identity_again_however_late),
		CASE(another_key_gets_nothing_for_a_spent_token),
		CASE(unknown_expired_and_revoked_tokens_are_refused),
		CASE(a_revoked_agent_does_not_come_back_with_its_token),
		CASE(what_cannot_be_signed_spends_nothing),
		CASE(tokens_are_made_all_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
