/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/monthly/say.h"

static const struct say wita = {REPORT_ID, 8 * 3600};
static const struct say english = {REPORT_EN, 8 * 3600};

static void expect_words(int64_t number, const char *words)
{
	char text[TERBILANG_BYTES];

	assert_string_equal(say_terbilang(number, text), words);
}

static void small_numbers_have_words_of_their_own(void **state)
{
	expect_words(0, "nol");
	expect_words(1, "satu");
	expect_words(9, "sembilan");
	expect_words(10, "sepuluh");
	expect_words(11, "sebelas");
	expect_words(12, "dua belas");
	expect_words(19, "sembilan belas");
	expect_words(20, "dua puluh");
	expect_words(21, "dua puluh satu");
	expect_words(99, "sembilan puluh sembilan");
}

static void one_hundred_and_one_thousand_begin_with_se(void **state)
{
	expect_words(100, "seratus");
	expect_words(101, "seratus satu");
	expect_words(111, "seratus sebelas");
	expect_words(200, "dua ratus");
	expect_words(999, "sembilan ratus sembilan puluh sembilan");
	expect_words(1000, "seribu");
	expect_words(1001, "seribu satu");
	expect_words(1100, "seribu seratus");
	expect_words(1999, "seribu sembilan ratus sembilan puluh sembilan");
	expect_words(2000, "dua ribu");
	expect_words(11000, "sebelas ribu");
	expect_words(21000, "dua puluh satu ribu");
	expect_words(100000, "seratus ribu");
	expect_words(101000, "seratus satu ribu");
}

static void larger_groups_count_from_satu(void **state)
{
	expect_words(1000000, "satu juta");
	expect_words(1001000, "satu juta seribu");
	expect_words(1000001, "satu juta satu");
	expect_words(12001101, "dua belas juta seribu seratus satu");
	expect_words(1000000000, "satu miliar");
	expect_words(1000000000000, "satu triliun");
	expect_words(999999999999999,
		"sembilan ratus sembilan puluh sembilan triliun sembilan ratus sembilan puluh "
		"sembilan miliar sembilan ratus sembilan puluh sembilan juta sembilan ratus "
		"sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan");
	expect_words(1000000000000000, "satu kuadriliun");
}

static void negative_numbers_begin_with_minus(void **state)
{
	char text[TERBILANG_BYTES];

	expect_words(-1, "minus satu");
	expect_words(-1200000, "minus satu juta dua ratus ribu");
	assert_int_equal(
		strncmp(say_terbilang(INT64_MIN, text), "minus sembilan kuintiliun", 25), 0);
}

/* ---- read back by other rules than it was written by */

static int64_t unit_of(const char *word)
{
	static const struct {
		const char *word;
		int64_t value;
	} units[] = {{"satu", 1}, {"dua", 2}, {"tiga", 3}, {"empat", 4}, {"lima", 5}, {"enam", 6},
		{"tujuh", 7}, {"delapan", 8}, {"sembilan", 9}, {"sepuluh", 10}, {"sebelas", 11},
		{"seratus", 100}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (!strcmp(units[i].word, word))
			return units[i].value;
	}
	return 0;
}

static int64_t scale_of(const char *word)
{
	static const struct {
		const char *word;
		int64_t value;
	} scales[] = {{"ribu", 1000}, {"juta", 1000000}, {"miliar", 1000000000},
		{"triliun", 1000000000000}, {"kuadriliun", 1000000000000000}};

	for (size_t i = 0; i < sizeof(scales) / sizeof(*scales); i++) {
		if (!strcmp(scales[i].word, word))
			return scales[i].value;
	}
	return 0;
}

static int64_t read_words(char *text)
{
	int64_t total = 0, group = 0, last = 0;

	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		if (!strcmp(word, "seribu")) {
			total += 1000;
		} else if (!strcmp(word, "belas")) {
			group += 10;
		} else if (!strcmp(word, "puluh")) {
			group += 9 * last;
		} else if (!strcmp(word, "ratus")) {
			group += 99 * last;
		} else if (scale_of(word)) {
			total += group * scale_of(word);
			group = 0;
		} else {
			last = unit_of(word);
			assert_true(last > 0);
			group += last;
		}
	}
	return total + group;
}

static void words_say_the_number_that_they_were_made_of(void **state)
{
	char text[TERBILANG_BYTES];

	for (int64_t number = 1; number < 20000; number++)
		assert_int_equal(read_words((char *)say_terbilang(number, text)), number);
	for (int64_t number = 7; number < 1000000000000000; number = number * 3 + 11)
		assert_int_equal(read_words((char *)say_terbilang(number, text)), number);
}

/* ---- numbers and times */

static void numbers_have_the_marks_of_the_language(void **state)
{
	char text[SAY_BYTES];

	assert_string_equal(say_count(&wita, 0, text), "0");
	assert_string_equal(say_count(&wita, 999, text), "999");
	assert_string_equal(say_count(&wita, 1234567, text), "1.234.567");
	assert_string_equal(say_count(&english, -1234567, text), "-1,234,567");
	assert_string_equal(say_count(&wita, INT64_MIN, text), "-9.223.372.036.854.775.808");
	assert_string_equal(say_decimal(&wita, 99499961, 6, text), "99,499961");
	assert_string_equal(say_decimal(&wita, 100000000, 6, text), "100,000000");
	assert_string_equal(say_decimal(&wita, 123456, 2, text), "1.234,56");
	assert_string_equal(say_decimal(&english, -123456, 2, text), "-1,234.56");
	assert_string_equal(say_decimal(&wita, 5, 0, text), "5");
	assert_string_equal(say_rupiah(&wita, 1200000, text), "Rp 1.200.000");
	assert_string_equal(say_rupiah(&english, -5, text), "-Rp 5");
	assert_string_equal(say_duration(0, text), "0:00:00");
	assert_string_equal(say_duration(2678400, text), "744:00:00");
	assert_string_equal(say_duration(-61, text), "-0:01:01");
}

static void times_are_in_the_zone_and_say_which(void **state)
{
	const struct say wib = {REPORT_ID, 7 * 3600}, wit = {REPORT_ID, 9 * 3600};
	const struct say nepal = {REPORT_ID, 5 * 3600 + 45 * 60};
	char text[SAY_BYTES];

	/* 2026-10-31 06:05:09 UTC */
	assert_string_equal(
		say_moment(&wita, 1793426709, text), "31 Oktober 2026 pukul 14.05 WITA");
	assert_string_equal(say_moment(&wib, 1793426709, text), "31 Oktober 2026 pukul 13.05 WIB");
	assert_string_equal(say_moment(&wit, 1793426709, text), "31 Oktober 2026 pukul 15.05 WIT");
	assert_string_equal(
		say_moment(&english, 1793426709, text), "31 October 2026 at 14:05 WITA");
	assert_string_equal(say_zone(nepal.offset_s, text), "UTC+5.45");
	assert_string_equal(say_date(&wita, 1793426709, text), "31 Oktober 2026");
	assert_string_equal(say_stamp(&wita, 1793426709, text), "31/10/2026 14.05.09");
	assert_string_equal(say_stamp(&english, 1793426709, text), "31/10/2026 14:05:09");
	/* the first second of February in WITA is January yet in UTC */
	assert_string_equal(say_date(&wita, 1769875200, text), "1 Februari 2026");
}

static void months_have_names_and_roman_digits(void **state)
{
	static const char *const names[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni",
		"Juli", "Agustus", "September", "Oktober", "November", "Desember"};
	static const char *const roman[] = {
		"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};
	char month[16], text[SAY_BYTES], wanted[SAY_BYTES];

	for (int i = 0; i < 12; i++) {
		snprintf(month, sizeof(month), "2028-%02d", i + 1);
		snprintf(wanted, sizeof(wanted), "%s 2028", names[i]);
		assert_string_equal(say_month(&wita, month, text), wanted);
		assert_string_equal(say_roman_month(month), roman[i]);
	}
	assert_string_equal(say_month(&english, "2026-05", text), "May 2026");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_numbers_have_words_of_their_own),
		cmocka_unit_test(one_hundred_and_one_thousand_begin_with_se),
		cmocka_unit_test(larger_groups_count_from_satu),
		cmocka_unit_test(negative_numbers_begin_with_minus),
		cmocka_unit_test(words_say_the_number_that_they_were_made_of),
		cmocka_unit_test(numbers_have_the_marks_of_the_language),
		cmocka_unit_test(times_are_in_the_zone_and_say_which),
		cmocka_unit_test(months_have_names_and_roman_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
