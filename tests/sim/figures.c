/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/figures.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/month.h"
#include "collector/ledger/outage.h"
#include "collector/ledger/place.h"
#include "tests/sim/fail.h"

struct boot { /* as its records come in */
	const uint8_t *id;
	struct place_anchor *anchors;
	size_t anchor_count, anchor_room;
	size_t chosen;
	struct record_key first, last; /* lowest and highest key of its records */
	bool stopped; /* the highest is a Stop */
};

struct ledger {
	uint64_t seed;
	const struct fact **known; /* hash table by key, of what was taken */
	size_t table_size;
	const struct fact **slots, **drops; /* in the order of arrival */
	size_t slot_count, drop_count;
	struct boot *boots;
	size_t boot_count, boot_room;
};

static void *checked(const struct ledger *ledger, void *memory)
{
	if (!memory)
		sim_fail(ledger->seed, "no memory");
	return memory;
}

/* ---- taking records */

static int compare_keys(struct record_key a, struct record_key b)
{
	if (a.run != b.run)
		return a.run < b.run ? -1 : 1;
	return (a.sequence > b.sequence) - (a.sequence < b.sequence);
}

/* Whether the key is new. The same key with other content never happens here, gap records aside. */
static bool is_new(struct ledger *ledger, const struct fact *fact)
{
	size_t at = (fact->key.run * 2654435761u + fact->key.sequence * 40503u) %
		ledger->table_size;

	for (; ledger->known[at]; at = (at + 1) % ledger->table_size) {
		if (compare_keys(ledger->known[at]->key, fact->key) ||
			(ledger->known[at]->kind == RECORD_DROPPED) !=
				(fact->kind == RECORD_DROPPED))
			continue;
		if (ledger->known[at]->checksum == fact->checksum)
			return false;
		if (fact->kind != RECORD_DROPPED)
			sim_fail(ledger->seed, "run %u, %u came with two contents", fact->key.run,
				fact->key.sequence);
	}
	ledger->known[at] = fact;
	return true;
}

static struct boot *find_boot(struct ledger *ledger, const struct fact *fact)
{
	struct boot *boot;
	size_t i;

	for (i = 0; i < ledger->boot_count; i++)
		if (!memcmp(ledger->boots[i].id, fact->boot, BOOT_BYTES))
			return &ledger->boots[i];
	if (ledger->boot_count == ledger->boot_room) {
		ledger->boot_room = ledger->boot_room ? 2 * ledger->boot_room : 16;
		ledger->boots = checked(
			ledger, realloc(ledger->boots, ledger->boot_room * sizeof(*ledger->boots)));
	}
	boot = &ledger->boots[ledger->boot_count++];
	*boot = (struct boot){.id = fact->boot, .first = fact->key, .last = {0, 0}};
	return boot;
}

static void note_boot(struct ledger *ledger, const struct fact *fact)
{
	struct boot *boot = find_boot(ledger, fact);
	struct record_key end = fact->key;

	if (fact->kind == RECORD_DROPPED)
		end.sequence = fact->last;
	if (compare_keys(fact->key, boot->first) < 0)
		boot->first = fact->key;
	if (compare_keys(end, boot->last) > 0) {
		boot->last = end;
		boot->stopped = fact->kind == RECORD_STOP;
	}
}

static void take_anchor(struct ledger *ledger, const struct fact *fact)
{
	struct boot *boot = find_boot(ledger, fact);

	if (boot->anchor_count == boot->anchor_room) {
		boot->anchor_room = boot->anchor_room ? 2 * boot->anchor_room : 16;
		boot->anchors = checked(
			ledger, realloc(boot->anchors, boot->anchor_room * sizeof(*boot->anchors)));
	}
	boot->anchors[boot->anchor_count++] = (struct place_anchor){
		fact->from_us, fact->utc_us, fact->error_us};
}

static void take(struct ledger *ledger, const struct fact *fact)
{
	if (!is_new(ledger, fact))
		return;
	note_boot(ledger, fact);
	switch (fact->kind) {
	case RECORD_SLOT: ledger->slots[ledger->slot_count++] = fact; break;
	case RECORD_ANCHOR: take_anchor(ledger, fact); break;
	case RECORD_DROPPED: ledger->drops[ledger->drop_count++] = fact; break;
	default: break;
	}
}

static void take_all(
	struct ledger *ledger, const struct facts *facts, const size_t *order, size_t count)
{
	size_t i;

	ledger->table_size = 2 * count + 3;
	ledger->known = checked(ledger, calloc(ledger->table_size, sizeof(*ledger->known)));
	ledger->slots = checked(ledger, calloc(count + 1, sizeof(*ledger->slots)));
	ledger->drops = checked(ledger, calloc(count + 1, sizeof(*ledger->drops)));
	for (i = 0; i < count; i++)
		take(ledger, &facts->items[order[i]]);
	for (i = 0; i < ledger->boot_count; i++)
		ledger->boots[i].chosen = place_choose(
			ledger->boots[i].anchors, ledger->boots[i].anchor_count);
}

static void ledger_done(struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < ledger->boot_count; i++)
		free(ledger->boots[i].anchors);
	free(ledger->boots);
	free(ledger->known);
	free(ledger->slots);
	free(ledger->drops);
}

/* ---- from records to a history */

static void fill_boots(const struct ledger *ledger, struct history *history)
{
	size_t i;

	history->boot_count = ledger->boot_count;
	for (i = 0; i < ledger->boot_count; i++) {
		const struct boot *boot = &ledger->boots[i];

		history->boots[i] = (struct history_boot){
			.agent = STATION_AGENT,
			.first_run = boot->first.run,
			.last_run = boot->last.run,
			.placed = boot->chosen > 0,
			.stopped = boot->stopped,
		};
		if (boot->chosen)
			history->boots[i].booted_s = place_s(boot->anchors, boot->chosen, 0);
	}
}

static void add_slot(
	struct ledger *ledger, const struct fact *fact, struct history *history, int64_t *ret_place)
{
	struct boot *boot = find_boot(ledger, fact);
	size_t index = (size_t)(boot - ledger->boots);

	*ret_place = FIGURES_NO_PLACE;
	if (!boot->chosen) {
		history->boots[index].has_unplaced = true;
		return;
	}
	*ret_place = place_s(boot->anchors, boot->chosen, fact->from_us);
	history->slots[history->slot_count++] = (struct history_slot){
		.from = *ret_place,
		.to = place_s(boot->anchors, boot->chosen, fact->to_us),
		.accepted_s = INT64_MIN,
		.enrolled = 1,
		.agent = STATION_AGENT,
		.run = fact->key.run,
		.sequence = fact->key.sequence,
		.boot = (uint32_t)index,
		.evidence = fact->evidence,
	};
	history->ever |= fact->evidence.ever;
}

static void add_drop(struct ledger *ledger, const struct fact *fact, struct history *history)
{
	struct boot *boot = find_boot(ledger, fact);

	if (!boot->chosen)
		return;
	history->drops[history->drop_count++] = (struct history_drop){
		.agent = STATION_AGENT,
		.from = place_s(boot->anchors, boot->chosen, fact->from_us),
		.to = place_s(boot->anchors, boot->chosen, fact->to_us),
	};
}

static void fill_history(
	struct ledger *ledger, const struct facts *facts, int64_t *places, struct history *history)
{
	int64_t ignored;
	size_t i;

	history->slots = checked(ledger, calloc(ledger->slot_count + 1, sizeof(*history->slots)));
	history->drops = checked(ledger, calloc(ledger->drop_count + 1, sizeof(*history->drops)));
	history->boots = checked(ledger, calloc(ledger->boot_count + 1, sizeof(*history->boots)));
	fill_boots(ledger, history);
	for (i = 0; i < ledger->slot_count; i++)
		add_slot(ledger, ledger->slots[i], history,
			places ? &places[ledger->slots[i] - facts->items] : &ignored);
	for (i = 0; i < ledger->drop_count; i++)
		add_drop(ledger, ledger->drops[i], history);
}

/* ---- from a history to text */

static void print(struct buf *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print(struct buf *text, const char *format, ...)
{
	char line[400];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	buf_append(text, line, strlen(line));
}

static void print_row(const struct month_row *row, struct buf *text)
{
	int i;

	print(text, "s %" PRId64 " u %" PRId64 " d %" PRId64 " n %" PRId64 " %s\n", row->s, row->u,
		row->d, row->n, verdict_name(row->verdict));
	print(text,
		"outages %u longest %" PRId64 " high loss %u restitution %" PRId64 " %" PRId64 "\n",
		row->outages, row->longest_s, row->high_loss_intervals, row->restitution_low,
		row->restitution_high);
	for (i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		print(text, "n %s %" PRId64 "\n", unknown_cause_name((enum unknown_cause)i),
			row->n_by[i]);
	for (i = 0; i < DOWN_CAUSE_COUNT; i++)
		print(text, "d %s %" PRId64 "\n", down_cause_name((enum down_cause)i),
			row->d_by[i]);
}

static void print_states(const struct states *states, struct buf *text)
{
	size_t i;

	for (i = 0; i < states->count; i++)
		print(text, "%" PRId64 " %" PRId64 " %d %d\n", states->runs[i].from,
			states->runs[i].to, (int)states->runs[i].state, states->runs[i].cause);
}

static void write_month(const struct line *line, const struct figures_day *day, struct buf *text)
{
	struct month_period period = {day->from_s, day->to_s, day->to_s};
	struct span contract = {day->from_s, SPAN_FOREVER};
	struct exclusions none = {.items = NULL};
	struct states states;
	struct month_row row;
	struct terms terms;

	terms_init(&terms);
	terms.target_ppm = 995000;
	terms.fee_rupiah = 1200000;
	terms.formula = FORMULA_EXCESS;
	if (states_compute(line, &terms, day->from_s, &states) < 0)
		sim_fail(day->seed, "states_compute");
	const struct month_case month_case = {&contract, &terms, &states, &none};
	if (month_compute(&period, &month_case, &row) < 0)
		sim_fail(day->seed, "month_compute: U + D + N + E is not S");
	print_row(&row, text);
	print_states(&states, text);
	month_row_done(&row);
	states_done(&states);
}

void figures_write(const struct facts *facts, const size_t *order, size_t count,
	const struct figures_day *day, struct buf *text)
{
	struct ledger ledger = {.seed = day->seed};
	struct history history = {.slots = NULL};
	struct line line;

	take_all(&ledger, facts, order, count);
	fill_history(&ledger, facts, day->places, &history);
	print(text, "slots %zu gaps %zu\n", ledger.slot_count, ledger.drop_count);
	if (line_build(&history, &line) < 0)
		sim_fail(day->seed, "line_build");
	write_month(&line, day, text);
	line_done(&line);
	free(history.slots);
	free(history.drops);
	free(history.boots);
	ledger_done(&ledger);
}
