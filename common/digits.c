/* SPDX-License-Identifier: Apache-2.0 */
#include "common/digits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_PARSED_MAX 18 /* of nineteen not every one fits */

char *digits_put_padded(char *at, uint64_t value, unsigned count)
{
	for (unsigned i = count; i > 0; i--) {
		at[i - 1] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + count;
}

char *digits_put(char *at, int64_t value)
{
	uint64_t rest = (uint64_t)value;
	unsigned count = 1;

	if (value < 0) {
		*at++ = '-';
		rest = 0 - rest; /* also of INT64_MIN */
	}
	for (uint64_t above = rest / 10; above; above /= 10)
		count++;
	return digits_put_padded(at, rest, count);
}

int digits_parse(const char *text, int64_t max, int64_t *ret_value)
{
	size_t length = strlen(text);
	int64_t value;

	if (!length || length > DIGITS_PARSED_MAX || strspn(text, "0123456789") != length)
		return -EINVAL;
	value = strtoll(text, NULL, 10);
	if (value > max)
		return -EINVAL;
	*ret_value = value;
	return 0;
}
