/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots of one run, boot and WAN in memory, as many as a day has: in from records or from a packed
 * page, out one by one or packed again. Pure; the tables are in ledger_page.h.
 *
 *	page_add ... page_sort -> page_pack -> bytes on disk -> page_unpack -> page_get ...
 *
 * Packed, everything is kept as it was but two things: an RTT is the middle of its step
 * (hist_step()), and the time of receipt is in whole seconds. docs/LEDGER.md tells the format.
 */
#ifndef PANTAU_STORE_PAGE_H
#define PANTAU_STORE_PAGE_H

#include <stdbool.h>

#include "collector/store/columns.h"
#include "proto/model.h"

/* Of one page: what is more goes to the next one. A day has 1,440 slots and 13,000 probes. */
#define PAGE_SLOTS_MAX 20000
#define PAGE_PROBES_MAX 200000
#define PAGE_HARD_MAX 4 /* so many times that: what reads a page believes no more */

struct page_slot { /* what is kept beside a slot */
	uint32_t sequence;
	int64_t received_us;
	char via_wan[WAN_NAME_MAX + 1];
	bool disputed;
};

struct page;

struct page *page_new(void); /* NULL: out of memory */
void page_free(struct page *page);
void page_clear(struct page *page);

size_t page_count(const struct page *page);
/* Whether so many slots more make it too large: then it is packed first. */
bool page_is_full(const struct page *page, size_t more);
/* Copies. All slots of a page have the same boot and WAN. 0 or -ENOMEM. */
int page_add(struct page *page, const struct page_slot *beside, const struct slot *slot);
/* By sequence; page_pack() wants it so. */
void page_sort(struct page *page);
/* Fills in; of ret_slot's arrays only as far as their counts go. */
void page_get(
	const struct page *page, size_t i, struct page_slot *ret_beside, struct slot *ret_slot);
uint32_t page_sequence(const struct page *page, size_t i);
bool page_disputed(const struct page *page, size_t i);
void page_dispute(struct page *page, size_t i);
void page_remove(struct page *page, size_t i);

/* The columns that a page is packed into: scratch, kept from one page to the next. */
struct columns *page_columns_new(struct zstd *zstd);
/* Appends to `out`. What packing loses is lost in the page too. The errors of columns_save(). */
int page_pack(struct page *page, struct columns *columns, struct buf *out);
/* Into a page, which is cleared first. -EBADMSG: damaged; -ENOMEM. */
int page_unpack(struct page *page, struct columns *columns, const uint8_t *bytes, size_t length);

/* What packing does to a slot and what is beside it, without packing it. */
void page_round(struct page_slot *beside, struct slot *slot);

#endif
