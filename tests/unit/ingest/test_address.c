/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/address.h"

static void survives(const char *text)
{
	struct sockaddr_storage address;
	char again[64];
	struct err err;

	assert_int_equal(address_parse(text, &address, &err), 0);
	address_format((struct sockaddr *)&address, again, sizeof(again));
	assert_string_equal(again, text);
}

static void both_families_come_back_as_they_went_in(void **state)
{
	survives("0.0.0.0:7443");
	survives("127.0.0.1:0");
	survives("[::]:7443");
	survives("[2001:db8::1]:65535");
}

static void refused(const char *text, const char *words)
{
	struct sockaddr_storage address;
	struct err err;

	assert_int_equal(address_parse(text, &address, &err), -EINVAL);
	assert_non_null(strstr(err.text, words));
}

static void what_is_no_address_is_told_with_an_example(void **state)
{
	refused("", "must be like 0.0.0.0:7443");
	refused(":7443", "must be like");
	refused("7443", "must be like");
	refused("0.0.0.0", "must be like");
	refused("0.0.0.0:", "must be like");
	refused("0.0.0.0:65536", "must be like");
	refused("0.0.0.0:-1", "must be like");
	refused("0.0.0.0:74x", "must be like");
	refused("localhost:7443", "not a numeric address");
	refused("::1:7443", "not a numeric address");
	refused("[127.0.0.1]:7443", "not a numeric address");
	refused("[]:7443", "not a numeric address");
	refused("[1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111]:1", "must be like");
}

static void host_is_the_part_before_the_port(void **state)
{
	char host[64], small[8];

	address_host("10.0.0.1:50000", host, sizeof(host));
	assert_string_equal(host, "10.0.0.1");
	address_host("[::1]:50000", host, sizeof(host));
	assert_string_equal(host, "[::1]");
	address_host("?", host, sizeof(host));
	assert_string_equal(host, "?");
	address_host("10.20.30.40:50000", small, sizeof(small));
	assert_string_equal(small, "10.20.3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_families_come_back_as_they_went_in),
		cmocka_unit_test(what_is_no_address_is_told_with_an_example),
		cmocka_unit_test(host_is_the_part_before_the_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
