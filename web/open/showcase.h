/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public is answered from, held in memory: the register with its live state, which months
 * there are, and the editions that were asked for last. Whatever anybody asks, the books are read
 * no more often than this:
 *
 *	months, live state	every few seconds, or 19 times as long as reading them took
 *	an open month		every few minutes, likewise
 *	a closed month		once a revision, while it is held: what was asked for last is
 *	one that fails		after 19 times as long as the try took
 *
 * Used by one thread at a time, which takes it and gives it back.
 */
#ifndef PANTAU_WEB_OPEN_SHOWCASE_H
#define PANTAU_WEB_OPEN_SHOWCASE_H

#include "web/open/gazetteer.h"
#include "web/open/shelf.h"

struct showcase;

struct showcase_month {
	char month[MONTH_NAME_BYTES];
	bool closed;
	struct closed_month issue; /* the latest revision of a closed one */
	int fault; /* why its edition could not be made when that was tried last; 0: it could */
	uint64_t retry_us; /* then it is tried again */
	int64_t changed_s; /* it was closed, or counted otherwise than before; 0: not known */
	/* of the edition that was made last; 0: none was */
	size_t sizes[OPEN_TABLES][OPEN_FORMATS];
};

/* Borrows both. */
int showcase_new(const char *state, const struct publisher *publisher,
	struct showcase **ret_showcase, struct err *err);
void showcase_free(struct showcase *showcase);
const struct publisher *showcase_publisher(const struct showcase *showcase);

/* Takes it; -ENOENT: there is no registry yet. Each showcase_take() that succeeded needs a
 * showcase_give(). The rest is asked in between, and what is lent is good until then. */
int showcase_take(struct showcase *showcase, struct err *err);
void showcase_give(struct showcase *showcase);

const struct gazetteer *showcase_gazetteer(const struct showcase *showcase);
/* The newest first. */
const struct showcase_month *showcase_months(const struct showcase *showcase, size_t *ret_count);
const struct showcase_month *showcase_month(const struct showcase *showcase, const char *month);
/* When the register was seen to have changed last, seconds. */
int64_t showcase_changed(const struct showcase *showcase);
/* Goes up with every change of what is told of the register and the months. */
int64_t showcase_changes(const struct showcase *showcase);
/* -ENOENT: there is no such month. The one that was lent before may be gone. */
int showcase_edition(struct showcase *showcase, const char *month,
	const struct edition **ret_edition, struct err *err);

/* As shelf_paper() and shelf_keep(). */
const struct packed *showcase_paper(
	const struct showcase *showcase, enum shelf_paper which, const char *key);
int showcase_keep(struct showcase *showcase, enum shelf_paper which, const char *key,
	const struct buf *bytes);

#endif
