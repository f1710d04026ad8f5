/* SPDX-License-Identifier: Apache-2.0 */
/* Every text in both languages; a test compares their places for values. */
#ifndef PANTAU_AGENT_WORDS_TABLE_H
#define PANTAU_AGENT_WORDS_TABLE_H

#include "agent/words.h"

struct words_row {
	const char *text[LANGUAGE_COUNT];
};

extern const struct words_row words_table[WORD_COUNT];

#endif
