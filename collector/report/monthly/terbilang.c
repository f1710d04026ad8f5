/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in words. Three digits at a time, the greatest first:
 *
 *	12 001 101  ->  [dua belas] juta [seribu] [seratus satu]
 *
 * "se-" stands for one before ratus, puluh, belas, and before ribu where nothing else counts the
 * thousands: 1,000 is seribu, 101,000 seratus satu ribu. */
#include <string.h>

#include "collector/report/monthly/say.h"

static const char *const digits[] = {
	"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"};

static void add(char *text, const char *word)
{
	size_t length = strlen(text);

	if (!*word || length + strlen(word) + 2 > TERBILANG_BYTES)
		return;
	if (length)
		text[length++] = ' ';
	strcpy(text + length, word);
}

/* Below a hundred. */
static void add_tens(char *text, unsigned number)
{
	if (number == 10) {
		add(text, "sepuluh");
	} else if (number == 11) {
		add(text, "sebelas");
	} else if (number > 11 && number < 20) {
		add(text, digits[number % 10]);
		add(text, "belas");
	} else {
		if (number >= 20) {
			add(text, digits[number / 10]);
			add(text, "puluh");
		}
		add(text, digits[number % 10]);
	}
}

/* Below a thousand. */
static void add_group(char *text, unsigned number)
{
	if (number / 100 == 1) {
		add(text, "seratus");
	} else if (number / 100) {
		add(text, digits[number / 100]);
		add(text, "ratus");
	}
	add_tens(text, number % 100);
}

const char *say_terbilang(int64_t number, char ret_text[TERBILANG_BYTES])
{
	static const struct {
		uint64_t unit;
		const char *name;
	} groups[] = {
		{1000000000000000000, "kuintiliun"},
		{1000000000000000, "kuadriliun"},
		{1000000000000, "triliun"},
		{1000000000, "miliar"},
		{1000000, "juta"},
		{1000, "ribu"},
		{1, ""},
	};
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	*ret_text = '\0';
	if (number < 0)
		add(ret_text, "minus");
	if (!number)
		add(ret_text, "nol");
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		unsigned group = (unsigned)(rest / groups[i].unit);

		rest %= groups[i].unit;
		if (group == 1 && groups[i].unit == 1000) {
			add(ret_text, "seribu");
		} else if (group) {
			add_group(ret_text, group);
			add(ret_text, groups[i].name);
		}
	}
	return ret_text;
}
