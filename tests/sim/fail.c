/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/fail.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void sim_fail(uint64_t seed, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "sim: seed %" PRIu64 ": ", seed);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nsim: to see it alone: sim --seed %" PRIu64 " --verbose\n", seed);
	exit(1);
}
