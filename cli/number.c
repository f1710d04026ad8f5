/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int add_digit(int64_t *value, int digit)
{
	if (__builtin_mul_overflow(*value, 10, value) ||
		__builtin_add_overflow(*value, digit, value))
		return -ERANGE;
	return 0;
}

/* Digits before and after the point as one whole number; *ret_decimals: how many came after it. */
static int read_digits(const char *text, int64_t *ret_value, unsigned *ret_decimals)
{
	bool point = false;
	unsigned decimals = 0, digits = 0;
	int64_t value = 0;

	for (const char *c = text; *c; c++) {
		if (*c == '.' && !point && digits) {
			point = true;
			continue;
		}
		if (!is_digit(*c))
			return -EINVAL;
		if (add_digit(&value, *c - '0'))
			return -ERANGE;
		digits++;
		decimals += point;
	}
	if (!digits || (point && !decimals))
		return -EINVAL;
	*ret_value = value;
	*ret_decimals = decimals;
	return 0;
}

int number_parse(const char *text, unsigned decimals, int64_t *ret_value)
{
	bool negative = *text == '-';
	unsigned given;
	int64_t value;
	int rc = read_digits(text + negative, &value, &given);

	if (rc)
		return rc;
	if (given > decimals)
		return -ERANGE;
	for (; given < decimals; given++) {
		if (add_digit(&value, 0))
			return -ERANGE;
	}
	*ret_value = negative ? -value : value;
	return 0;
}

void number_format(int64_t value, unsigned decimals, char ret_text[NUMBER_TEXT_BYTES])
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t scale = 1;
	int length;

	for (unsigned i = 0; i < decimals; i++)
		scale *= 10;
	length = snprintf(
		ret_text, NUMBER_TEXT_BYTES, "%s%" PRIu64, value < 0 ? "-" : "", magnitude / scale);
	if (magnitude % scale == 0)
		return;
	length += snprintf(ret_text + length, NUMBER_TEXT_BYTES - length, ".%0*" PRIu64,
		(int)decimals, magnitude % scale);
	while (ret_text[length - 1] == '0')
		ret_text[--length] = '\0';
}
