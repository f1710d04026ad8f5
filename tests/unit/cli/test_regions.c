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

#include "cli/regions.h"

static char folder[] = "/tmp/test_cli_regions.XXXXXX";

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	return rmdir(folder);
}

/* Reads one file with this content; the words of a failure name it "F". */
static int read_text(struct regions *regions, const char *text, size_t length, struct err *err)
{
	char path[64];
	FILE *file;
	int rc;

	snprintf(path, sizeof(path), "%s/F", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	rc = regions_read(regions, path, err);
	unlink(path);
	return rc;
}

static void expect_read(struct regions *regions, const char *text)
{
	struct err err = {0};

	assert_int_equal(read_text(regions, text, strlen(text), &err), 0);
}

static void expect_refusal(const char *text, const char *words)
{
	struct regions *regions = regions_new();
	struct err err = {0};

	assert_int_equal(read_text(regions, text, strlen(text), &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' lacks '%s'", err.text, words);
	regions_free(regions);
}

static void regions_come_from_four_files_in_any_order(void **state)
{
	struct regions *regions = regions_new();
	struct err err = {0};

	expect_read(regions,
		"code,district_code,name\n64.08.05.2001,64.08.05,Kerayaan\n"
		"35.13.15.2017,35.13.15,\"Soka\"\"an\"\n");
	expect_read(regions,
		"\xef\xbb\xbf"
		"code,name\r\n64,KALIMANTAN TIMUR\r\n");
	expect_read(regions, "name,regency_code,code\nSangkulirang,64.08,64.08.05\n");
	expect_read(regions, "code,province_code,name\n64.08,64,KABUPATEN KUTAI TIMUR\n");
	assert_int_equal(regions_check(regions, &err), 0);
	assert_int_equal(regions_total(regions), 5);
	assert_int_equal(regions_count(regions, REGION_DESA), 2);
	assert_int_equal(regions_count(regions, REGION_KABUPATEN), 1);
	assert_string_equal(regions_items(regions)[0].name, "Soka\"an");
	assert_string_equal(regions_items(regions)[1].code, "64");
	assert_string_equal(regions_items(regions)[4].code, "64.08.05.2001");
	regions_free(regions);
}

static void regions_refuse_codes_without_dots(void **state)
{
	expect_refusal("code,province_code,name\n6408,64,KUTAI TIMUR\n", "F:2: code = '6408': ");
	expect_refusal("code,province_code,name\n6408,64,KUTAI TIMUR\n", "BPS");
	expect_refusal("code,district_code,name\n6408052001,640805,Kerayaan\n", "BPS");
}

static void regions_name_line_field_and_value(void **state)
{
	expect_refusal("code,name\n64,KALTIM\nxx,Y\n", "F:3: code = 'xx': ");
	expect_refusal("code,name\n64.08,KUTAI TIMUR\n",
		"F:2: code = '64.08': a code of this file looks like 64");
	expect_refusal("code,district_code,name\n64.08.05.2001,64.08.06,Kerayaan\n",
		"F:2: district_code = '64.08.06': must be 64.08.05");
	expect_refusal("code,name\n64,\n", "F:2: name = '': is empty");
	expect_refusal("kode,name\n64,KALTIM\n", "F:1: no column \"code\"");
	expect_refusal("code,province_code,regency_code,name\n1,2,3,4\n", "names two parents");
}

static void regions_refuse_a_name_that_is_too_long(void **state)
{
	char text[256] = "code,name\n64,";
	size_t length = strlen(text);

	memset(text + length, 'x', REGISTRY_NAME_BYTES);
	expect_refusal(text, "F:2: name = ");
	text[length + REGISTRY_NAME_BYTES - 1] = '\0';

	struct regions *regions = regions_new();

	expect_read(regions, text);
	regions_free(regions);
}

static void regions_refuse_a_code_that_is_there_twice(void **state)
{
	struct regions *regions = regions_new();
	struct err err = {0};

	expect_read(regions, "code,name\n64,KALIMANTAN TIMUR\n35,JAWA TIMUR\n64,KALTIM\n");
	assert_int_equal(regions_check(regions, &err), -EINVAL);
	assert_non_null(strstr(err.text, "code = '64': is also in"));
	regions_free(regions);
}

static void regions_pass_islands_over(void **state)
{
	static const char islands[] =
		"code,regency_code,coordinate,is_populated,is_outermost_small,name\n"
		"64.08.40001,64.08,x,0,0,Pulau Miang\n";
	struct regions *regions = regions_new();
	struct err err = {0};

	assert_int_equal(read_text(regions, islands, sizeof(islands) - 1, &err), REGIONS_ISLANDS);
	assert_int_equal(regions_total(regions), 0);
	regions_free(regions);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_come_from_four_files_in_any_order),
		cmocka_unit_test(regions_refuse_codes_without_dots),
		cmocka_unit_test(regions_name_line_field_and_value),
		cmocka_unit_test(regions_refuse_a_name_that_is_too_long),
		cmocka_unit_test(regions_refuse_a_code_that_is_there_twice),
		cmocka_unit_test(regions_pass_islands_over),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
