/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/plain_text.h"

static void expect(const char *text, const char *words)
{
	struct err err = {0};
	int r = plain_text_check("note", text, &err);

	if (!words) {
		assert_int_equal(r, 0);
		return;
	}
	assert_int_equal(r, -EINVAL);
	assert_string_equal(err.text, words);
}

static void what_people_write_passes(void **state)
{
	static const char *const texts[] = {"banjir", " a ",
		"Kab. Kutai Timur \xe2\x80\x93 \xc3\xa9", "<b>\"=1+1\"</b>",
		"\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85", "\xe0\xa4\x95\xe2\x80\x8d\xe0\xa4\xb7",
		"\xf0\x9f\x8c\x8a", "\xf4\x8f\xbf\xbd"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], NULL);
}

static void nothing_and_blanks_are_refused(void **state)
{
	expect("", "note is empty");
	expect(" ", "note is blank");
	expect("  \xc2\xa0\xe3\x80\x80\xe2\x80\x83 ", "note is blank");
	expect("\xe2\x80\x8d", "note is blank"); /* a joiner with nothing to join */
}

static void controls_of_both_kinds_are_refused(void **state)
{
	expect("a\nb", "note holds a control character (byte 10)");
	expect("a\x7f", "note holds a control character (byte 127)");
	expect("a\xc2\x85", "note holds a control character (byte 133)");
	expect("\x1b[31m", "note holds a control character (byte 27)");
}

static void what_is_not_seen_is_refused(void **state)
{
	expect("telkom\xe2\x80\x8b", "note holds a character that is not seen (U+200B)");
	expect("\xe2\x80\xaegnp.exe", "note holds a character that is not seen (U+202E)");
	expect("a\xe2\x81\xa6"
	       "b",
		"note holds a character that is not seen (U+2066)");
	expect("a\xe2\x80\xa8"
	       "b",
		"note holds a character that is not seen (U+2028)");
	expect("\xef\xbb\xbf"
	       "a",
		"note holds a character that is not seen (U+FEFF)");
	expect("a\xf3\xa0\x80\xa1", "note holds a character that is not seen (U+E0021)");
	expect("\xd8\x9c", "note holds a character that is not seen (U+061C)");
}

static void what_is_no_utf8_is_refused(void **state)
{
	static const char *const texts[] = {"\xff", "\x80", "\xc3", "\xc3(", "\xc0\xaf",
		"\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x80",
		"a\xf0\x9f\x8c"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], "note is not UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_write_passes),
		cmocka_unit_test(nothing_and_blanks_are_refused),
		cmocka_unit_test(controls_of_both_kinds_are_refused),
		cmocka_unit_test(what_is_not_seen_is_refused),
		cmocka_unit_test(what_is_no_utf8_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
