/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/links.h"

static int read_text(const char *text, struct links **ret_links, struct err *err)
{
	char path[] = "/tmp/test_cli_links.XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	rc = links_read(path, ret_links, err);
	unlink(path);
	return rc;
}

static void expect_refusal(const char *text, const char *words)
{
	struct links *links = NULL;
	struct err err = {0};

	assert_int_equal(read_text(text, &links, &err), -EINVAL);
	assert_null(links);
	if (!strstr(err.text, words))
		fail_msg("'%s' lacks '%s'", err.text, words);
}

static void links_are_read_with_and_without_a_position(void **state)
{
	struct links *links = NULL;
	struct err err = {0};

	assert_int_equal(read_text("desa,provider,kind,lat,lon,zone\n"
				   "64.08.05.2001,\"Telkom, PT\",fibre,0.9912,118.0101,WITA\n"
				   "64.08.05.2002,Starlink,starlink,,,\n",
				 &links, &err),
		0);
	assert_int_equal(links_count(links), 2);
	links_free(links);
	assert_int_equal(read_text("kind,desa,provider\n4g,64.08.05.2001,X\n", &links, &err), 0);
	assert_int_equal(links_count(links), 1);
	links_free(links);
}

static void links_name_line_field_and_value(void **state)
{
	expect_refusal("desa,provider\n", ":1: no column \"kind\"");
	expect_refusal("desa,provider,kind,latitude\n", ":1: unknown column \"latitude\"");
	expect_refusal("desa,provider,kind\n6408052001,X,4g\n", ":2: desa = '6408052001': ");
	expect_refusal("desa,provider,kind\n64.08,X,4g\n", ":2: desa = '64.08': ");
	expect_refusal("desa,provider,kind\n64.08.05.2001,,4g\n", ":2: provider = '': is empty");
	expect_refusal("desa,provider,kind\n64.08.05.2001,X,5g\n", ":2: kind = '5g': must be one");
	expect_refusal("desa,provider,kind,lat,lon\n64.08.05.2001,X,4g,91,117\n",
		":2: lat = '91': must be degrees from -90 to 90");
	expect_refusal("desa,provider,kind,lat,lon\n64.08.05.2001,X,4g,1,\n",
		":2: lat = '1': lat and lon belong together");
	expect_refusal("desa,provider,kind,zone\n64.08.05.2001,X,4g,GMT\n",
		":2: zone = 'GMT': must be WIB, WITA or WIT");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_read_with_and_without_a_position),
		cmocka_unit_test(links_name_line_field_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
