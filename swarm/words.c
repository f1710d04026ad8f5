/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

char *words_next(char **rest)
{
	char *from = *rest + strspn(*rest, BLANKS), *read = from, *write = from;
	bool quoted = false;

	if (!*from || *from == '#') {
		*rest = from + strlen(from);
		return NULL;
	}
	for (; *read && (quoted || (!strchr(BLANKS, *read) && *read != '#')); read++) {
		if (*read == '"')
			quoted = !quoted;
		else
			*write++ = *read;
	}
	*rest = *read == '#' || !*read ? read + strlen(read) : read + 1;
	*write = '\0';
	return from;
}

bool words_number(const char *word, double *ret)
{
	char *end;
	double number = word ? strtod(word, &end) : 0;

	if (!word || end == word || *end || !isfinite(number))
		return false;
	*ret = number;
	return true;
}

bool words_moment(const char *word, int64_t *ret_ms)
{
	static const struct {
		char letter;
		double s;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	char *end;
	double s = word ? strtod(word, &end) : 0;

	if (!word || end == word || !isfinite(s))
		return false;
	for (int i = 0; *end && i < 4; i++)
		if (*end == units[i].letter) {
			s *= units[i].s;
			end++;
			break;
		}
	if (*end || fabs(s) > WORDS_MOMENT_MAX_S)
		return false;
	*ret_ms = llround(s * 1000);
	return true;
}

bool words_time_of_day(const char *word, int64_t *ret_ms)
{
	const char *digits = "0123456789";
	int hour, minute;

	if (strlen(word) != 5 || word[2] != ':' || strspn(word, digits) != 2 ||
		strspn(word + 3, digits) != 2)
		return false;
	hour = atoi(word);
	minute = atoi(word + 3);
	if (hour > 23 || minute > 59)
		return false;
	*ret_ms = (hour * 60 + minute) * 60000LL;
	return true;
}
