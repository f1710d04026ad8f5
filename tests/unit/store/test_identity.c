/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: which follows which, how many are good, and who waits for a person. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/registry_identity.h"
#include "proto/renew.h"
#include "tests/unit/store/fixture.h"

struct world {
	struct fixture *fixture;
	uint32_t agent;
	char first[REGISTRY_HEX_BYTES]; /* its first certificate */
	int signs; /* certificates that were made */
	struct registry_renewed got;
	struct err err;
};

struct good {
	int64_t now_s;
	size_t count;
	char prints[3][REGISTRY_HEX_BYTES]; /* by state */
};

static int see_first(void *arg, const struct registry_agent *agent)
{
	strcpy(arg, agent->fingerprint);
	return 0;
}

static struct world begin(struct fixture *fixture)
{
	struct world world = {.fixture = fixture};

	world.agent = fixture_agent(fixture, fixture_link(fixture, DESA, "A"), T0);
	assert_int_equal(registry_agents(fixture->registry, see_first, world.first, NULL), 0);
	return world;
}

static int sign(void *arg, uint32_t agent, char ret_pem[IDENTITY_PEM_BYTES],
	char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err)
{
	int *count = arg;

	snprintf(ret_pem, IDENTITY_PEM_BYTES, "certificate %d of agent-%u", ++*count, agent);
	snprintf(ret_fingerprint, REGISTRY_HEX_BYTES, "%064d", 1000 + *count);
	return 0;
}

static int renew(struct world *world, const char *shown, char key)
{
	char hash[REGISTRY_HEX_BYTES] = "";
	const struct registry_renewal order = {.agent = world->agent,
		.shown = shown,
		.key = hash,
		.address = "203.0.113.7",
		.sign = sign,
		.arg = &world->signs};

	memset(hash, key, REGISTRY_HEX_BYTES - 1);
	return registry_renew(world->fixture->registry, &order, &world->got, &world->err);
}

static int see_good(void *arg, const struct registry_identity *identity)
{
	struct good *good = arg;

	if (identity->state == IDENTITY_REPLACED && identity->until_s <= good->now_s)
		return 0;
	good->count++;
	strcpy(good->prints[identity->state], identity->fingerprint);
	return 0;
}

static struct good good_of(struct world *world)
{
	struct good good = {.now_s = world->fixture->now_s};

	assert_int_equal(
		registry_identities(world->fixture->registry, world->agent, see_good, &good, NULL),
		0);
	return good;
}

static int see_parked(void *arg, const struct registry_parked *parked)
{
	*(struct registry_parked *)arg = *parked;
	return 0;
}

static const char next_1[] = "0000000000000000000000000000000000000000000000000000000000001001";
static const char next_2[] = "0000000000000000000000000000000000000000000000000000000000001002";

static void nobody_is_renewed_in_the_first_half(void **state)
{
	struct world world = begin(*state);

	world.fixture->now_s += RENEW_EARLIEST_S - 1;
	assert_int_equal(renew(&world, world.first, '1'), -EALREADY);
	world.fixture->now_s += 1;
	assert_int_equal(renew(&world, world.first, '1'), 0);
}

static void the_same_key_gets_the_same_certificate(void **state)
{
	struct world world = begin(*state);
	struct good good;

	world.fixture->now_s += RENEW_LIFE_S - RENEW_BEFORE_S;
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_false(world.got.again);
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_true(world.got.again);
	assert_string_equal(world.got.pem, "certificate 1 of agent-1");
	assert_int_equal(world.signs, 1);
	good = good_of(&world);
	assert_int_equal(good.count, 2);
	assert_string_equal(good.prints[IDENTITY_CURRENT], world.first);
	assert_string_equal(good.prints[IDENTITY_NEXT], next_1);
}

static void another_key_takes_the_place_of_the_one_that_was_not_used(void **state)
{
	struct world world = begin(*state);
	struct good good;

	world.fixture->now_s += RENEW_LIFE_S - RENEW_BEFORE_S;
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_int_equal(renew(&world, world.first, '2'), 0);
	good = good_of(&world);
	assert_int_equal(good.count, 2);
	assert_string_equal(good.prints[IDENTITY_NEXT], next_2);
	assert_int_equal(
		registry_identity_used(world.fixture->registry, world.agent, next_1, &world.err),
		-ENOENT);
}

static void the_old_one_is_good_for_the_overlap_after_the_first_use(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;
	struct good good;

	fixture->now_s += RENEW_LIFE_S - RENEW_BEFORE_S;
	assert_int_equal(renew(&world, world.first, '1'), 0);
	fixture->now_s += 86400;
	for (int i = 0; i < 2; i++) /* told twice is told once */
		assert_int_equal(
			registry_identity_used(fixture->registry, world.agent, next_1, NULL), 0);
	good = good_of(&world);
	assert_int_equal(good.count, 2);
	assert_string_equal(good.prints[IDENTITY_CURRENT], next_1);
	assert_string_equal(good.prints[IDENTITY_REPLACED], world.first);
	fixture->now_s += IDENTITY_OVERLAP_S - 1;
	assert_int_equal(good_of(&world).count, 2);
	fixture->now_s += 1;
	assert_int_equal(good_of(&world).count, 1);
	assert_int_equal(renew(&world, world.first, '3'), -ENOENT);
	assert_int_equal(renew(&world, next_1, '3'), -EALREADY);
}

static void an_overlap_is_never_longer_than_the_certificate(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;

	fixture->now_s += RENEW_LIFE_S - 10;
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_int_equal(registry_identity_used(fixture->registry, world.agent, next_1, NULL), 0);
	fixture->now_s += 10;
	assert_int_equal(good_of(&world).count, 1);
}

static void a_revoked_one_gets_nothing(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;

	fixture->now_s += RENEW_LIFE_S - RENEW_BEFORE_S;
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_int_equal(registry_agent_revoke(fixture->registry, world.agent, NULL), 0);
	assert_int_equal(renew(&world, world.first, '1'), -EKEYREVOKED);
	assert_int_equal(renew(&world, world.first, '2'), -EKEYREVOKED);
	assert_int_equal(
		registry_identity_used(fixture->registry, world.agent, next_1, NULL), -EKEYREVOKED);
	fixture->now_s += RENEW_LIFE_S;
	assert_int_equal(renew(&world, world.first, '2'), -EKEYREVOKED);
	world.agent = 99;
	assert_int_equal(renew(&world, world.first, '1'), -ENOENT);
}

static void an_expired_one_waits_for_a_yes_to_its_own_key(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;
	struct registry_parked parked = {.id = 0};

	fixture->now_s += RENEW_LIFE_S;
	assert_int_equal(renew(&world, world.first, '1'), -EINPROGRESS);
	assert_non_null(strstr(world.err.text, "a person must say yes"));
	assert_int_equal(registry_parked(fixture->registry, 0, see_parked, &parked, NULL), 0);
	assert_int_equal(parked.agent, world.agent);
	assert_string_equal(parked.address, "203.0.113.7");
	assert_int_equal(registry_readmit(fixture->registry, parked.id, "called", NULL), 0);
	assert_int_equal(registry_readmit(fixture->registry, parked.id, "called", NULL), -EALREADY);
	assert_int_equal(renew(&world, world.first, '2'), -EINPROGRESS); /* the thief's key */
	assert_int_equal(world.signs, 0);
	assert_int_equal(renew(&world, world.first, '1'), 0);
	assert_int_equal(registry_identity_used(fixture->registry, world.agent, next_1, NULL), 0);
	parked.id = 0;
	assert_int_equal(registry_parked(fixture->registry, 0, see_parked, &parked, NULL), 0);
	assert_int_equal(parked.id, 0);
	assert_int_equal(renew(&world, world.first, '2'), -ENOENT);
}

static void a_yes_that_was_not_used_lapses(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;
	struct registry_parked parked = {.id = 0};

	fixture->now_s += RENEW_LIFE_S;
	assert_int_equal(renew(&world, world.first, '1'), -EINPROGRESS);
	assert_int_equal(registry_parked(fixture->registry, 0, see_parked, &parked, NULL), 0);
	assert_int_equal(registry_readmit(fixture->registry, parked.id, "called", NULL), 0);
	fixture->now_s += READMIT_GOOD_S + 1;
	assert_int_equal(renew(&world, world.first, '1'), -EINPROGRESS);
	assert_int_equal(registry_readmit(fixture->registry, parked.id, "again", NULL), 0);
	assert_int_equal(renew(&world, world.first, '1'), 0);
}

static int count_parked(void *arg, const struct registry_parked *parked)
{
	++*(int *)arg;
	return 0;
}

static void one_agent_parks_a_few_keys_at_most(void **state)
{
	struct world world = begin(*state);
	int count = 0;

	world.fixture->now_s += RENEW_LIFE_S;
	for (char key = 'a'; key < 'a' + 2 * PARKED_EACH_MAX; key++)
		assert_int_equal(renew(&world, world.first, key), -EINPROGRESS);
	assert_int_equal(
		registry_parked(world.fixture->registry, 0, count_parked, &count, NULL), 0);
	assert_int_equal(count, PARKED_EACH_MAX);
}

static void the_moment_is_within_its_window_and_of_its_own(void **state)
{
	assert_int_equal(renew_due_s(RENEW_LIFE_S, 0), RENEW_LIFE_S - RENEW_BEFORE_S);
	assert_true(renew_due_s(RENEW_LIFE_S, UINT32_MAX) <
		RENEW_LIFE_S - RENEW_BEFORE_S + RENEW_SPREAD_S);
	assert_true(renew_due_s(RENEW_LIFE_S, 1U << 31) > renew_due_s(RENEW_LIFE_S, 1U << 30));
	/* the latest is told of as late only months afterwards */
	assert_true(RENEW_BEFORE_S - RENEW_SPREAD_S > RENEW_LATE_S);
	assert_true(RENEW_BEFORE_S < RENEW_EARLIEST_S);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nobody_is_renewed_in_the_first_half),
		CASE(the_same_key_gets_the_same_certificate),
		CASE(another_key_takes_the_place_of_the_one_that_was_not_used),
		CASE(the_old_one_is_good_for_the_overlap_after_the_first_use),
		CASE(an_overlap_is_never_longer_than_the_certificate),
		CASE(a_revoked_one_gets_nothing),
		CASE(an_expired_one_waits_for_a_yes_to_its_own_key),
		CASE(a_yes_that_was_not_used_lapses),
		CASE(one_agent_parks_a_few_keys_at_most),
		cmocka_unit_test(the_moment_is_within_its_window_and_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
