/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/clean.h"

#include <stdbool.h>
#include <string.h>

#include "collector/closing/document.h"

static bool is_last_two(const unsigned char *at)
{
	return at[0] == 0xbf && (at[1] == 0xbe || at[1] == 0xbf);
}

/* The text is UTF-8 already. */
void clean_text(char *text)
{
	unsigned char *at = (unsigned char *)text;

	document_clean_text(text);
	for (; *at; at++) {
		if (at[0] == 0xef &&
			(is_last_two(at + 1) || (at[1] == 0xb7 && at[2] >= 0x90 && at[2] <= 0xaf)))
			memcpy(at, "\xef\xbf\xbd", 3);
		else if (at[0] >= 0xf0 && (at[1] & 0x0f) == 0x0f && is_last_two(at + 2))
			memcpy(at, "\xef\xbf\xbd?", 4);
	}
}
