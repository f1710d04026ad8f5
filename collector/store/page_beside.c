/* SPDX-License-Identifier: Apache-2.0 */
/* What a page's slots have beside their probes: questions to resolvers, test packets, devices. */
#include "collector/ledger/hist.h"
#include "collector/store/page_walk.h"

static void walk_question(struct walk *walk, struct page_dns *dns, struct page_dns *before)
{
	struct columns *columns = walk->columns;
	unsigned how = (unsigned)(dns->question & 3) | (unsigned)(dns->outcome & 15) << 2;
	uint64_t step;

	dns->resolver = walk_index(walk, COLUMN_DNS, dns->resolver, &walk->page->addresses);
	how = columns_byte(columns, COLUMN_DNS, (uint8_t)how);
	dns->question = how & 3;
	dns->outcome = how >> 2 & 15;
	dns->offset_ms = (uint32_t)walk_bounded(columns,
		columns_near(columns, COLUMN_DNS_TIME, dns->offset_ms, before->offset_ms),
		OFFSET_MAX_MS);
	step = columns_near(
		columns, COLUMN_DNS_TIME, hist_bucket(dns->rtt_us), hist_bucket(before->rtt_us));
	dns->rtt_us = hist_middle((uint32_t)walk_bounded(columns, step, HIST_BUCKETS - 1));
	*before = *dns;
}

static void walk_questions(struct walk *walk, struct page_row *row)
{
	struct page_list *list = &walk->page->dns;

	row->dns_count = (uint16_t)walk_number(walk, COLUMN_DNS, row->dns_count, SLOT_DNS_MAX);
	if (columns_reads(walk->columns)) {
		row->dns_at = (uint32_t)list->count;
		for (uint16_t i = 0; i < row->dns_count; i++) {
			if (!page_list_add(list, sizeof(struct page_dns)))
				columns_fail(walk->columns);
		}
	}
	for (uint16_t i = 0; i < row->dns_count && !columns_failed(walk->columns); i++)
		walk_question(
			walk, (struct page_dns *)list->items + row->dns_at + i, &walk->asked[i]);
}

static void walk_stamp(struct walk *walk, struct page_row *row)
{
	struct stamp *stamp = &row->stamp;

	stamp->sent = (uint32_t)walk_bounded(walk->columns,
		columns_near(walk->columns, COLUMN_STAMP, stamp->sent, walk->before.stamp.sent),
		SLOT_STAMP_MAX);
	if (!stamp->sent)
		return;
	stamp->lost_out = (uint32_t)walk_number(walk, COLUMN_STAMP, stamp->lost_out, stamp->sent);
	stamp->lost_back = (uint32_t)walk_number(walk, COLUMN_STAMP, stamp->lost_back, stamp->sent);
	stamp->forged = (uint32_t)walk_number(walk, COLUMN_STAMP, stamp->forged, UINT32_MAX);
}

void walk_beside(struct walk *walk, struct page_row *row)
{
	row->clients_plus_one = (uint32_t)walk_bounded(walk->columns,
		columns_near(walk->columns, COLUMN_CLIENTS, row->clients_plus_one,
			walk->before.clients_plus_one),
		CLIENTS_MAX + 1);
	walk_questions(walk, row);
	walk_stamp(walk, row);
}
