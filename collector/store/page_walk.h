/* SPDX-License-Identifier: Apache-2.0 */
/* What page_pack.c, page_probes.c and page_beside.c share: one walk over a page, to write it or to
 * read it. */
#ifndef PANTAU_STORE_PAGE_WALK_H
#define PANTAU_STORE_PAGE_WALK_H

#include "collector/store/page_private.h"

enum column {
	COLUMN_TABLES, /* boot, WAN, counts; target lists, addresses, names */
	COLUMN_SEQUENCE,
	COLUMN_TIME, /* start and length */
	COLUMN_RECEIVED,
	COLUMN_PLAIN, /* what hardly ever changes */
	COLUMN_SHAPE, /* of each probe: round, target, and how it went */
	COLUMN_PHASE, /* of the rounds within the slot */
	COLUMN_LATE, /* how much later the first probe of a round left */
	COLUMN_FOLLOW, /* the others, after the first one */
	COLUMN_RTT,
	COLUMN_RX_BYTES,
	COLUMN_RX_PACKETS,
	COLUMN_TX_PACKETS,
	COLUMN_TX_BYTES,
	COLUMN_ERRORS,
	COLUMN_EVENTS,
	COLUMN_CLIENTS,
	COLUMN_DNS, /* of each question: which, to whom, and how it went */
	COLUMN_DNS_TIME, /* when it left, and how long it took */
	COLUMN_STAMP,
	COLUMN_BITS, /* of the large numbers */
	COLUMN_COUNT
};

_Static_assert(COLUMN_COUNT <= COLUMNS_MAX, "they fit");

#define SLOTS_HARD (PAGE_SLOTS_MAX * PAGE_HARD_MAX)
#define PROBES_HARD (PAGE_PROBES_MAX * PAGE_HARD_MAX)
#define LATE_MORE (COLUMNS_SMALL - 1) /* this late or more: told elsewhere */

struct ratio { /* how much of one there usually is to the other */
	uint64_t of, to;
};

struct walk {
	struct columns *columns;
	struct page *page;
	struct page_row before; /* the row before this one */
	uint64_t phase_ms, apart_ms; /* of rounds */
	/* of each target in each list, what its RTT's step usually is, in sixteenths */
	uint32_t usual[256][SLOT_TARGETS_MAX];
	struct ratio rx_packets, tx_packets, tx_bytes;
	struct page_dns asked[SLOT_DNS_MAX]; /* the last question in each place of a slot */
};

/* A number that fits what it goes into; else the page is damaged. */
uint64_t walk_bounded(struct columns *columns, uint64_t value, uint64_t most);
uint64_t walk_number(struct walk *walk, enum column column, uint64_t value, uint64_t most);

/* ---- page_probes.c: the probes of a slot */

void walk_shapes(struct walk *walk, struct page_row *row);
void walk_offsets(struct walk *walk, struct page_row *row);
void walk_rtts(struct walk *walk, struct page_row *row);

/* ---- page_beside.c: what is beside the probes; most slots have little of it */

void walk_beside(struct walk *walk, struct page_row *row);
/* Index of what a table has; what was read must lie in it. */
uint16_t walk_index(
	struct walk *walk, enum column column, uint16_t index, const struct page_list *list);

#endif
