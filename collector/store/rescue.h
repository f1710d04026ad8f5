/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a damaged file, by their key: where a page of the file cannot be read, the walk goes on
 * behind it. What lay there is lost, and how often that happened is counted.
 *
 *	while (rescue_next(&rescue, sql, &key, &q) > 0) {
 *		... columns from key.parts on ...
 *		query_end(&q, NULL);
 *	}
 */
#ifndef PANTAU_STORE_RESCUE_H
#define PANTAU_STORE_RESCUE_H

#include "collector/store/db.h"

#define RESCUE_PARTS_MAX 3

struct rescue_key {
	int parts;
	int64_t part[RESCUE_PARTS_MAX]; /* the next row is at or behind this one */
};

struct rescue {
	struct db *db; /* borrowed */
	int64_t holes; /* stretches that were passed over */
};

/*
 * `sql` (a literal) asks for the first row at or behind the key, whose parts are its parameters in
 * this order and its first columns: not negative, below 2^40. 1: a row, and the key is the one
 * behind it; query_end() when done with it. 0: there are no more, and nothing to be ended.
 */
int rescue_next(
	struct rescue *rescue, const char *sql, struct rescue_key *key, struct query *ret_query);

/* Copies the rows of a table that has the same columns in both, as far as they can be read, from
 * the front and from the end. Rows that are there already stay. *holes grows by what could not be
 * read. Fails only when `to` cannot be written. */
int rescue_table(struct rescue *rescue, struct db *to, const char *table, struct err *err);

#endif
