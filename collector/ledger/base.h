/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's seconds under one contract's terms before any window: good, bad or unknown, with short
 * holes bridged. Runs of the same kind are one segment.
 *
 *   [ good ][ unknown: power ][ good ][bad: access][ unknown, no end ...
 */
#ifndef PANTAU_LEDGER_BASE_H
#define PANTAU_LEDGER_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/terms.h"
#include "collector/ledger/timeline.h"

enum base_kind { BASE_GOOD, BASE_BAD, BASE_UNKNOWN };

#define BASE_NO_CAUSE 0xff /* a good slot's */

struct base_segment { /* sorted, touching; the last one is unknown without end */
	int64_t from, to;
	enum base_kind kind;
	uint8_t cause; /* a bad slot's: enum down_cause; unknown or bridged: enum unknown_cause */
	bool bridged; /* was unknown, and takes its kind from its neighbours */
};

struct base {
	struct base_segment *segments;
	size_t count, room;
};

/* 0 or -ENOMEM. */
int base_build(
	const struct line *line, const struct terms *terms, int64_t begins, struct base *ret_base);
/* Room for so many segments more. 0 or -ENOMEM. */
int base_reserve(struct base *base, size_t count);
void base_done(struct base *base);

#endif
