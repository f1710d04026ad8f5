/* SPDX-License-Identifier: Apache-2.0 */
/* A broken promise: says which seed broke it and how to see it again, and ends the program. */
#ifndef PANTAU_TESTS_SIM_FAIL_H
#define PANTAU_TESTS_SIM_FAIL_H

#include <stdint.h>

void sim_fail(uint64_t seed, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#endif
