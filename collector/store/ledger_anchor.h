/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The anchors of the boots: of a boot and a day of its time one row holds all, in the order in
 * which they came. An anchor is two dozen a day for every router there is, so each takes some
 * twenty bytes: varints of run, sequence, mono_us (from the one before), utc_us (as its distance
 * from mono_us, from that of the one before), error_us, source with 8 for `disputed`, received_us
 * (from utc_us).
 */
#ifndef PANTAU_STORE_LEDGER_ANCHOR_H
#define PANTAU_STORE_LEDGER_ANCHOR_H

#include "collector/store/db.h"
#include "proto/model.h"

struct kept_anchor {
	struct record_key key;
	uint64_t mono_us, error_us;
	int64_t utc_us, received_us;
	uint8_t source;
	bool disputed;
};

/* All of a boot, day by day. `each` as in registry.h. */
int anchors_each(struct db *db, int64_t boot,
	int (*each)(void *arg, const struct kept_anchor *anchor), void *arg, struct err *err);
/* The greatest mono_us of a boot; 0: it has none. */
int anchors_last(struct db *db, int64_t boot, uint64_t *ret_mono_us, struct err *err);
int anchors_add(struct db *db, int64_t boot, const struct kept_anchor *anchor, struct err *err);
/* The one with this key. -ENOENT. */
int anchors_find(struct db *db, int64_t boot, struct record_key key, struct kept_anchor *ret_anchor,
	struct err *err);
/* The one with its key is replaced; `with` NULL: removed. */
int anchors_replace(struct db *db, int64_t boot, const struct kept_anchor *anchor,
	const struct kept_anchor *with, struct err *err);

#endif
