/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the salvage share. Private to salvage*.c. */
#ifndef PANTAU_STORE_SALVAGE_PRIVATE_H
#define PANTAU_STORE_SALVAGE_PRIVATE_H

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_page.h"
#include "collector/store/rescue.h"
#include "collector/store/salvage.h"

/* Anchors first, so that each slot is placed once. The numbers are kept in the ledger. */
enum stage {
	STAGE_ANCHORS,
	STAGE_MARKS,
	STAGE_DROPPED,
	STAGE_SAMPLES,
	STAGE_PAGES,
	STAGE_CONFLICTS,
	STAGE_REJECTED,
	STAGE_END
};

struct boot {
	int64_t id;
	uint32_t agent;
	uint8_t boot[BOOT_BYTES];
	bool placed;
	int64_t from_s, to_s;
};

struct salvage {
	struct rescue rescue;
	struct ledger_db *view;
	struct boot *boots; /* by id */
	size_t boot_count, boot_room;
	int64_t holes; /* before it was opened */
	enum stage stage;
	struct rescue_key key, here; /* behind the row being given; of it */
	/* the row being given */
	struct kept_anchor *anchors; /* of a boot */
	size_t anchor_count, anchor_room;
	const struct bundle *bundle; /* of a page; NULL: none */
	uint32_t agent, run;
	size_t at; /* the next of its anchors or slots */
	struct buf bytes;
	struct rescue_key run_key;
};

/* salvage_boots.c */
int salvage_load_boots(struct salvage *salvage);
const struct boot *salvage_find_boot(const struct salvage *salvage, int64_t id);
/* The first boot at or behind the key. */
const struct boot *salvage_next_boot(const struct salvage *salvage);

/* salvage_rows.c: tables whose rows are records. 1: one; 0: there are no more; -ENOMEM. */
int salvage_next_row(struct salvage *salvage, struct journal_record *ret_record);
/* Whether another content of that key of the present page can still be read. */
bool salvage_has_beside(const struct salvage *salvage, uint32_t sequence);
bool salvage_number_fits(int64_t number);
/* Copies the bytes to give them out. 1, or -ENOMEM. */
int salvage_give_bytes(struct salvage *salvage, const struct journal_record *about,
	const void *bytes, size_t length, struct journal_record *ret_record);

#endif
