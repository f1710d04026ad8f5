/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ingest/hub.h"

static void newest_session_of_an_agent_speaks_for_it(void **state)
{
	struct hub_member old, new;
	struct hub *hub;

	assert_int_equal(hub_new(10, &hub), 0);
	hub_add(hub, &old);
	hub_add(hub, &new);
	assert_null(hub_find(hub, 7));
	assert_null(hub_claim(hub, &old, 7));
	assert_ptr_equal(hub_claim(hub, &new, 7), &old);
	assert_ptr_equal(hub_find(hub, 7), &new);
	assert_int_equal(old.agent, 0);
	assert_int_equal(hub_speaking(hub), 1);
	hub_remove(hub, &old); /* takes nothing away from the newer one */
	assert_ptr_equal(hub_find(hub, 7), &new);
	hub_resign(hub, &new);
	hub_resign(hub, &new);
	assert_null(hub_find(hub, 7));
	assert_int_equal(hub_count(hub), 1);
	hub_remove(hub, &new);
	assert_int_equal(hub_count(hub), 0);
	assert_int_equal(hub_speaking(hub), 0);
	hub_free(hub);
}

#define MANY 5000

static void remove_it(void *arg, struct hub_member *member)
{
	hub_remove(arg, member);
}

static void many_agents_are_found_and_may_leave_while_all_are_visited(void **state)
{
	static struct hub_member members[MANY];
	struct hub *hub;

	assert_int_equal(hub_new(16, &hub), 0); /* fewer than come: lists grow, nothing breaks */
	for (uint32_t i = 0; i < MANY; i++) {
		hub_add(hub, &members[i]);
		assert_null(hub_claim(hub, &members[i], i * 65536 + 1));
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_ptr_equal(hub_find(hub, i * 65536 + 1), &members[i]);
	assert_null(hub_find(hub, 2));
	assert_int_equal(hub_speaking(hub), MANY);
	hub_each(hub, remove_it, hub);
	assert_int_equal(hub_count(hub), 0);
	hub_free(hub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_session_of_an_agent_speaks_for_it),
		cmocka_unit_test(many_agents_are_found_and_may_leave_while_all_are_visited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
