/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/words.h"

#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 400

enum language words_language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "en", 2) == 0 ? LANGUAGE_ENGLISH
							    : LANGUAGE_INDONESIAN;
	}
	return LANGUAGE_INDONESIAN;
}

/* One after the other, each with its 0: pointers to them would take as much room again. */
#define WORD(name, indonesian, english) indonesian "\0" english "\0"
static const char texts[] =
#include "agent/technician/words_list.h"
	;
#undef WORD

const char *words_text(enum language language, enum word word)
{
	const char *at = texts;

	for (unsigned i = word * LANGUAGE_COUNT + language; i; i--)
		at += strlen(at) + 1;
	return at;
}

char *words_fill(char *ret_text, size_t size, const char *text, const char *const values[4])
{
	size_t length = 0;

	while (*text && length + 1 < size) {
		const char *value;
		size_t bytes;

		if (text[0] != '{' || text[1] < '0' || text[1] > '3' || text[2] != '}') {
			ret_text[length++] = *text++;
			continue;
		}
		value = values[text[1] - '0'] ? values[text[1] - '0'] : "";
		bytes = strnlen(value, size - 1 - length);
		memcpy(ret_text + length, value, bytes);
		length += bytes;
		text += 3;
	}
	ret_text[length] = '\0';
	return ret_text;
}

void words_line(FILE *out, enum language language, enum word word, const char *const values[4])
{
	char line[LINE_BYTES];

	words_fill(line, sizeof(line), words_text(language, word), values);
	fprintf(out, "%s\n", line);
}

char *words_age(enum language language, uint64_t seconds, char ret_text[WORDS_AGE_BYTES])
{
	static const struct {
		uint64_t seconds, until; /* of one unit; shown up to that */
		enum word word;
	} units[] = {
		{1, 120, WORD_SECONDS},
		{60, 120 * 60, WORD_MINUTES},
		{3600, 48 * 3600, WORD_HOURS},
		{86400, UINT64_MAX, WORD_DAYS},
	};
	size_t i = 0;

	while (seconds >= units[i].until)
		i++;
	snprintf(ret_text, WORDS_AGE_BYTES, "%llu %s",
		(unsigned long long)(seconds / units[i].seconds),
		words_text(language, units[i].word));
	return ret_text;
}
