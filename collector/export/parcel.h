/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the outbox on their way: lines for one or more requests, or what one row removes. */
#ifndef PANTAU_EXPORT_PARCEL_H
#define PANTAU_EXPORT_PARCEL_H

#include "collector/export/influx.h"
#include "collector/export/tags.h"
#include "common/buf.h"

struct parcel {
	struct buf lines;
	uint64_t line_count;
	bool removes; /* instead of lines: what rows of kind GONE and UNSAID say */
	struct influx_points *removed;
	size_t removed_count, removed_room;
	int64_t end; /* position after it */
	int rows;
	uint64_t unknown; /* points of links that are not in the registry */
	uint64_t unremoved; /* what the store knows no way to remove */
	int64_t from_s, to_s; /* the first and the last moment of its lines */
	struct influx_points sample; /* one of its slots; link 0: it has none */
};

struct parcel_source {
	struct ledger_db *ledger;
	const struct tags *tags;
	int64_t after; /* rows with a higher id */
	uint64_t lines; /* of a request: no further row is begun that may not fit */
	bool removes; /* the store can; otherwise what is to be removed is only counted */
	void (*meanwhile)(void *arg); /* called now and then while rows are read */
	void *arg;
};

void parcel_init(struct parcel *parcel);
void parcel_done(struct parcel *parcel);
/* Empties it, and reads what comes next; no rows: there is nothing. */
int parcel_fill(struct parcel *parcel, const struct parcel_source *source, struct err *err);

#endif
