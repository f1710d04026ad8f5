/* SPDX-License-Identifier: Apache-2.0 */
/* Pages in the table, and their slots in memory, packed or not. Private to collector/store. */
#ifndef PANTAU_STORE_LEDGER_PAGE_H
#define PANTAU_STORE_LEDGER_PAGE_H

#include "collector/store/hot.h"
#include "collector/store/ledger_private.h"
#include "collector/store/page.h"
#include "collector/store/placing.h"

/* No page's slots reach further from its start: an open page's hours; a packed page's day, and what
 * an open page that began on it had of the next. */
#define PAGE_HOT_US (6 * 3600 * 1000000ULL)
#define PAGE_DAY_US (24 * 3600 * 1000000ULL)
#define PAGE_REACH_US(packed) \
	(((packed) ? PAGE_DAY_US : 0) + PAGE_HOT_US + SLOT_LENGTH_MAX_MS * 1000ULL)

struct page_ref { /* a row without its body */
	int64_t id, boot;
	uint32_t run;
	char wan[WAN_NAME_MAX + 1];
	bool packed;
	struct mono_span at; /* of its slots */
	int64_t received_from, received_to;
	uint32_t slots, unbound;
	uint8_t ever;
};

/* The boot's pages of a kind with a slot in the stretch (or beside it), by their start. `wan` NULL:
 * of any. `each` as in registry.h; it may not change pages. */
struct page_query {
	int64_t boot;
	const char *wan;
	struct mono_span stretch;
	bool packed; /* set by pages_each() */
};
int pages_each(struct db *db, const struct page_query *query,
	int (*each)(void *arg, const struct page_ref *ref), void *arg, struct err *err);
/* The same in memory. Caller frees. */
struct page_refs {
	struct page_ref *items;
	size_t count, room;
};
int pages_load(
	struct db *db, const struct page_query *query, struct page_refs *ret_refs, struct err *err);
int page_refs_add(struct page_refs *refs, const struct page_ref *ref);
/* -ENOENT. */
int page_ref_get(struct db *db, int64_t id, struct page_ref *ret_ref, struct err *err);

/* What stands beside the body, and tells a rotten one; -1 beside one that is older than that. */
int64_t page_crc(uint32_t run, const void *body, size_t length);
/* *ret_id may be NULL. */
int page_insert(struct db *db, const struct page_ref *ref, const struct buf *body, int64_t *ret_id,
	struct err *err);
int page_update(struct db *db, const struct page_ref *ref, const struct buf *body, struct err *err);
int page_delete(struct db *db, int64_t id, struct err *err);
int page_put_unbound(struct db *db, int64_t id, uint32_t unbound, struct err *err);

/* ---- the slots of one page in memory */

struct bundle;

struct bundle_item {
	uint32_t sequence, length_ms;
	uint64_t start_us;
	int64_t received_us;
	bool disputed;
	struct evidence evidence;
};

/* Decodes the page, or hands out what is kept of it. Borrowed until the next call for another page
 * of `db`; -EBADMSG with words when it is damaged. */
int bundle_load(struct ledger_db *db, const struct page_ref *ref, const struct bundle **ret_bundle,
	struct err *err);
/* Forgets what is kept: a page was written, or another process may have done so. */
void bundle_forget(struct ledger_db *db);
void bundle_free(struct bundle *bundle);

size_t bundle_count(const struct bundle *bundle);
const struct bundle_item *bundle_item(const struct bundle *bundle, size_t i);
/* Decodes one slot into `record`, and what is beside it. */
int bundle_slot(const struct bundle *bundle, size_t i, struct record *ret_record,
	struct page_slot *ret_beside, struct err *err);
/* The record as it came; NULL when it is packed. */
const uint8_t *bundle_record(const struct bundle *bundle, size_t i, size_t *ret_length);
/* All of a page that is not packed (hot.h). */
const uint8_t *bundle_body(const struct bundle *bundle, size_t *ret_length);
/* Appends all slots to the page: to be changed, or packed. */
int bundle_to_page(
	const struct bundle *bundle, struct page *page, struct record *scratch, struct err *err);

#endif
