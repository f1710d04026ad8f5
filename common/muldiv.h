/* SPDX-License-Identifier: Apache-2.0 */
/* a * b / c in exact integers, where a * b needs more than 64 bits: for machines without 128. */
#ifndef PANTAU_COMMON_MULDIV_H
#define PANTAU_COMMON_MULDIV_H

#include <stdint.h>

/* The quotient rounded down, which must fit in 64 bits; c is more than 0. *ret_rest is what the
 * division leaves; may be NULL. */
uint64_t muldiv(uint64_t a, uint64_t b, uint64_t c, uint64_t *ret_rest);

#endif
