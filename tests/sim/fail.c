/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/fail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void sim_fail(uint64_t seed, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: seed %" PRIu64 ": ", program_invocation_short_name, seed);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nto see it alone: %s --seed %" PRIu64 " --verbose\n",
		program_invocation_short_name, seed);
	exit(1);
}
