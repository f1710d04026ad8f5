/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/civil.h"

#define WITA (8 * 3600)

static void expect_time(const char *text, int32_t offset_s, int64_t expected)
{
	struct err err = {0};
	int64_t utc_s = -1;

	if (civil_parse(text, offset_s, &utc_s, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(utc_s, expected);
}

static void reads_every_form(void **state)
{
	expect_time("2026-01-01", WITA, 1767196800);
	expect_time("2026-01-01T00:00", WITA, 1767196800);
	expect_time("2026-01-01T00:00:00", WITA, 1767196800);
	expect_time("2026-01-01 00:00:00", WITA, 1767196800);
	expect_time("2025-12-31T16:00:00Z", WITA, 1767196800);
	expect_time("2025-12-31T16:00Z", 0, 1767196800);
	expect_time("2026-01-01T00:00:00+08:00", 0, 1767196800);
	expect_time("2025-12-31T11:30:00-04:30", WITA, 1767196800);
	expect_time("@1767196800", WITA, 1767196800);
	expect_time("@-1", 0, -1);
	expect_time("1970-01-01T00:00:00Z", 0, 0);
	expect_time("2028-02-29T23:59:59Z", 0, 1835481599);
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const texts[] = {"", "2026", "2026-1-1", "2026-02-30", "2026-13-01",
		"2026-00-01", "2026-01-00", "2027-02-29", "2026-01-01T24:00", "2026-01-01T00:60",
		"2026-01-01T00:00:60", "2026-01-01T", "2026-01-01TZ", "2026-01-01Z",
		"2026-01-01T00:00:00z", "2026-01-01T00:00+8", "2026-01-01T00:00+15:00",
		"2026-01-01T00:00:00.5Z", "2026-01-01x", " 2026-01-01", "@", "@x", "@1x", "@ 1",
		"@99999999999999999999", "@-62135596801", "@253402300800", "0001-01-01T00:00+08:00",
		"0000-01-01", "-026-01-01"};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct err err = {0};
		int64_t utc_s = 42;

		assert_int_equal(civil_parse(texts[i], WITA, &utc_s, &err), -EINVAL);
		assert_int_equal(utc_s, 42);
		assert_non_null(strstr(err.text, "is not a time"));
		assert_non_null(strstr(err.text, texts[i]));
	}
}

static void formats_what_it_reads(void **state)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(1769875200, text);
	assert_string_equal(text, "2026-01-31T16:00:00Z");
	civil_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	civil_format_ms(1769875200250, text);
	assert_string_equal(text, "2026-01-31T16:00:00.250Z");
	civil_format_ms(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	civil_format_local(1769875200, WITA, text);
	assert_string_equal(text, "2026-02-01 00:00:00");
	civil_format(INT64_MAX / 2, text); /* nonsense, but never an overrun */
	assert_true(strlen(text) < CIVIL_TIME_BYTES);
}

/* Every day from 1904 to 2096, against the C library. */
static void agrees_with_the_c_library(void **state)
{
	char text[CIVIL_TIME_BYTES], expected[CIVIL_TIME_BYTES];
	int64_t utc_s;

	for (utc_s = -24107LL * 86400; utc_s < 46021LL * 86400; utc_s += 86400 + 61) {
		time_t t = (time_t)utc_s;
		struct tm tm;

		if (t != utc_s)
			continue; /* the C library of a 32-bit machine may end in 2038 */
		gmtime_r(&t, &tm);
		strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
		civil_format(utc_s, text);
		assert_string_equal(text, expected);
		expect_time(text, WITA, utc_s);
	}
}

static void a_month_is_local_and_half_open(void **state)
{
	struct err err = {0};
	int64_t from, to;

	assert_int_equal(civil_month("2026-01", WITA, &from, &to, &err), 0);
	assert_int_equal(from, 1767196800);
	assert_int_equal(to - from, 31 * 86400);
	assert_int_equal(civil_month("2028-02", WITA, &from, &to, &err), 0);
	assert_int_equal(to - from, 29 * 86400);
	assert_int_equal(civil_month("2026-12", WITA, &from, &to, &err), 0);
	assert_int_equal(to - from, 31 * 86400);
	assert_int_equal(civil_month("2026-13", WITA, &from, &to, &err), -EINVAL);
	assert_int_equal(civil_month("2026-1", WITA, &from, &to, &err), -EINVAL);
	assert_int_equal(civil_month("2026-01-01", WITA, &from, &to, &err), -EINVAL);
	assert_string_equal(err.text, "\"2026-01-01\" is not a month: write 2026-02");
}

static void a_second_knows_its_local_month(void **state)
{
	char name[8];

	civil_month_name(1769875199, WITA, name);
	assert_string_equal(name, "2026-01");
	civil_month_name(1769875200, WITA, name);
	assert_string_equal(name, "2026-02");
}

static void zones_have_their_indonesian_names(void **state)
{
	int32_t offset_s = 0;

	assert_int_equal(civil_zone("WIB", &offset_s), 0);
	assert_int_equal(offset_s, 7 * 3600);
	assert_int_equal(civil_zone("WITA", &offset_s), 0);
	assert_int_equal(offset_s, 8 * 3600);
	assert_int_equal(civil_zone("WIT", &offset_s), 0);
	assert_int_equal(offset_s, 9 * 3600);
	assert_int_equal(civil_zone("UTC", &offset_s), -EINVAL);
	assert_int_equal(offset_s, 9 * 3600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(formats_what_it_reads),
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(a_month_is_local_and_half_open),
		cmocka_unit_test(a_second_knows_its_local_month),
		cmocka_unit_test(zones_have_their_indonesian_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
