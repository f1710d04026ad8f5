/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers as decimal text. printf does the same; a country's month prints four million. */
#ifndef PANTAU_COMMON_DIGITS_H
#define PANTAU_COMMON_DIGITS_H

#include <stdint.h>

#define DIGITS_BYTES 24 /* the longest: a sign, nineteen digits, the 0 */

/* Each returns the place behind what it wrote, where there is no 0 yet. */
char *digits_put(char *at, int64_t value);
/* Exactly `count` digits, zeros in front; of a larger number the last ones. */
char *digits_put_padded(char *at, uint64_t value, unsigned count);

/* A number of digits alone, from 0 to max, at most eighteen of them, which always fit. -EINVAL, and
 * ret_value is left alone. */
int digits_parse(const char *text, int64_t max, int64_t *ret_value);

#endif
