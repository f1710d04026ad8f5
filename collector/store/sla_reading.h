/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question reads the ledger in steps of so many links, each as one moment: a transaction for each
 * link would cost as much as reading it, and one for all would let the database's log grow. Private
 * to collector/store.
 */
#ifndef PANTAU_STORE_SLA_READING_H
#define PANTAU_STORE_SLA_READING_H

#include "collector/store/ledger_db.h"

struct sla_reading { /* begins as zeroes and these */
	struct ledger_db *ledger; /* NULL: there is nothing to read */
	const char *month;
	bool in_order; /* the links come by their ids */
	bool open;
	unsigned links; /* in this step so far */
	uint64_t began_us; /* the step */
};

/* The next link is the first of these, which come after it in this order. */
int sla_reading_next(struct sla_reading *reading, const struct registry_link *links, size_t count,
	struct err *err);
void sla_reading_end(struct sla_reading *reading);

#endif
