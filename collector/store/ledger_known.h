/* SPDX-License-Identifier: Apache-2.0 */
/* What is there under a key: to be compared with what came, disputed, or put aside. */
#ifndef PANTAU_STORE_LEDGER_KNOWN_H
#define PANTAU_STORE_LEDGER_KNOWN_H

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_page.h"

struct known {
	bool there;
	enum record_kind kind;
	bool disputed;
	bool equal; /* it is what came */
	uint8_t hash[SHA256_BYTES]; /* its record_digest(); not when it is equal */
	int64_t boot; /* slot, anchor */
	struct page_ref page; /* slot: where it is */
	size_t place; /* in the page */
	struct kept_anchor anchor;
};

/* A gap record whose own number came as a record too (its ACK was lost) contradicts nothing: the
 * record counts and the gap is for the rest. So each is compared with its like. */
int known_find(struct ledger_writer *writer, const struct taken *taken, struct known *ret_known,
	struct err *err);
/* An anchor's record out of what is kept of it. */
int known_anchor_record(struct ledger_writer *writer, const struct known *known,
	struct record *ret_record, struct err *err);
/* Initialises the buffer, which the caller is done with whatever happens. */
int record_encode(const struct record *record, struct buf *ret_bytes, struct err *err);

/* ---- ledger_conflict.c */

/* It is disputed from now on. */
int known_dispute(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err);
/* It goes to the table `conflict`, with all that followed from it. */
int known_displace(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err);

/* ---- ledger_rewrite.c */

/* A slot of a page that is there is disputed, or taken out. */
int page_rewrite(struct ledger_writer *writer, const struct page_ref *ref, size_t place,
	bool dispute, struct err *err);

#endif
