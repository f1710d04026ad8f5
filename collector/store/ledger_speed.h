/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed tests as facts: kept as they came, placed on UTC by their boot's anchors (and again when
 * those change), given to a link by the bindings when they are read.
 */
#ifndef PANTAU_STORE_LEDGER_SPEED_H
#define PANTAU_STORE_LEDGER_SPEED_H

#include "collector/ledger/span.h"
#include "collector/store/ledger_db.h"

struct ledger_speed {
	uint32_t agent, run, sequence;
	int64_t at_us; /* UTC: when it began */
	uint8_t outcome; /* enum speed_outcome */
	uint32_t down_kbps, up_kbps;
	bool has_down, has_up; /* measured; of a test that was done */
	const void *record; /* as sent: codec_record_decode(); borrowed for the call */
	size_t record_length;
};

/* The link's tests that began in the span, by time. One that is disputed is none; where two agents
 * measured the link at once, the newer one's count. `each` as in registry.h. */
int ledger_speeds(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_speed *speed), void *arg, struct err *err);
/* Whether there is any at all: with none, nobody need ask link by link. */
int ledger_has_speeds(struct ledger_db *db, bool *ret_any, struct err *err);

/* ---- the writer's */

struct ledger_writer;
struct taken;

extern const char ledger_speed_schema[];
int speed_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err);
/* The boot's anchors changed what lies between these monotonic moments. */
int speed_moved(
	struct ledger_writer *writer, int64_t boot, const struct span *range_us, struct err *err);

#endif
