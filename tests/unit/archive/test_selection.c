/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/archive/selection.h"
#include "tests/unit/store/fixture.h"

#define GONE_BYTES 4096

struct gone {
	struct selection *selection;
	char text[GONE_BYTES]; /* "link 1\nlink 2\n..." in the order of the rows */
};

static int note(void *arg, const struct table_row *row)
{
	struct gone *gone = arg;
	const struct cell *key = row->cells; /* id, or a region's code */
	size_t length = strlen(gone->text);
	int wants = selection_wants(gone->selection, row);

	assert_true(wants >= 0);
	if (!wants)
		return 0;
	if (key->kind == CELL_NUMBER)
		snprintf(gone->text + length, GONE_BYTES - length, "%s %lld\n", row->table,
			(long long)key->number);
	else
		snprintf(gone->text + length, GONE_BYTES - length, "%s %.*s\n", row->table,
			(int)key->length, (const char *)key->bytes);
	return 0;
}

static void select_rows(
	struct fixture *fixture, const struct registry_filter *filter, struct gone *gone)
{
	struct err err = {0};
	int64_t sequence;

	gone->text[0] = '\0';
	assert_int_equal(selection_new(fixture->registry, filter, &gone->selection, &err), 0);
	assert_int_equal(registry_rows(fixture->registry, note, gone, &sequence, &err), 0);
	selection_free(gone->selection);
}

static bool went(const struct gone *gone, const char *row)
{
	char line[64];

	snprintf(line, sizeof(line), "%s\n", row);
	return strstr(gone->text, line) != NULL;
}

static void exclude(struct fixture *fixture, enum exclusion_scope scope, const char *value)
{
	struct registry_exclusion exclusion = {.scope = scope, .from_s = T0, .to_s = T0 + 3600};
	struct err err = {0};
	int64_t id;

	exclusion.reason = EXCLUSION_CUSTOMER;
	strcpy(exclusion.value, value);
	strcpy(exclusion.by, "Satu");
	strcpy(exclusion.note, "uji");
	assert_int_equal(registry_exclusion_add(fixture->registry, &exclusion, &id, &err), 0);
}

static void what_names_a_link_goes_with_it(void **state)
{
	struct fixture *fixture = *state;
	int64_t here = fixture_link(fixture, DESA, "Satu");
	int64_t far = fixture_link(fixture, DESA_FAR, "Dua");
	struct registry_filter filter = {.kabupaten = "64.08"};
	struct gone gone;

	fixture_contract(fixture, here, T0, SPAN_FOREVER);
	fixture_contract(fixture, far, T0, SPAN_FOREVER);
	fixture_agent(fixture, here, T0);
	fixture_agent(fixture, far, T0);
	exclude(fixture, SCOPE_LINK, "1");
	exclude(fixture, SCOPE_LINK, "2");
	exclude(fixture, SCOPE_PROVIDER, "Satu");
	exclude(fixture, SCOPE_PROVIDER, "Dua");
	exclude(fixture, SCOPE_KABUPATEN, "64.08");
	exclude(fixture, SCOPE_KECAMATAN, "64.09.01");
	select_rows(fixture, &filter, &gone);
	assert_true(went(&gone, "link 1") && !went(&gone, "link 2"));
	assert_true(went(&gone, "contract 1") && !went(&gone, "contract 2"));
	assert_true(went(&gone, "agent 1") && !went(&gone, "agent 2"));
	assert_true(went(&gone, "binding 1") && !went(&gone, "binding 2"));
	assert_true(went(&gone, "exclusion 1") && !went(&gone, "exclusion 2"));
	assert_true(went(&gone, "exclusion 3") && !went(&gone, "exclusion 4"));
	assert_true(went(&gone, "exclusion 5") && !went(&gone, "exclusion 6"));
	assert_true(went(&gone, "region 64") && went(&gone, "region 64.08.05"));
	assert_true(went(&gone, "region " DESA) && !went(&gone, "region " DESA_OTHER));
	assert_true(!went(&gone, "region 64.09"));
	assert_null(strstr(gone.text, "change"));
	assert_null(strstr(gone.text, "meta"));
}

static void a_router_that_moved_takes_its_other_link_along_bare(void **state)
{
	struct fixture *fixture = *state;
	int64_t here = fixture_link(fixture, DESA, "Satu");
	int64_t far = fixture_link(fixture, DESA_FAR, "Dua");
	struct registry_filter filter = {.link = here};
	struct registry_binding move = {.link = far, .from_s = T0 + 86400, .to_s = SPAN_FOREVER};
	struct err err = {0};
	struct gone gone;
	int64_t id;

	fixture_contract(fixture, here, T0, SPAN_FOREVER);
	fixture_contract(fixture, far, T0, SPAN_FOREVER);
	move.agent = fixture_agent(fixture, here, T0);
	strcpy(move.wan, "wan");
	assert_int_equal(registry_agent_bind(fixture->registry, &move, &id, &err), 0);
	fixture_agent(fixture, far, T0);
	select_rows(fixture, &filter, &gone);
	assert_true(went(&gone, "link 1") && went(&gone, "link 2"));
	assert_true(went(&gone, "binding 1") && went(&gone, "binding 2"));
	assert_true(!went(&gone, "binding 3") && !went(&gone, "agent 2"));
	assert_true(went(&gone, "contract 1") && !went(&gone, "contract 2"));
	assert_true(went(&gone, "region " DESA_FAR));
}

static void a_filter_that_means_no_link_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct registry_filter filter = {.provider = "Tidak Ada"};
	struct selection *selection;
	struct err err = {0};

	fixture_link(fixture, DESA, "Satu");
	assert_int_equal(selection_new(fixture->registry, &filter, &selection, &err), -ENOENT);
	filter = (struct registry_filter){.kabupaten = "64.08.05"};
	assert_int_equal(selection_new(fixture->registry, &filter, &selection, &err), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_names_a_link_goes_with_it, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_router_that_moved_takes_its_other_link_along_bare,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_filter_that_means_no_link_is_refused, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
