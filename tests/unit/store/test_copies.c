/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of the registry: made, thinned out, put back. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/store/registry_copies.h"
#include "common/file.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/life.h"

#define DAY_S 86400

struct found {
	struct registry_copy items[64];
	size_t count;
};

static int add(void *arg, const struct registry_copy *copy)
{
	struct found *found = arg;

	assert_true(found->count < 64);
	found->items[found->count++] = *copy;
	return 0;
}

static struct found copies(const struct fixture *fixture)
{
	struct found found = {.count = 0};
	struct err err = {0};

	must(registry_copies(fixture->state, add, &found, &err), &err);
	return found;
}

static void the_newest_and_one_a_day_stay(void **state)
{
	const struct fixture *fixture = *state;
	struct err err = {0};
	struct found found;

	for (int day = 0; day < 30; day++)
		for (int hour = 0; hour < 3; hour++)
			must(registry_copy(fixture->state, T0 + day * DAY_S + hour * 3600, &err),
				&err);
	found = copies(fixture);
	/* three of the last day, two of the one before, the last one of each of twelve more */
	assert_int_equal(found.count, COPIES_NEWEST + COPIES_DAYS - 2);
	assert_int_equal(found.items[0].at_s, T0 + 29 * DAY_S + 7200);
	assert_int_equal(found.items[4].at_s, T0 + 28 * DAY_S + 3600);
	assert_int_equal(found.items[5].at_s, T0 + 27 * DAY_S + 7200);
	assert_int_equal(found.items[found.count - 1].at_s, T0 + 16 * DAY_S + 7200);
	for (size_t i = 0; i < found.count; i++)
		assert_true(found.items[i].sound && found.items[i].sequence > 0);
}

static void spoil(const char *state, const char *name)
{
	char path[PATH_MAX];
	FILE *file;

	assert_int_equal(file_join(path, sizeof(path), state, name), 0);
	file = fopen(path, "r+");
	assert_non_null(file);
	for (int i = 0; i < 4096; i++)
		fputc('x', file);
	fclose(file);
}

static void a_copy_is_put_back_and_numbers_leap(void **state)
{
	struct fixture *fixture = *state;
	int64_t before = fixture_link(fixture, DESA, "Sebelum"), after;
	struct registry *other = NULL;
	struct registry_link link;
	int64_t sequence, restored;
	struct err err = {0};
	struct found found;

	must(registry_sequence(fixture->registry, &sequence, &err), &err);
	must(registry_copy(fixture->state, T0, &err), &err);
	after = fixture_link(fixture, DESA, "Sesudah");
	registry_close(fixture->registry);
	fixture->registry = NULL;
	spoil(fixture->state, "registry.db");
	assert_int_equal(
		registry_open(fixture->state, REGISTRY_READ, NULL, &other, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "pantau restore"));
	assert_int_equal(registry_copy(fixture->state, T0 + 60, &err), -EBADMSG);
	found = copies(fixture);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].sequence, sequence);
	must(registry_restore(fixture->state, found.items[0].name, "Ani", T0 + 120, &err), &err);
	must(registry_open(fixture->state, REGISTRY_WRITE, "Ani", &fixture->registry, &err), &err);
	must(registry_link_get(fixture->registry, before, &link, &err), &err);
	assert_int_equal(registry_link_get(fixture->registry, after, &link, &err), -ENOENT);
	must(registry_sequence(fixture->registry, &restored, &err), &err);
	assert_true(restored >= sequence + 1000);
	assert_true(fixture_link(fixture, DESA, "Baru") > after + 900);
}

static void no_empty_registry_takes_the_place_of_one(void **state)
{
	struct fixture *fixture = *state;
	struct registry *other = NULL;
	char path[PATH_MAX];
	struct err err = {0};

	must(registry_copy(fixture->state, T0, &err), &err);
	registry_close(fixture->registry);
	fixture->registry = NULL;
	assert_int_equal(file_join(path, sizeof(path), fixture->state, "registry.db"), 0);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(
		registry_open(fixture->state, REGISTRY_CREATE, "Ani", &other, &err), -EBADMSG);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
		registry_open(fixture->state, REGISTRY_CREATE, "Ani", &other, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "pantau restore"));
	assert_int_equal(
		registry_open(fixture->state, REGISTRY_WRITE, "Ani", &other, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "pantau restore"));
}

static void a_damaged_copy_and_a_running_ledger_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct err err = {0};
	struct found found;
	char name[96];

	must(registry_copy(fixture->state, T0, &err), &err);
	found = copies(fixture);
	fixture_take(fixture, NULL, 0); /* has the ledger's lock */
	assert_int_equal(
		registry_restore(fixture->state, found.items[0].name, "Ani", T0, &err), -EBUSY);
	snprintf(name, sizeof(name), COPIES_FOLDER "/%s", found.items[0].name);
	spoil(fixture->state, name);
	assert_int_equal(
		registry_restore(fixture->state, found.items[0].name, "Ani", T0, &err), -EBADMSG);
	assert_int_equal(
		registry_restore(fixture->state, "../registry.db", "Ani", T0, &err), -ENOENT);
	found = copies(fixture);
	assert_false(found.items[0].sound);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_newest_and_one_a_day_stay, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_copy_is_put_back_and_numbers_leap, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			no_empty_registry_takes_the_place_of_one, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_copy_and_a_running_ledger_are_refused,
			fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
