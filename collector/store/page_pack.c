/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page into columns and out of them: one walk for both, so that what is written is what is read.
 * Every number is kept as its difference from what the slots before it let one expect.
 */
#include <errno.h>
#include <string.h>

#include "collector/store/page_walk.h"

#define US_PER_S 1000000
#define US_PER_MS 1000

struct columns *page_columns_new(struct zstd *zstd)
{
	return columns_new(zstd, COLUMN_COUNT);
}

uint64_t walk_bounded(struct columns *columns, uint64_t value, uint64_t most)
{
	if (value <= most)
		return value;
	columns_fail(columns);
	return 0;
}

uint64_t walk_number(struct walk *walk, enum column column, uint64_t value, uint64_t most)
{
	return walk_bounded(walk->columns, columns_number(walk->columns, column, value), most);
}

/* ---- the tables */

static void walk_bytes(struct walk *walk, void *bytes, size_t length)
{
	uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		at[i] = columns_byte(walk->columns, COLUMN_TABLES, at[i]);
}

static void walk_text(struct walk *walk, char *text)
{
	size_t length = walk_number(walk, COLUMN_TABLES, strlen(text), WAN_NAME_MAX);

	walk_bytes(walk, text, length);
	text[length] = '\0';
}

static void walk_address(struct walk *walk, struct address *address)
{
	uint64_t length = walk_number(walk, COLUMN_TABLES, address->length, sizeof(address->bytes));

	address->length = (uint8_t)length;
	walk_bytes(walk, address->bytes, length);
}

static void walk_targets(struct walk *walk, struct page_targets *targets)
{
	targets->count = (uint16_t)walk_number(
		walk, COLUMN_TABLES, targets->count, SLOT_TARGETS_MAX);
	for (uint16_t i = 0; i < targets->count; i++) {
		struct target *target = &targets->items[i];
		target->class = (enum target_class)walk_number(
			walk, COLUMN_TABLES, target->class, CLASS_INTERNET);
		target->port = (uint16_t)walk_number(walk, COLUMN_TABLES, target->port, UINT16_MAX);
		walk_address(walk, &target->address);
	}
}

/* The list's items, made while it is read. */
static size_t walk_count(struct walk *walk, struct page_list *list, size_t size, size_t most)
{
	size_t count = walk_number(walk, COLUMN_TABLES, list->count, most);

	if (!columns_reads(walk->columns))
		return count;
	while (list->count < count && !columns_failed(walk->columns)) {
		if (!page_list_add(list, size))
			columns_fail(walk->columns);
	}
	return list->count;
}

static void walk_tables(struct walk *walk)
{
	struct page *page = walk->page;
	size_t count;

	walk_bytes(walk, page->boot, BOOT_BYTES);
	walk_text(walk, page->wan);
	count = walk_count(walk, &page->targets, sizeof(struct page_targets), SLOTS_HARD);
	for (size_t i = 0; i < count && !columns_failed(walk->columns); i++)
		walk_targets(walk, (struct page_targets *)page->targets.items + i);
	count = walk_count(walk, &page->addresses, sizeof(struct address), SLOTS_HARD);
	for (size_t i = 0; i < count && !columns_failed(walk->columns); i++)
		walk_address(walk, (struct address *)page->addresses.items + i);
	count = walk_count(walk, &page->vias, sizeof(struct page_name), SLOTS_HARD);
	for (size_t i = 0; i < count && !columns_failed(walk->columns); i++)
		walk_text(walk, ((struct page_name *)page->vias.items + i)->text);
}

/* ---- a slot */

static void walk_moment(struct walk *walk, struct page_row *row)
{
	const struct page_row *before = &walk->before;
	struct columns *columns = walk->columns;
	uint64_t ended_us = before->start_us + (uint64_t)before->length_ms * US_PER_MS;
	uint64_t received_s = (uint64_t)(row->received_us / US_PER_S), expected_s;

	row->sequence = (uint32_t)columns_near(
		columns, COLUMN_SEQUENCE, row->sequence, before->sequence + 1ULL);
	row->start_us = columns_near(columns, COLUMN_TIME, row->start_us, ended_us);
	row->length_ms = (uint32_t)columns_near(
		columns, COLUMN_TIME, row->length_ms, before->length_ms);
	expected_s = (uint64_t)(before->received_us / US_PER_S) +
		(row->start_us - before->start_us) / US_PER_S;
	received_s = columns_near(columns, COLUMN_RECEIVED, received_s, expected_s);
	row->received_us = (int64_t)(received_s * US_PER_S);
}

uint16_t walk_index(
	struct walk *walk, enum column column, uint16_t index, const struct page_list *list)
{
	uint64_t value = columns_number(walk->columns, column, index);

	if (value < list->count)
		return (uint16_t)value;
	columns_fail(walk->columns);
	return 0;
}

static void walk_plain(struct walk *walk, struct page_row *row)
{
	struct columns *columns = walk->columns;
	unsigned flags = (unsigned)(row->carrier | row->gateway << 2 | row->disputed << 4);

	row->rounds_due = (uint16_t)walk_number(
		walk, COLUMN_PLAIN, row->rounds_due, SLOT_ROUNDS_MAX);
	row->targets = walk_index(walk, COLUMN_PLAIN, row->targets, &walk->page->targets);
	row->address = walk_index(walk, COLUMN_PLAIN, row->address, &walk->page->addresses);
	row->via = walk_index(walk, COLUMN_PLAIN, row->via, &walk->page->vias);
	flags = columns_byte(columns, COLUMN_PLAIN, (uint8_t)flags);
	row->carrier = flags & 3;
	row->gateway = flags >> 2 & 3;
	row->disputed = flags >> 4 & 1;
}

/* ---- what went through the WAN */

#define RATIO_CAP (1ULL << 40) /* so that the sums stay far from their end */
#define RATIO_KEEP 16

static uint64_t expected_of(const struct ratio *ratio, uint64_t value)
{
	if (!ratio->to || value > RATIO_CAP)
		return 0;
	return (uint64_t)((unsigned __int128)value * ratio->of / ratio->to);
}

static void learn(struct ratio *ratio, uint64_t of, uint64_t to)
{
	if (of > RATIO_CAP || to > RATIO_CAP)
		return;
	ratio->of += of - ratio->of / RATIO_KEEP;
	ratio->to += to - ratio->to / RATIO_KEEP;
}

static uint64_t walk_related(
	struct walk *walk, enum column column, uint64_t value, struct ratio *ratio, uint64_t to)
{
	uint64_t expected = expected_of(ratio, to);
	uint64_t apart = value - expected;
	uint64_t folded = apart << 1 ^ (uint64_t)((int64_t)apart >> 63);

	folded = columns_large(walk->columns, column, COLUMN_BITS, folded);
	value = expected + (folded >> 1 ^ (uint64_t) - (int64_t)(folded & 1));
	learn(ratio, value, to);
	return value;
}

static void walk_wan(struct walk *walk, struct page_row *row)
{
	row->rx_bytes = columns_large(walk->columns, COLUMN_RX_BYTES, COLUMN_BITS, row->rx_bytes);
	row->rx_packets = walk_related(
		walk, COLUMN_RX_PACKETS, row->rx_packets, &walk->rx_packets, row->rx_bytes);
	row->tx_packets = walk_related(
		walk, COLUMN_TX_PACKETS, row->tx_packets, &walk->tx_packets, row->rx_packets);
	row->tx_bytes = walk_related(
		walk, COLUMN_TX_BYTES, row->tx_bytes, &walk->tx_bytes, row->tx_packets);
	row->errors = columns_number(walk->columns, COLUMN_ERRORS, row->errors);
}

static void walk_events(struct walk *walk, struct page_row *row)
{
	struct page *page = walk->page;
	struct columns *columns = walk->columns;

	row->event_count = (uint16_t)walk_number(
		walk, COLUMN_EVENTS, row->event_count, SLOT_EVENTS_MAX);
	if (columns_reads(columns)) {
		row->event_at = (uint32_t)page->events.count;
		for (uint16_t i = 0; i < row->event_count; i++) {
			if (!page_list_add(&page->events, sizeof(struct event)))
				columns_fail(columns);
		}
	}
	for (uint16_t i = 0; i < row->event_count && !columns_failed(columns); i++) {
		struct event *event = (struct event *)page->events.items + row->event_at + i;
		event->kind = columns_byte(columns, COLUMN_EVENTS, event->kind);
		event->offset_ms = (uint32_t)walk_number(
			walk, COLUMN_EVENTS, event->offset_ms, OFFSET_MAX_MS);
		event->value = (int64_t)columns_near(
			columns, COLUMN_EVENTS, (uint64_t)event->value, 0);
	}
}

/* ---- a page */

static void walk_row(struct walk *walk, struct page_row *row)
{
	walk_moment(walk, row);
	walk_plain(walk, row);
	if (!columns_failed(walk->columns))
		walk_shapes(walk, row);
	if (!columns_failed(walk->columns)) {
		walk_offsets(walk, row);
		walk_rtts(walk, row);
		walk_wan(walk, row);
		walk_events(walk, row);
	}
	if (!columns_failed(walk->columns))
		walk_beside(walk, row);
	walk->before = *row;
}

static void walk_page(struct walk *walk)
{
	struct page *page = walk->page;
	size_t count;

	walk_tables(walk);
	count = walk_number(walk, COLUMN_TABLES, page->rows.count, SLOTS_HARD);
	for (size_t i = 0; i < count && !columns_failed(walk->columns); i++) {
		if (columns_reads(walk->columns) &&
			!page_list_add(&page->rows, sizeof(struct page_row)))
			columns_fail(walk->columns);
		else if (page->probes.count > PROBES_HARD)
			columns_fail(walk->columns);
		else
			walk_row(walk, &page_rows(page)[i]);
	}
}

int page_pack(struct page *page, struct columns *columns, struct buf *out)
{
	struct walk walk = {.columns = columns, .page = page};

	columns_begin(columns);
	walk_page(&walk);
	return columns_save(columns, out);
}

int page_unpack(struct page *page, struct columns *columns, const uint8_t *bytes, size_t length)
{
	struct walk walk = {.columns = columns, .page = page};
	int r = columns_load(columns, bytes, length);

	page_clear(page);
	if (r < 0)
		return r;
	walk_page(&walk);
	return columns_at_end(columns) ? 0 : -EBADMSG;
}
