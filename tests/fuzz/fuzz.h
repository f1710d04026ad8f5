/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzzer is: one function that takes any bytes. It aborts when a promise is broken. */
#ifndef PANTAU_TESTS_FUZZ_H
#define PANTAU_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stays in release builds, where assert() does not. */
#define FUZZ_CHECK(promise)                                                                   \
	do {                                                                                  \
		if (!(promise)) {                                                             \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise); \
			abort();                                                              \
		}                                                                             \
	} while (0)

#endif
