/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact decimals as whole numbers: "99.5" with four decimals is 995000. No floating point comes
 * near what is judged or paid.
 */
#ifndef PANTAU_CLI_NUMBER_H
#define PANTAU_CLI_NUMBER_H

#include <stdint.h>

#define NUMBER_TEXT_BYTES 32 /* a 64-bit number, sign, point and terminator */
#define NUMBER_DECIMALS_MAX 9

/* Reads "-12.5" scaled by 10^decimals. -EINVAL if it is no number, -ERANGE if it has more decimals
 * than asked for or does not fit. */
int number_parse(const char *text, unsigned decimals, int64_t *ret_value);

/* "99.5": no zeros at the end, no point without digits after it. */
void number_format(int64_t value, unsigned decimals, char ret_text[NUMBER_TEXT_BYTES]);

#endif
