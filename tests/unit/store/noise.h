/* SPDX-License-Identifier: Apache-2.0 */
/* A file whose disk went bad: by a seed, pages or parts of them hold noise or nothing, or its end
 * is missing. */
#ifndef TESTS_STORE_NOISE_H
#define TESTS_STORE_NOISE_H

#include <stdint.h>

void noise_over(const char *path, uint64_t seed);

#endif
