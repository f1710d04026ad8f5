/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is there, for the public: the regions of the provinces that have links, the links with their
 * live state, and what their contracts promise now. Read as one; small enough to be held.
 */
#ifndef PANTAU_WEB_OPEN_GAZETTEER_H
#define PANTAU_WEB_OPEN_GAZETTEER_H

#include "web/board.h"

struct gazetteer_promise { /* the contract of a link that is in force */
	int64_t link;
	uint32_t kbps_down, kbps_up, target_ppm;
};

struct gazetteer {
	struct region *regions; /* by code */
	size_t region_count, region_room;
	struct board board; /* by desa and link */
	struct gazetteer_promise *promises; /* by link */
	size_t promise_count, promise_room;
	struct registry_home home;
	int64_t first_contract_s; /* SPAN_FOREVER: there is none */
	int64_t registry_sequence;
	int64_t as_of_s;
};

/* 0 or a negative errno with words. */
int gazetteer_read(const struct books *books, struct gazetteer **ret_gazetteer, struct err *err);
void gazetteer_free(struct gazetteer *gazetteer);

/* NULL: there is none of this code. */
const struct region *gazetteer_region(const struct gazetteer *gazetteer, const char *code);
/* "" where it is unknown. */
const char *gazetteer_name(const struct gazetteer *gazetteer, const char *code);
const struct gazetteer_promise *gazetteer_promise(const struct gazetteer *gazetteer, int64_t link);
/* The links of a desa. Borrowed. */
size_t gazetteer_links(
	const struct gazetteer *gazetteer, const char *desa, const struct board_row **ret_rows);
/* Whether each word stands in a name of the desa, its kecamatan or its kabupaten, or in its code;
 * capitals do not matter. Words are those between blanks. */
bool gazetteer_matches(
	const struct gazetteer *gazetteer, const struct region *desa, const char *words);

#endif
