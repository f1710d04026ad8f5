/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, their sessions and tokens, and what of them the log shows. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/registry_audit.h"
#include "collector/store/registry_session.h"
#include "tests/unit/store/fixture.h"

static const struct session_limits limits = {.idle_s = 100, .max_s = 1000};
static const struct user_keys keys = {.password = "scrypt$kept", .token = NULL};

static int add(struct fixture *fixture, const char *name, enum user_role role)
{
	struct registry_user user = {.role = role};
	int64_t id;

	snprintf(user.name, sizeof(user.name), "%s", name);
	if (role == USER_OFFICER)
		strcpy(user.kabupaten, "64.08");
	if (role == USER_PROVIDER)
		strcpy(user.provider, "A");
	return registry_user_add(fixture->registry, &user, &keys, &id, NULL);
}

static struct registry_user find(struct fixture *fixture, const char *name)
{
	char kept[USER_PASSWORD_BYTES];
	struct registry_user user;

	assert_int_equal(registry_user_find(fixture->registry, name, &user, kept, NULL), 0);
	return user;
}

static int begin(struct fixture *fixture, const char *name, const char *hash)
{
	const struct registry_user user = find(fixture, name);

	return registry_session_begin(fixture->registry, &user, hash, &limits, NULL);
}

static int session(struct fixture *fixture, const char *hash)
{
	struct registry_session found;

	return registry_session_find(fixture->registry, hash, &limits, &found, NULL);
}

static void an_account_is_of_one_role_and_what_it_needs(void **state)
{
	struct fixture *fixture = *state;
	struct registry_user user = {.name = "sari", .role = USER_OFFICER};
	int64_t id;

	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), -EINVAL);
	strcpy(user.kabupaten, "64.08.05");
	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), -EINVAL);
	strcpy(user.kabupaten, "64.77");
	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), -ENOENT);
	strcpy(user.kabupaten, "64.08");
	strcpy(user.provider, "A");
	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), -EINVAL);
	user.provider[0] = '\0';
	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), 0);
	assert_int_equal(registry_user_add(fixture->registry, &user, &keys, &id, NULL), -EEXIST);
	assert_string_equal(find(fixture, "sari").kabupaten, "64.08");
	assert_int_equal(add(fixture, "x", USER_NOC), -EINVAL);
	assert_int_equal(add(fixture, "Sari", USER_NOC), -EINVAL);
	assert_int_equal(add(fixture, "nobody", USER_PUBLIC), -EINVAL);
}

static void the_last_administrator_stays(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, "first", USER_ADMIN), 0);
	assert_int_equal(registry_user_remove(fixture->registry, "first", NULL), -EUSERS);
	assert_int_equal(add(fixture, "second", USER_ADMIN), 0);
	assert_int_equal(registry_user_remove(fixture->registry, "first", NULL), 0);
	assert_int_equal(registry_user_remove(fixture->registry, "first", NULL), -ENOENT);
	assert_int_equal(registry_user_remove(fixture->registry, "second", NULL), -EUSERS);
	assert_int_equal(add(fixture, "first", USER_NOC), 0); /* the name is free again */
}

static void a_session_ends_by_rest_and_by_age(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, "noc", USER_NOC), 0);
	assert_int_equal(begin(fixture, "noc", "a"), 0);
	assert_int_equal(session(fixture, "a"), 0);
	assert_int_equal(session(fixture, "b"), -ENOENT);
	fixture->now_s += 100;
	assert_int_equal(session(fixture, "a"), 0);
	fixture->now_s++;
	assert_int_equal(session(fixture, "a"), -ENOENT);
	assert_int_equal(begin(fixture, "noc", "c"), 0);
	for (int i = 0; i < 10; i++) {
		fixture->now_s += 100;
		assert_int_equal(session(fixture, "c"), 0);
		assert_int_equal(registry_session_seen(fixture->registry, "c", NULL), 0);
	}
	fixture->now_s++;
	assert_int_equal(session(fixture, "c"), -ENOENT);
}

static void a_person_has_so_many_sessions_and_no_more(void **state)
{
	struct fixture *fixture = *state;
	char hash[8];

	assert_int_equal(add(fixture, "noc", USER_NOC), 0);
	for (int i = 0; i <= SESSIONS_A_USER; i++) {
		snprintf(hash, sizeof(hash), "%d", i);
		assert_int_equal(begin(fixture, "noc", hash), 0);
		fixture->now_s++;
	}
	assert_int_equal(session(fixture, "0"), -ENOENT);
	assert_int_equal(session(fixture, "1"), 0);
	assert_int_equal(session(fixture, hash), 0);
}

static void another_password_and_removal_end_what_was_begun(void **state)
{
	struct fixture *fixture = *state;
	const struct registry_user before = (add(fixture, "noc", USER_NOC), find(fixture, "noc"));
	struct registry_user user;

	assert_int_equal(begin(fixture, "noc", "a"), 0);
	assert_int_equal(begin(fixture, "noc", "b"), 0);
	fixture->now_s++;
	assert_int_equal(registry_user_set_password(fixture->registry, "noc", "new", "b", NULL), 0);
	assert_int_equal(session(fixture, "a"), -ENOENT);
	assert_int_equal(session(fixture, "b"), 0);
	/* a login whose password was right a moment ago */
	assert_int_equal(
		registry_session_begin(fixture->registry, &before, "c", &limits, NULL), -ENOENT);
	assert_int_equal(registry_user_set_token(fixture->registry, "noc", "hash", NULL), 0);
	assert_int_equal(registry_token_find(fixture->registry, "hash", &user, NULL), 0);
	assert_string_equal(user.name, "noc");
	assert_int_equal(registry_user_remove(fixture->registry, "noc", NULL), 0);
	assert_int_equal(session(fixture, "b"), -ENOENT);
	assert_int_equal(registry_token_find(fixture->registry, "hash", &user, NULL), -ENOENT);
}

static int see_change(void *arg, const struct registry_change *change)
{
	int *count = arg;

	assert_string_equal(change->table, "user");
	assert_null(strstr(change->after, "scrypt"));
	assert_null(strstr(change->after, "0123abcd"));
	if (change->before)
		assert_null(strstr(change->before, "scrypt"));
	return ++*count == 3;
}

static void the_log_shows_accounts_and_no_secret(void **state)
{
	struct fixture *fixture = *state;
	const struct registry_audit audit = {
		.before = INT64_MAX, .to_s = INT64_MAX, .table = "user"};
	int count = 0;

	assert_int_equal(add(fixture, "noc", USER_NOC), 0);
	assert_int_equal(begin(fixture, "noc", "a"), 0);
	assert_int_equal(
		registry_user_set_password(fixture->registry, "noc", "scrypt$new", NULL, NULL), 0);
	assert_int_equal(registry_user_set_token(fixture->registry, "noc", "0123abcd", NULL), 0);
	assert_int_equal(registry_audit(fixture->registry, &audit, see_change, &count, NULL), 1);
	assert_int_equal(count, 3);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_account_is_of_one_role_and_what_it_needs),
		CASE(the_last_administrator_stays),
		CASE(a_session_ends_by_rest_and_by_age),
		CASE(a_person_has_so_many_sessions_and_no_more),
		CASE(another_password_and_removal_end_what_was_begun),
		CASE(the_log_shows_accounts_and_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
