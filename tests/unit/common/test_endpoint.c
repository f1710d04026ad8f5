/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/endpoint.h"

static void endpoints_are_split_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *host, *port; /* host NULL: refused */
	} cases[] = {
		{"a.example:7443", "a.example", "7443"},
		{"a.example", "a.example", "1"},
		{"192.0.2.1:80", "192.0.2.1", "80"},
		{"[2001:db8::1]:443", "2001:db8::1", "443"},
		{"[2001:db8::1]", "2001:db8::1", "1"},
		{"2001:db8::1", "2001:db8::1", "1"},
		{"a:65535", "a", "65535"},
		{"a:00080", "a", "80"},
		{"", NULL, NULL},
		{":80", NULL, NULL},
		{"a:", NULL, NULL},
		{"a:0", NULL, NULL},
		{"a:65536", NULL, NULL},
		{"a:8o", NULL, NULL},
		{"a: 80", NULL, NULL},
		{"[]:80", NULL, NULL},
		{"[::1]80", NULL, NULL},
		{"host-of-17-bytes-:1", NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char host[17] = "", port[ENDPOINT_PORT_BYTES] = "1";
		int r = endpoint_split(cases[i].text, host, sizeof(host), port);

		if (r != (cases[i].host ? 0 : -EINVAL))
			fail_msg("%s: %d", cases[i].text, r);
		if (cases[i].host) {
			assert_string_equal(host, cases[i].host);
			assert_string_equal(port, cases[i].port);
		}
	}
}

static void items_of_a_list_come_without_blanks(void **state)
{
	const char *list = "  a ,b,, c d ,\t";
	char item[8];

	assert_true(list_next(&list, item, sizeof(item)));
	assert_string_equal(item, "a");
	assert_true(list_next(&list, item, sizeof(item)));
	assert_string_equal(item, "b");
	assert_true(list_next(&list, item, sizeof(item)));
	assert_string_equal(item, "c d");
	assert_false(list_next(&list, item, sizeof(item)));
	list = "123456789";
	assert_true(list_next(&list, item, sizeof(item)));
	assert_string_equal(item, "1234567");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_are_split_as_people_write_them),
		cmocka_unit_test(items_of_a_list_come_without_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
