/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/desk/zone.h"

static void zone_follows_the_province(void **state)
{
	assert_string_equal(zone_of_region("64.08.05.2001"), "WITA"); /* Kalimantan Timur */
	assert_string_equal(zone_of_region("61"), "WIB"); /* Kalimantan Barat */
	assert_string_equal(zone_of_region("62.01"), "WIB"); /* Kalimantan Tengah */
	assert_string_equal(zone_of_region("63.01"), "WITA"); /* Kalimantan Selatan */
	assert_string_equal(zone_of_region("65.01"), "WITA"); /* Kalimantan Utara */
	assert_string_equal(zone_of_region("51.71"), "WITA"); /* Bali */
	assert_string_equal(zone_of_region("35.78"), "WIB"); /* Jawa Timur */
	assert_string_equal(zone_of_region("11.01"), "WIB"); /* Aceh */
	assert_string_equal(zone_of_region("76.01"), "WITA"); /* Sulawesi Barat */
	assert_string_equal(zone_of_region("82.01"), "WIT"); /* Maluku Utara */
	assert_string_equal(zone_of_region("96.01"), "WIT"); /* Papua Barat Daya */
}

static void zone_is_unknown_for_what_is_no_province(void **state)
{
	assert_null(zone_of_region(""));
	assert_null(zone_of_region("6"));
	assert_null(zone_of_region("99.01"));
	assert_null(zone_of_region("1 "));
	assert_null(zone_of_region(" 1"));
	assert_null(zone_of_region("PT Telkom"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_follows_the_province),
		cmocka_unit_test(zone_is_unknown_for_what_is_no_province),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
