/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was made for the public and is kept: editions of months, those that were asked for last, as
 * many as fit; and the newest version of each document about all months.
 */
#ifndef PANTAU_WEB_OPEN_SHELF_H
#define PANTAU_WEB_OPEN_SHELF_H

#include "web/limits.h"
#include "web/open/edition.h"

struct shelf_place { /* of an edition */
	struct edition *edition; /* NULL: empty */
	uint64_t used; /* the higher the later */
	uint64_t fresh_us; /* of an open month: good until then */
};

enum shelf_paper { PAPER_CATALOGUE, PAPER_PLACES, PAPERS };

struct shelf {
	struct shelf_place places[OPEN_EDITIONS];
	uint64_t uses;
	struct {
		char *key; /* what it was made of; NULL: nothing is kept */
		struct packed packed;
	} papers[PAPERS];
};

void shelf_done(struct shelf *shelf);
/* The month's edition, good or not; NULL: none is held. */
struct shelf_place *shelf_find(struct shelf *shelf, const char *month);
/* Takes the edition. An older one of its month goes, and others until there is room for it. */
struct shelf_place *shelf_put(struct shelf *shelf, struct edition *edition);
/* It is asked for now. */
void shelf_use(struct shelf *shelf, struct shelf_place *place);

/* NULL: what is kept was made of something else. Borrowed until it is replaced. */
const struct packed *shelf_paper(
	const struct shelf *shelf, enum shelf_paper which, const char *key);
/* Copies. 0 or -ENOMEM, -ENOBUFS; then what was kept is gone. */
int shelf_keep(
	struct shelf *shelf, enum shelf_paper which, const char *key, const struct buf *bytes);

#endif
