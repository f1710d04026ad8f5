/* SPDX-License-Identifier: Apache-2.0 */
/* The probes of a page's slots: how each went, when it left, how long it took. */
#include "collector/ledger/hist.h"
#include "collector/store/page_walk.h"

static struct probe *probe_at(const struct walk *walk, const struct page_row *row, uint16_t i)
{
	return (struct probe *)walk->page->probes.items + row->probe_at + i;
}

static void walk_shape(struct walk *walk, struct probe *probe, unsigned round_before)
{
	struct columns *columns = walk->columns;
	unsigned how = (unsigned)(probe->kind & 3) | (unsigned)(probe->outcome & 3) << 2 |
		(unsigned)(probe->refusal & 7) << 4 | (unsigned)probe->follow_up << 7;

	probe->round = (uint16_t)walk_bounded(columns,
		columns_near(columns, COLUMN_SHAPE, probe->round, round_before),
		SLOT_ROUNDS_MAX - 1);
	probe->target = columns_byte(columns, COLUMN_SHAPE, probe->target);
	how = columns_byte(columns, COLUMN_SHAPE, (uint8_t)how);
	probe->kind = how & 3;
	probe->outcome = how >> 2 & 3;
	probe->refusal = how >> 4 & 7;
	probe->follow_up = how >> 7;
}

void walk_shapes(struct walk *walk, struct page_row *row)
{
	struct page *page = walk->page;
	const struct page_targets *targets = (const struct page_targets *)page->targets.items +
		row->targets;
	unsigned round = 0;

	row->probe_count = (uint16_t)walk_number(
		walk, COLUMN_SHAPE, row->probe_count, SLOT_PROBES_MAX);
	if (columns_reads(walk->columns)) {
		row->probe_at = (uint32_t)page->probes.count;
		for (uint16_t i = 0; i < row->probe_count; i++) {
			if (!page_list_add(&page->probes, sizeof(struct probe)))
				columns_fail(walk->columns);
		}
	}
	for (uint16_t i = 0; i < row->probe_count && !columns_failed(walk->columns); i++) {
		struct probe *probe = probe_at(walk, row, i);
		walk_shape(walk, probe, round);
		round = probe->round;
		if (probe->target >= targets->count)
			columns_fail(walk->columns);
	}
}

/* When a round is due; a slot that was cut short says nothing of how far they are apart. */
static uint64_t due_ms(const struct walk *walk, unsigned round)
{
	return walk->apart_ms * round;
}

/* The least offset of a round's first probe after the round was due. */
static uint64_t phase_of(const struct walk *walk, const struct page_row *row)
{
	uint64_t phase_ms = UINT64_MAX;

	for (uint16_t i = 0; i < row->probe_count; i++) {
		const struct probe *probe = probe_at(walk, row, i);
		uint64_t due = due_ms(walk, probe->round);
		uint64_t after_ms = probe->offset_ms > due ? probe->offset_ms - due : 0;
		if (after_ms < phase_ms)
			phase_ms = after_ms;
	}
	return phase_ms == UINT64_MAX ? walk->phase_ms : phase_ms;
}

/* Of a round's first probe: hardly ever later than a few milliseconds. */
static uint32_t walk_late(struct walk *walk, uint32_t offset_ms, uint64_t expected)
{
	uint64_t late_ms = offset_ms - expected; /* a wrapped one is large */
	uint8_t small = late_ms < LATE_MORE ? (uint8_t)late_ms : LATE_MORE;

	small = columns_small(walk->columns, COLUMN_LATE, small);
	if (small < LATE_MORE)
		return (uint32_t)walk_bounded(walk->columns, expected + small, OFFSET_MAX_MS);
	return (uint32_t)walk_bounded(walk->columns,
		columns_near(walk->columns, COLUMN_FOLLOW, offset_ms, expected), OFFSET_MAX_MS);
}

void walk_offsets(struct walk *walk, struct page_row *row)
{
	struct columns *columns = walk->columns;
	const struct probe *first = NULL; /* of the round */
	uint64_t phase_ms;

	if (row->rounds_due && row->length_ms % row->rounds_due == 0)
		walk->apart_ms = row->length_ms / row->rounds_due;
	phase_ms = columns_reads(columns) ? 0 : phase_of(walk, row);
	walk->phase_ms = columns_near(columns, COLUMN_PHASE, phase_ms, walk->phase_ms);
	for (uint16_t i = 0; i < row->probe_count; i++) {
		struct probe *probe = probe_at(walk, row, i);
		if (first && first->round == probe->round) {
			probe->offset_ms = (uint32_t)walk_bounded(columns,
				columns_near(
					columns, COLUMN_FOLLOW, probe->offset_ms, first->offset_ms),
				OFFSET_MAX_MS);
			continue;
		}
		probe->offset_ms = walk_late(
			walk, probe->offset_ms, due_ms(walk, probe->round) + walk->phase_ms);
		first = probe;
	}
}

void walk_rtts(struct walk *walk, struct page_row *row)
{
	uint32_t *usual = walk->usual[row->targets % 256];

	for (uint16_t i = 0; i < row->probe_count; i++) {
		struct probe *probe = probe_at(walk, row, i);
		uint32_t *own = &usual[probe->target % SLOT_TARGETS_MAX];
		uint64_t step;
		if (probe->outcome != OUTCOME_ANSWERED)
			continue;
		step = walk_bounded(walk->columns,
			columns_near(walk->columns, COLUMN_RTT, hist_bucket(probe->rtt_us),
				(*own + 8) / 16),
			HIST_BUCKETS - 1);
		probe->rtt_us = hist_middle((uint32_t)step);
		/* the first one says it all, then each moves it a little */
		*own = *own ? *own + (uint32_t)step - *own / 16 : (uint32_t)step * 16;
	}
}
