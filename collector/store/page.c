/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/hist.h"
#include "collector/store/page_private.h"

#define US_PER_S 1000000

void *page_list_add(struct page_list *list, size_t size)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		void *items = realloc(list->items, room * size);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return memset((char *)list->items + size * list->count++, 0, size);
}

struct page *page_new(void)
{
	return calloc(1, sizeof(struct page));
}

void page_free(struct page *page)
{
	if (!page)
		return;
	free(page->rows.items);
	free(page->probes.items);
	free(page->events.items);
	free(page->dns.items);
	free(page->targets.items);
	free(page->addresses.items);
	free(page->vias.items);
	free(page);
}

void page_clear(struct page *page)
{
	page->rows.count = page->probes.count = page->events.count = 0;
	page->dns.count = 0;
	page->targets.count = page->addresses.count = page->vias.count = 0;
}

size_t page_count(const struct page *page)
{
	return page->rows.count;
}

bool page_is_full(const struct page *page, size_t more)
{
	return page->rows.count &&
		(page->rows.count + more > PAGE_SLOTS_MAX || page->probes.count > PAGE_PROBES_MAX);
}

/* ---- the tables: what one slot has, the next one usually has too */

/* Index of what equals `wanted`, put there if it is new; negative: -ENOMEM. */
static int find(struct page_list *list, const void *wanted, size_t size)
{
	void *item;

	for (size_t i = list->count; i-- > 0;) {
		if (!memcmp((char *)list->items + size * i, wanted, size))
			return (int)i;
	}
	item = page_list_add(list, size);
	if (!item)
		return -ENOMEM;
	memcpy(item, wanted, size);
	return (int)list->count - 1;
}

static int find_targets(struct page *page, const struct slot *slot)
{
	struct page_targets targets;

	/* with its padding, for it is compared as bytes */
	memset(&targets, 0, sizeof(targets));
	targets.count = slot->target_count;
	for (uint16_t i = 0; i < slot->target_count; i++) {
		targets.items[i].class = slot->targets[i].class;
		targets.items[i].address = slot->targets[i].address;
		targets.items[i].port = slot->targets[i].port;
	}
	return find(&page->targets, &targets, sizeof(targets));
}

static int find_name(struct page *page, const char *via_wan)
{
	struct page_name name = {""};

	memcpy(name.text, via_wan, strnlen(via_wan, WAN_NAME_MAX));
	return find(&page->vias, &name, sizeof(name));
}

/* ---- in */

static int add_questions(struct page *page, struct page_row *row, const struct slot *slot)
{
	row->dns_at = (uint32_t)page->dns.count;
	row->dns_count = slot->dns_count;
	for (uint16_t i = 0; i < slot->dns_count; i++) {
		const struct dns *from = &slot->dns[i];
		int resolver = find(&page->addresses, &from->resolver, sizeof(from->resolver));
		struct page_dns *dns = page_list_add(&page->dns, sizeof(*dns));

		if (resolver < 0 || !dns)
			return -ENOMEM;
		*dns = (struct page_dns){
			.offset_ms = from->offset_ms,
			.rtt_us = from->rtt_us,
			.resolver = (uint16_t)resolver,
			.question = from->question,
			.outcome = from->outcome,
		};
	}
	return 0;
}

static int add_lists(struct page *page, struct page_row *row, const struct slot *slot)
{
	row->probe_at = (uint32_t)page->probes.count;
	row->event_at = (uint32_t)page->events.count;
	row->probe_count = slot->probe_count;
	row->event_count = slot->event_count;
	for (uint16_t i = 0; i < slot->probe_count; i++) {
		struct probe *probe = page_list_add(&page->probes, sizeof(*probe));
		if (!probe)
			return -ENOMEM;
		*probe = slot->probes[i];
	}
	for (uint16_t i = 0; i < slot->event_count; i++) {
		struct event *event = page_list_add(&page->events, sizeof(*event));
		if (!event)
			return -ENOMEM;
		*event = slot->events[i];
	}
	return add_questions(page, row, slot);
}

static void copy_numbers(
	struct page_row *row, const struct page_slot *beside, const struct slot *slot)
{
	row->sequence = beside->sequence;
	row->received_us = beside->received_us;
	row->disputed = beside->disputed;
	row->start_us = slot->start_us;
	row->length_ms = slot->length_ms;
	row->rounds_due = slot->rounds_due;
	row->carrier = slot->facts.carrier;
	row->gateway = slot->facts.gateway;
	row->rx_bytes = slot->facts.rx_bytes;
	row->tx_bytes = slot->facts.tx_bytes;
	row->rx_packets = slot->facts.rx_packets;
	row->tx_packets = slot->facts.tx_packets;
	row->errors = slot->facts.errors;
	row->clients_plus_one = slot->facts.clients_plus_one;
	row->stamp = slot->stamp;
}

int page_add(struct page *page, const struct page_slot *beside, const struct slot *slot)
{
	struct page_row row = {0}, *kept;
	int targets = find_targets(page, slot);
	int address = find(&page->addresses, &slot->facts.address, sizeof(struct address));
	int via = find_name(page, beside->via_wan);

	if (targets < 0 || address < 0 || via < 0)
		return -ENOMEM;
	if (!page->rows.count) {
		memcpy(page->boot, slot->boot, BOOT_BYTES);
		memcpy(page->wan, slot->wan, sizeof(page->wan));
	}
	row.targets = (uint16_t)targets;
	row.address = (uint16_t)address;
	row.via = (uint16_t)via;
	copy_numbers(&row, beside, slot);
	if (add_lists(page, &row, slot) < 0)
		return -ENOMEM;
	kept = page_list_add(&page->rows, sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	*kept = row;
	return 0;
}

static int by_sequence(const void *left, const void *right)
{
	const struct page_row *a = left, *b = right;

	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

void page_sort(struct page *page)
{
	const struct page_row *rows = page_rows(page);

	for (size_t i = 1; i < page->rows.count; i++) {
		if (rows[i - 1].sequence > rows[i].sequence) {
			qsort(page->rows.items, page->rows.count, sizeof(*rows), by_sequence);
			return;
		}
	}
}

/* ---- out */

static void get_questions(const struct page *page, const struct page_row *row, struct slot *slot)
{
	const struct page_dns *dns = (const struct page_dns *)page->dns.items + row->dns_at;
	const struct address *addresses = page->addresses.items;

	slot->dns_count = row->dns_count;
	for (uint16_t i = 0; i < row->dns_count; i++)
		slot->dns[i] = (struct dns){
			.offset_ms = dns[i].offset_ms,
			.rtt_us = dns[i].rtt_us,
			.resolver = addresses[dns[i].resolver],
			.question = dns[i].question,
			.outcome = dns[i].outcome,
		};
}

void page_get(
	const struct page *page, size_t i, struct page_slot *ret_beside, struct slot *ret_slot)
{
	const struct page_row *row = &page_rows(page)[i];
	const struct page_targets *targets = (const struct page_targets *)page->targets.items +
		row->targets;
	const struct page_name *via = (const struct page_name *)page->vias.items + row->via;

	ret_beside->sequence = row->sequence;
	ret_beside->received_us = row->received_us;
	memcpy(ret_beside->via_wan, via->text, sizeof(via->text));
	ret_beside->disputed = row->disputed;
	memcpy(ret_slot->boot, page->boot, BOOT_BYTES);
	memcpy(ret_slot->wan, page->wan, sizeof(page->wan));
	ret_slot->start_us = row->start_us;
	ret_slot->length_ms = row->length_ms;
	ret_slot->rounds_due = row->rounds_due;
	ret_slot->target_count = targets->count;
	memcpy(ret_slot->targets, targets->items, targets->count * sizeof(*targets->items));
	ret_slot->probe_count = row->probe_count;
	if (row->probe_count)
		memcpy(ret_slot->probes, (const struct probe *)page->probes.items + row->probe_at,
			row->probe_count * sizeof(struct probe));
	ret_slot->event_count = row->event_count;
	if (row->event_count)
		memcpy(ret_slot->events, (const struct event *)page->events.items + row->event_at,
			row->event_count * sizeof(struct event));
	ret_slot->facts = (struct wan_facts){
		.carrier = row->carrier,
		.gateway = row->gateway,
		.address = ((const struct address *)page->addresses.items)[row->address],
		.rx_bytes = row->rx_bytes,
		.tx_bytes = row->tx_bytes,
		.rx_packets = row->rx_packets,
		.tx_packets = row->tx_packets,
		.errors = row->errors,
		.clients_plus_one = row->clients_plus_one,
	};
	ret_slot->stamp = row->stamp;
	get_questions(page, row, ret_slot);
}

uint32_t page_sequence(const struct page *page, size_t i)
{
	return page_rows(page)[i].sequence;
}

bool page_disputed(const struct page *page, size_t i)
{
	return page_rows(page)[i].disputed;
}

void page_dispute(struct page *page, size_t i)
{
	page_rows(page)[i].disputed = true;
}

void page_remove(struct page *page, size_t i)
{
	struct page_row *rows = page_rows(page);

	page->rows.count--;
	memmove(&rows[i], &rows[i + 1], (page->rows.count - i) * sizeof(*rows));
}

void page_round(struct page_slot *beside, struct slot *slot)
{
	beside->received_us -= beside->received_us % US_PER_S;
	for (uint16_t i = 0; i < slot->probe_count; i++)
		slot->probes[i].rtt_us = hist_step(slot->probes[i].rtt_us);
	for (uint16_t i = 0; i < slot->dns_count; i++)
		slot->dns[i].rtt_us = hist_step(slot->dns[i].rtt_us);
}
