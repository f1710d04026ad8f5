/* SPDX-License-Identifier: Apache-2.0 */
/* How one agent tells its past: HELLO, reports up to what may be in flight, more with each ACK. */
#ifndef PANTAU_TESTS_BENCH_LOAD_TELLING_H
#define PANTAU_TESTS_BENCH_LOAD_TELLING_H

#include <stdbool.h>

#include "tests/bench/load/past.h"

struct telling {
	const struct past_one *past; /* borrowed */
	size_t told, acked; /* entries */
	uint32_t up_to[PAST_RUNS_MAX];
	size_t flying_bytes;
};

void telling_init(struct telling *telling, const struct past_one *past);
/* In a new session: what is not acknowledged is told again. The errors of buf_append(). */
int telling_greet(struct telling *telling, struct buf *out);
/* All that may be in flight now. */
int telling_report(struct telling *telling, struct buf *out);
void telling_welcomed(struct telling *telling, const struct welcome *welcome);
void telling_acked(struct telling *telling, const struct ack *ack);
bool telling_is_over(const struct telling *telling);

#endif
