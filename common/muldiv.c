/* SPDX-License-Identifier: Apache-2.0 */
#include "common/muldiv.h"

#include <stddef.h>

struct wide {
	uint64_t high, low;
};

/* By halves: (aH 2^32 + aL) (bH 2^32 + bL). */
static struct wide multiply(uint64_t a, uint64_t b)
{
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t cross = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t other = (a & UINT32_MAX) * (b >> 32) + (cross & UINT32_MAX);

	return (struct wide){
		.high = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32),
		.low = other << 32 | (low & UINT32_MAX),
	};
}

/* Bit by bit, as on paper; the high half is less than c, or the quotient would not fit. */
static uint64_t divide(struct wide over, uint64_t c, uint64_t *ret_rest)
{
	uint64_t rest = over.high, quotient = over.low;

	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t carry = rest >> 63;

		rest = rest << 1 | quotient >> 63;
		quotient <<= 1;
		if (carry || rest >= c) {
			rest -= c;
			quotient |= 1;
		}
	}
	*ret_rest = rest;
	return quotient;
}

uint64_t muldiv(uint64_t a, uint64_t b, uint64_t c, uint64_t *ret_rest)
{
	struct wide product = multiply(a, b);
	uint64_t quotient, rest;

	if (product.high) {
		quotient = divide(product, c, &rest);
	} else {
		quotient = product.low / c;
		rest = product.low % c;
	}
	if (ret_rest)
		*ret_rest = rest;
	return quotient;
}
