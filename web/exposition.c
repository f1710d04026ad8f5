/* SPDX-License-Identifier: Apache-2.0 */
#include "web/exposition.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_BYTES 40

static void put(struct exposition *to, const char *text, size_t length)
{
	if (!to->failed)
		to->failed = buf_append(to->out, text, length);
}

static void put_text(struct exposition *to, const char *text)
{
	put(to, text, strlen(text));
}

/* A label's value between quotes: backslash, quote and line feed are escaped. */
static void put_value(struct exposition *to, const char *value)
{
	put_text(to, "\"");
	while (*value) {
		size_t plain = strcspn(value, "\\\"\n");

		put(to, value, plain);
		value += plain;
		if (*value == '\n')
			put_text(to, "\\n");
		else if (*value)
			put(to, (const char[]){'\\', *value}, 2);
		value += *value != '\0';
	}
	put_text(to, "\"");
}

void exposition_head(struct exposition *to, const char *name, const char *type, const char *help)
{
	put_text(to, "# HELP ");
	put_text(to, name);
	put_text(to, " ");
	put_text(to, help);
	put_text(to, "\n# TYPE ");
	put_text(to, name);
	put_text(to, " ");
	put_text(to, type);
	put_text(to, "\n");
}

void exposition_sample(
	struct exposition *to, const char *name, const struct label *labels, double value)
{
	char number[NUMBER_BYTES];

	put_text(to, name);
	for (const struct label *label = labels; label && label->name; label++) {
		put_text(to, label == labels ? "{" : ",");
		put_text(to, label->name);
		put_text(to, "=");
		put_value(to, label->value);
	}
	if (labels && labels->name)
		put_text(to, "}");
	if (isnan(value))
		snprintf(number, sizeof(number), " NaN\n");
	else
		snprintf(number, sizeof(number), " %.17g\n", value);
	put_text(to, number);
}
