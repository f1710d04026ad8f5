/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/settings/settings_edit.h"

static void expect(const char *before, const struct settings_edit *edit, const char *after)
{
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(settings_edit(before, edit, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(&out), after);
	buf_done(&out);
}

static void a_value_is_replaced_where_it_stands(void **state)
{
	const struct settings_edit edit = {"wan", "name", "wan2"};

	expect("[agent]\nname = a\n# [wan]\n[wan]\nnames = b\n  name=c\nx = y\n[wan2]\nname = d\n",
		&edit,
		"[agent]\nname = a\n# [wan]\n[wan]\nnames = b\nname = wan2\nx = y\n[wan2]\nname = "
		"d\n");
	expect("[wan]\nname = c", &edit, "[wan]\nname = wan2\n");
}

static void a_key_is_added_at_the_head_of_its_section(void **state)
{
	const struct settings_edit edit = {"wan", "name", "wan2"};

	expect("[wan]\ninterface = eth0\n\n[dns]\n", &edit,
		"[wan]\nname = wan2\ninterface = eth0\n\n[dns]\n");
	expect("[wan]", &edit, "[wan]\nname = wan2\n");
	expect("[wan]\n[dns]\nname = x\n", &edit, "[wan]\nname = wan2\n[dns]\nname = x\n");
}

static void a_section_is_added_at_the_end(void **state)
{
	const struct settings_edit edit = {"collector", "address", "a:1"};

	expect("", &edit, "[collector]\naddress = a:1\n");
	expect("# mine", &edit, "# mine\n[collector]\naddress = a:1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_replaced_where_it_stands),
		cmocka_unit_test(a_key_is_added_at_the_head_of_its_section),
		cmocka_unit_test(a_section_is_added_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
