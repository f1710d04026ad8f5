/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everybody is connected, loses the server at the same moment, and comes back as an agent does
 * (proto/PROTOCOL.md, 5): after a drawn wait, and again after a longer one, until its report is
 * acknowledged.
 */
#ifndef PANTAU_TESTS_BENCH_LOAD_STORM_H
#define PANTAU_TESTS_BENCH_LOAD_STORM_H

#include <stdbool.h>

#include "tests/bench/load/people.h"
#include "tests/bench/load/speech.h"

struct storm_options {
	unsigned port, count;
	unsigned limit_s; /* for all of them to be back */
	bool deaf; /* to what WELCOME says of coming back, as agents from before it */
};

/* Says "connected" on standard output when all are, then waits for the server to go away; at the
 * end one JSON object. 0: all came back. */
int storm_run(const struct storm_options *options, const struct speech *speech,
	const struct people *people);

#endif
