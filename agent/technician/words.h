/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a technician at the router reads, in Bahasa Indonesia and in English: short enough to be
 * read out over the phone. Places for values are {0}, {1}, ...
 */
#ifndef PANTAU_AGENT_WORDS_H
#define PANTAU_AGENT_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum language { LANGUAGE_INDONESIAN, LANGUAGE_ENGLISH, LANGUAGE_COUNT };

#define WORD(name, indonesian, english) WORD_##name,
enum word {
#include "agent/technician/words_list.h"
	WORD_COUNT
};
#undef WORD

/* From LC_ALL, LC_MESSAGES, LANG, in this order; Indonesian unless one says English. */
enum language words_language(void);
const char *words_text(enum language language, enum word word);

/* One line: the text with {0} to {3} replaced; NULL counts as empty. */
void words_line(FILE *out, enum language language, enum word word, const char *const values[4]);
/* The same into a text of `size` bytes, cut to it. Returns ret_text. */
char *words_fill(char *ret_text, size_t size, const char *text, const char *const values[4]);

#define WORDS_AGE_BYTES 32
/* "12 menit", "3 h": of two units the larger. Returns ret_text. */
char *words_age(enum language language, uint64_t seconds, char ret_text[WORDS_AGE_BYTES]);

#endif
