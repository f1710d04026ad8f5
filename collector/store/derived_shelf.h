/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of many links, read in a few passes along the tables instead of some statements a
 * link: for questions about a whole province. Private to collector/store.
 */
#ifndef PANTAU_STORE_DERIVED_SHELF_H
#define PANTAU_STORE_DERIVED_SHELF_H

#include "collector/ledger/span.h"
#include "collector/store/derived_private.h"

struct shelf;

struct shelf_range { /* what is asked for: links by id, and the seconds of a month of theirs */
	int64_t first_link, last_link;
	struct span seconds;
	int64_t month; /* its number: kept_figures.h */
};

int shelf_load(
	struct db *db, const struct shelf_range *range, struct shelf **ret_shelf, struct err *err);
void shelf_free(struct shelf *shelf);

struct shelf_rule { /* rows of link_line and link_rule, joined */
	int64_t link, rule;
	struct derived_line line;
	bool waits;
	int64_t since_s; /* INT64_MIN: all of it */
};

/* 1: *ret_rule (borrowed) is the row; 0: there is none; -ENOENT: the shelf does not know. A shelf
 * that is NULL knows nothing. */
int shelf_find_rule(
	const struct shelf *shelf, const struct part_key *key, const struct shelf_rule **ret_rule);

struct shelf_body { /* borrowed */
	const uint8_t *bytes;
	size_t length;
};

/* The same of a part of a strip. */
int shelf_find_part(const struct shelf *shelf, const struct part_key *key, int64_t part,
	struct shelf_body *ret_body);

struct shelf_month { /* a row of the table `month` */
	int64_t link, hash, to_s;
	struct shelf_body body;
};

/* The link's rows of the month; borrowed. -ENOENT as above. */
int shelf_find_months(const struct shelf *shelf, int64_t link,
	const struct shelf_month **ret_months, size_t *ret_count);

#endif
