/* SPDX-License-Identifier: Apache-2.0 */
/* What page.c and page_pack.c share. */
#ifndef PANTAU_STORE_PAGE_PRIVATE_H
#define PANTAU_STORE_PAGE_PRIVATE_H

#include "collector/store/page.h"

struct page_row { /* one slot; its lists lie in the page's */
	uint64_t start_us;
	int64_t received_us;
	uint32_t sequence, length_ms;
	uint32_t probe_at, event_at, dns_at;
	uint16_t rounds_due, probe_count, event_count, dns_count;
	uint16_t targets, address, via; /* index into the page's tables */
	uint8_t carrier, gateway;
	bool disputed;
	uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, errors;
	uint32_t clients_plus_one;
	struct stamp stamp;
};

struct page_dns { /* a question to a resolver */
	uint32_t offset_ms, rtt_us;
	uint16_t resolver; /* index into the page's addresses */
	uint8_t question, outcome;
};

struct page_targets { /* a list that slots have in common */
	uint16_t count;
	struct target items[SLOT_TARGETS_MAX];
};

struct page_name {
	char text[WAN_NAME_MAX + 1];
};

struct page_list { /* grows */
	void *items;
	size_t count, room;
};

struct page {
	uint8_t boot[BOOT_BYTES];
	char wan[WAN_NAME_MAX + 1];
	struct page_list rows, probes, events, dns; /* page_row, probe, event, page_dns */
	struct page_list targets, addresses, vias; /* page_targets, address, page_name */
};

static inline struct page_row *page_rows(const struct page *page)
{
	return page->rows.items;
}

/* Room for one more, zeroed and counted; NULL: out of memory. */
void *page_list_add(struct page_list *list, size_t size);

#endif
