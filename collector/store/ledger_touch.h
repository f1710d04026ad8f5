/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record says of time without slots: signs of life, boots, gap records and slots that
 * nobody can place explain the holes beside them, so those holes are judged anew. Of the writer.
 */
#ifndef PANTAU_STORE_LEDGER_TOUCH_H
#define PANTAU_STORE_LEDGER_TOUCH_H

#include "collector/store/ledger_private.h"

/* From and to are monotonic, of the record's boot; while nothing places it, nothing is touched. */
int touch_mono(struct ledger_writer *writer, const struct taken *taken, uint64_t from_us,
	uint64_t to_us, struct err *err);
/* The boot's anchors changed: its beginning, and its gap records. */
int touch_boot(struct ledger_writer *writer, const struct taken *taken, struct err *err);
/* A slot came that no anchor places: the hole between the runs before and after it, wherever that
 * lies. */
int touch_unplaced(struct ledger_writer *writer, const struct taken *taken, struct err *err);

#endif
