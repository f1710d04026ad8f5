/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "tests/sim/fail.h"
#include "tests/sim/facts.h"
#include "tests/sim/figures.h"

#define S 1000000LL
#define PLACE_TOLERANCE_S 11 /* sla.md: placed within 10 s, rounded down to whole ones */
#define TEXT_BYTES (8U << 20)
#define ORDERS 2 /* besides that of arrival */

/* ---- every slot is accounted for */

static int by_key(const void *left, const void *right)
{
	const struct fact *a = *(const struct fact *const *)left;
	const struct fact *b = *(const struct fact *const *)right;

	if (a->key.run != b->key.run)
		return a->key.run < b->key.run ? -1 : 1;
	return (a->key.sequence > b->key.sequence) - (a->key.sequence < b->key.sequence);
}

static int by_key_and_arrival(const void *left, const void *right)
{
	const struct fact *a = *(const struct fact *const *)left;
	const struct fact *b = *(const struct fact *const *)right;
	int order = by_key(left, right);

	return order ? order : (a > b) - (a < b);
}

struct index { /* slots by key, each once, as it came first; gap records */
	const struct fact **slots, **gaps;
	size_t slot_count, gap_count;
	size_t doubled;
};

static void remove_doubled(struct index *index)
{
	size_t kept = 0, i;

	for (i = 0; i < index->slot_count; i++) {
		if (kept && by_key(&index->slots[kept - 1], &index->slots[i]) == 0)
			index->doubled++;
		else
			index->slots[kept++] = index->slots[i];
	}
	index->slot_count = kept;
}

static void index_build(const struct facts *facts, uint64_t seed, struct index *index)
{
	size_t i;

	*index = (struct index){.slots = calloc(facts->count + 1, sizeof(*index->slots)),
		.gaps = calloc(facts->count + 1, sizeof(*index->gaps))};
	if (!index->slots || !index->gaps)
		sim_fail(seed, "no memory");
	for (i = 0; i < facts->count; i++) {
		if (facts->items[i].kind == RECORD_SLOT)
			index->slots[index->slot_count++] = &facts->items[i];
		else if (facts->items[i].kind == RECORD_DROPPED)
			index->gaps[index->gap_count++] = &facts->items[i];
	}
	qsort(index->slots, index->slot_count, sizeof(*index->slots), by_key_and_arrival);
	remove_doubled(index);
}

static void index_done(struct index *index)
{
	free(index->slots);
	free(index->gaps);
}

static const struct fact *find_slot(const struct index *index, struct record_key key)
{
	struct fact wanted = {.key = key}, *pointer = &wanted;
	const struct fact **found = bsearch(
		&pointer, index->slots, index->slot_count, sizeof(*index->slots), by_key);

	return found ? *found : NULL;
}

static bool in_gap(const struct index *index, struct record_key key)
{
	size_t i;

	for (i = 0; i < index->gap_count; i++)
		if (index->gaps[i]->key.run == key.run &&
			index->gaps[i]->key.sequence <= key.sequence &&
			index->gaps[i]->last >= key.sequence)
			return true;
	return false;
}

static bool was_acked(const struct witness *witness, struct record_key key)
{
	size_t i;

	for (i = 0; i < witness->told_count; i++)
		if (witness->told[i].run == key.run && witness->told[i].up_to >= key.sequence)
			return true;
	return false;
}

static void check_missing(const struct witness *witness, const struct made_slot *made,
	const struct index *index, uint64_t seed, struct world_sum *sum)
{
	if (in_gap(index, made->key)) {
		sum->dropped++;
		return;
	}
	if (was_acked(witness, made->key) && !witness->was_restored)
		sim_fail(seed, "the slot of run %u, %u was acknowledged and is lost", made->key.run,
			made->key.sequence);
	if (made->synced || made->power_cut == witness->power_cuts)
		sim_fail(seed, "the slot of run %u, %u vanished: it began at %.1f s%s",
			made->key.run, made->key.sequence, (double)made->from_us / S,
			made->synced ? " and was synced" : "");
	sum->died++;
}

static void check_place(const struct witness *witness, const struct made_slot *made,
	int64_t place_s, uint64_t seed, struct world_sum *sum)
{
	int64_t true_s = (witness->utc_at_zero_us + (int64_t)made->from_us) / S;

	if (place_s == BOOKS_NO_PLACE) {
		sum->unplaced++;
		return;
	}
	if (llabs(place_s - true_s) > PLACE_TOLERANCE_S)
		sim_fail(seed, "the slot of run %u, %u was placed %lld s away", made->key.run,
			made->key.sequence, (long long)(place_s - true_s));
}

static void check_slots(const struct witness *witness, const struct facts *facts,
	const int64_t *places, uint64_t seed, struct world_sum *sum)
{
	uint64_t arrived = 0;
	struct index index;
	size_t i;

	index_build(facts, seed, &index);
	for (i = 0; i < witness->slot_count; i++) {
		const struct made_slot *made = &witness->slots[i];
		const struct fact *fact = find_slot(&index, made->key);

		if (!fact) {
			check_missing(witness, made, &index, seed, sum);
			continue;
		}
		if (fact->checksum != made->checksum)
			sim_fail(seed, "the slot of run %u, %u arrived changed", made->key.run,
				made->key.sequence);
		check_place(witness, made, places[fact - facts->items], seed, sum);
		arrived++;
	}
	if (index.slot_count != arrived)
		sim_fail(seed, "%zu slots arrived, of which %llu were made", index.slot_count,
			(unsigned long long)arrived);
	sum->slots += witness->slot_count;
	sum->arrived += arrived;
	sum->doubled += index.doubled;
	index_done(&index);
}

/* ---- the order of arrival does not matter */

static void shuffle(size_t *order, size_t count, struct draw *draw)
{
	size_t i;

	for (i = count; i > 1; i--) {
		size_t j = draw_between(draw, 0, i - 1), kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static void write_in_order(const struct facts *facts, const size_t *order, size_t count,
	const struct figures_day *day, struct buf *text)
{
	buf_clear(text);
	figures_write(facts, order, count, day, text);
}

static void compare_orders(const struct facts *facts, size_t *order, const struct figures_day *day,
	const struct buf *wanted, struct draw *draw)
{
	struct figures_day again = *day;
	struct buf text;
	int i;

	again.places = NULL;
	buf_init(&text, TEXT_BYTES);
	for (i = 0; i < ORDERS && facts->count; i++) {
		size_t doubled = draw_between(draw, 0, facts->count / 4), j;

		for (j = 0; j < doubled; j++)
			order[facts->count + j] = draw_between(draw, 0, facts->count - 1);
		shuffle(order, facts->count + doubled, draw);
		write_in_order(facts, order, facts->count + doubled, &again, &text);
		if (buf_length(&text) != buf_length(wanted) ||
			memcmp(buf_peek(&text), buf_peek(wanted), buf_length(wanted)))
			sim_fail(day->seed, "another order of arrival gives other figures");
		for (j = 0; j < facts->count; j++)
			order[j] = j;
	}
	buf_done(&text);
}

void verdict_check(const struct witness *witness, struct station_journal journal, struct draw *draw,
	struct world_sum *sum)
{
	int64_t from_s = witness->utc_at_zero_us / S;
	struct figures_day day = {
		from_s, from_s + (int64_t)(witness->day_us / S), draw->seed, NULL};
	struct facts facts;
	struct buf text;
	size_t *order, i;

	facts_read(journal, draw->seed, &facts);
	order = calloc(2 * facts.count + 1, sizeof(*order));
	day.places = calloc(facts.count + 1, sizeof(*day.places));
	if (!order || !day.places)
		sim_fail(draw->seed, "no memory");
	for (i = 0; i < facts.count; i++)
		order[i] = i;
	buf_init(&text, TEXT_BYTES);
	write_in_order(&facts, order, facts.count, &day, &text);
	compare_orders(&facts, order, &day, &text, draw);
	check_slots(witness, &facts, day.places, draw->seed, sum);
	sum->journal_records += journal.count;
	buf_done(&text);
	free(day.places);
	free(order);
	twins_expect_none(&facts, draw->seed);
	if (sum->before.count && facts.count)
		twins_expect_noticed(&facts, &sum->before, draw->seed, &sum->twins);
	facts_done(&sum->before);
	sum->before = facts;
}
