/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures (ledger/figures.h) that are kept: of a link's local days, while their month runs, and of
 * its months. Each row bears a hash of the very seconds that it was made from, U in P minus E, so
 * that whoever finds one for his own seconds can take it, whatever was decided since; and what
 * slots change makes the rows go. Private to collector/store.
 */
#ifndef PANTAU_STORE_KEPT_FIGURES_H
#define PANTAU_STORE_KEPT_FIGURES_H

#include "collector/ledger/figures.h"
#include "collector/ledger/span.h"
#include "collector/store/db.h"

#define DAY_S 86400

struct kept_key {
	int64_t link;
	int64_t at; /* a day's first second; a month's number: 202601 */
};

int64_t kept_month_number(int64_t second, int32_t offset_s);
/* The first second of the local day that holds the second. */
int64_t kept_day_of(int64_t second, int32_t offset_s);
/* Of the seconds before to_s. */
int64_t kept_hash(const struct spans *seconds, int64_t to_s);

/* Merges the row made from these seconds. 1: there was one, 0: there is none. */
int kept_day_get(struct db *db, const struct kept_key *key, const struct spans *seconds,
	struct figures *into, struct err *err);
int kept_day_put(struct db *db, const struct kept_key *key, const struct spans *seconds,
	const struct figures *figures, struct err *err);
int kept_days_drop(struct db *db, int64_t link, const struct span *days,
	struct err *err); /* by first second */

struct kept_sum { /* which seconds a month's row was made from */
	int64_t hash;
	int64_t to_s; /* those before this one, which is a day's first */
};

struct kept_hashes { /* borrowed */
	const int64_t *items;
	size_t count;
};

struct kept_month {
	struct figures *figures; /* borrowed; merged into */
	int64_t to_s; /* of the row that was found */
};

/* The same of a month, which may have been summed up to a day in it. */
int kept_month_get(struct db *db, const struct kept_key *key, const struct spans *seconds,
	struct kept_month *into, struct err *err);
int kept_month_put(struct db *db, const struct kept_key *key, const struct kept_sum *sum,
	const struct figures *figures, struct err *err);
/* 1: there is such a row, 0: there is none. */
int kept_month_has(
	struct db *db, const struct kept_key *key, const struct kept_sum *sum, struct err *err);
/* Rows with other hashes go. */
int kept_month_drop_others(struct db *db, const struct kept_key *key,
	const struct kept_hashes *hashes, struct err *err);

/* Slots have changed within the span: what was made from them goes. */
int kept_touch(struct db *db, int64_t link, const struct span *span, struct err *err);

extern const char kept_figures_schema[];

#endif
