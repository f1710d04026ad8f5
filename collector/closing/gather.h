/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a month's figures hang on, as they come out now: the tables of a closed month, from the
 * registry and the ledger. The same set of records, contracts and decisions gives the same bytes.
 */
#ifndef PANTAU_CLOSING_GATHER_H
#define PANTAU_CLOSING_GATHER_H

#include "collector/closing/document.h"
#include "collector/store/registry_close.h"
#include "collector/store/sla.h"

#define REVISION_NAME_BYTES 32
/* "final", "Revisi ke-1", ... */
void revision_name(int64_t revision, char ret_name[REVISION_NAME_BYTES]);

struct gather { /* borrowed */
	const struct sla_source *source;
	const char *month;
	struct span span; /* of closing_span() */
	const char *revision; /* what the rows say */
	/* of gather_part() alone: */
	const struct registry_filter *filter; /* NULL: all links */
	int64_t as_of_s; /* the month as seen from there; 0: from its end */
	bool no_quality; /* rows without RTT, loss and PDV */
};

/* Appends the tables from links to evidence. */
int gather_tables(const struct gather *gather, struct buf *out, struct err *err);
/* The same of some links only, of a month that may be open, and without what no report needs:
 * links, contracts, exclusions, decisions, rows, desa, outages. */
int gather_part(const struct gather *gather, struct buf *out, struct err *err);

#endif
