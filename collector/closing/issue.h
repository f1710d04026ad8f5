/* SPDX-License-Identifier: Apache-2.0 */
/* One document that is about to be issued: gathered, compared, written, sealed. */
#ifndef PANTAU_CLOSING_ISSUE_H
#define PANTAU_CLOSING_ISSUE_H

#include "collector/closing/close.h"
#include "common/crypto_sign.h"

struct issue {
	struct closed_month meta;
	char name[32]; /* "final", "Revisi ke-1" */
	struct buf document;
	struct buf csv; /* as `pantau sla --format csv` prints it */
	struct buf regions; /* the names that they had then (regions.h) */
	struct buf notes; /* what came too late; empty: nothing */
	size_t rows, undecided, changes, notes_count;
	struct issue *next;
};

struct issuing { /* what the documents of one wish share; borrowed */
	const struct closing_desk *desk;
	const struct registry_closing *wish;
	const struct crypto_key *key;
	const struct issue *first; /* those that will be issued before this one */
};

/* *ret_issue: the month's next document; with `same` set there is none to be issued, since it would
 * say what the last one says: then only notes and counts are filled in. */
int issue_prepare(const struct issuing *issuing, const char *month, struct issue **ret_issue,
	bool *ret_same, struct err *err);
void issue_free(struct issue *issue);

#endif
