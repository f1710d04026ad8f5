/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/books.h"

#include <stdlib.h>
#include <string.h>

#include "collector/ledger/place.h"
#include "tests/sim/fail.h"
#include "tests/sim/station.h"

struct boot { /* as its records come in */
	const uint8_t *id;
	struct place_anchor *anchors;
	size_t anchor_count, anchor_room;
	size_t chosen;
	struct record_key first, last; /* lowest and highest key of its records */
	bool stopped; /* the highest is a Stop */
	uint64_t alive_us; /* latest sign of life other than a slot */
	uint64_t start_us; /* of its first Start, 0: none */
	uint8_t reset; /* as that one says */
};

struct books {
	uint64_t seed;
	const struct fact **known; /* hash table by key, of what was taken */
	size_t table_size;
	const struct fact **slots, **drops; /* in the order of arrival */
	size_t slot_count, drop_count;
	struct boot *boots;
	size_t boot_count, boot_room;
	size_t found; /* boot found last: mostly the next one wanted */
};

static void *checked(const struct books *books, void *memory)
{
	if (!memory)
		sim_fail(books->seed, "no memory");
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
static bool is_new(struct books *books, const struct fact *fact)
{
	size_t at = (fact->key.run * 2654435761u + fact->key.sequence * 40503u) % books->table_size;

	for (; books->known[at]; at = (at + 1) % books->table_size) {
		if (compare_keys(books->known[at]->key, fact->key) ||
			(books->known[at]->kind == RECORD_DROPPED) !=
				(fact->kind == RECORD_DROPPED))
			continue;
		if (books->known[at]->checksum == fact->checksum)
			return false;
		if (fact->kind != RECORD_DROPPED)
			sim_fail(books->seed, "run %u, %u came with two contents", fact->key.run,
				fact->key.sequence);
	}
	books->known[at] = fact;
	return true;
}

static struct boot *find_boot(struct books *books, const struct fact *fact)
{
	struct boot *boot;
	size_t i;

	for (i = 0; i < books->boot_count; i++) {
		size_t at = (books->found + i) % books->boot_count;

		if (memcmp(books->boots[at].id, fact->boot, BOOT_BYTES))
			continue;
		books->found = at;
		return &books->boots[at];
	}
	if (books->boot_count == books->boot_room) {
		books->boot_room = books->boot_room ? 2 * books->boot_room : 16;
		books->boots = checked(
			books, realloc(books->boots, books->boot_room * sizeof(*books->boots)));
	}
	boot = &books->boots[books->boot_count++];
	*boot = (struct boot){.id = fact->boot, .first = fact->key, .last = {0, 0}};
	return boot;
}

static void note_boot(struct books *books, const struct fact *fact)
{
	struct boot *boot = find_boot(books, fact);
	struct record_key end = fact->key;

	if (fact->kind == RECORD_DROPPED)
		end.sequence = fact->last;
	if (compare_keys(fact->key, boot->first) < 0)
		boot->first = fact->key;
	if (compare_keys(end, boot->last) > 0) {
		boot->last = end;
		boot->stopped = fact->kind == RECORD_STOP;
	}
	if (fact->kind != RECORD_SLOT && fact->kind != RECORD_DROPPED &&
		fact->from_us > boot->alive_us)
		boot->alive_us = fact->from_us;
	if (fact->kind == RECORD_START && (!boot->start_us || fact->from_us < boot->start_us)) {
		boot->start_us = fact->from_us;
		boot->reset = fact->reset;
	}
}

static void take_anchor(struct books *books, const struct fact *fact)
{
	struct boot *boot = find_boot(books, fact);

	if (boot->anchor_count == boot->anchor_room) {
		boot->anchor_room = boot->anchor_room ? 2 * boot->anchor_room : 16;
		boot->anchors = checked(
			books, realloc(boot->anchors, boot->anchor_room * sizeof(*boot->anchors)));
	}
	boot->anchors[boot->anchor_count++] = (struct place_anchor){
		fact->from_us, fact->utc_us, fact->error_us};
}

static void take(struct books *books, const struct fact *fact)
{
	if (!is_new(books, fact))
		return;
	note_boot(books, fact);
	switch (fact->kind) {
	case RECORD_SLOT: books->slots[books->slot_count++] = fact; break;
	case RECORD_ANCHOR: take_anchor(books, fact); break;
	case RECORD_DROPPED: books->drops[books->drop_count++] = fact; break;
	default: break;
	}
}

static void take_all(struct books *books, const struct facts *facts, const struct arrival *arrival)
{
	size_t count = arrival->count, i;

	books->table_size = 2 * count + 3;
	books->known = checked(books, calloc(books->table_size, sizeof(*books->known)));
	books->slots = checked(books, calloc(count + 1, sizeof(*books->slots)));
	books->drops = checked(books, calloc(count + 1, sizeof(*books->drops)));
	for (i = 0; i < count; i++)
		take(books, &facts->items[arrival->order[i]]);
	for (i = 0; i < books->boot_count; i++)
		books->boots[i].chosen = place_choose(
			books->boots[i].anchors, books->boots[i].anchor_count);
}

static void forget(struct books *books)
{
	size_t i;

	for (i = 0; i < books->boot_count; i++)
		free(books->boots[i].anchors);
	free(books->boots);
	free(books->known);
	free(books->slots);
	free(books->drops);
}

/* ---- from records to a history */

static void fill_boots(const struct books *books, struct history *history)
{
	size_t i;

	history->boot_count = books->boot_count;
	for (i = 0; i < books->boot_count; i++) {
		const struct boot *boot = &books->boots[i];

		history->boots[i] = (struct history_boot){
			.agent = STATION_AGENT,
			.first_run = boot->first.run,
			.last_run = boot->last.run,
			.placed = boot->chosen > 0,
			.stopped = boot->stopped,
			.reset = boot->reset,
		};
		if (!boot->chosen)
			continue;
		history->boots[i].booted_s = place_s(boot->anchors, boot->chosen, 0);
		history->boots[i].alive_s = place_s(boot->anchors, boot->chosen, boot->alive_us);
	}
}

static void add_slot(
	struct books *books, const struct fact *fact, struct history *history, int64_t *ret_place)
{
	struct boot *boot = find_boot(books, fact);
	size_t index = (size_t)(boot - books->boots);

	*ret_place = BOOKS_NO_PLACE;
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

static void add_drop(struct books *books, const struct fact *fact, struct history *history)
{
	struct boot *boot = find_boot(books, fact);

	if (!boot->chosen)
		return;
	history->drops[history->drop_count++] = (struct history_drop){
		.agent = STATION_AGENT,
		.from = place_s(boot->anchors, boot->chosen, fact->from_us),
		.to = place_s(boot->anchors, boot->chosen, fact->to_us),
	};
}

static void fill_history(
	struct books *books, const struct facts *facts, int64_t *places, struct history *history)
{
	int64_t ignored;
	size_t i;

	history->slots = checked(books, calloc(books->slot_count + 1, sizeof(*history->slots)));
	history->drops = checked(books, calloc(books->drop_count + 1, sizeof(*history->drops)));
	history->boots = checked(books, calloc(books->boot_count + 1, sizeof(*history->boots)));
	fill_boots(books, history);
	for (i = 0; i < books->slot_count; i++)
		add_slot(books, books->slots[i], history,
			places ? &places[books->slots[i] - facts->items] : &ignored);
	for (i = 0; i < books->drop_count; i++)
		add_drop(books, books->drops[i], history);
}

void books_write(const struct facts *facts, const struct arrival *arrival, int64_t *places,
	struct history *ret_history)
{
	struct books books = {.seed = arrival->seed};

	memset(ret_history, 0, sizeof(*ret_history));
	take_all(&books, facts, arrival);
	fill_history(&books, facts, places, ret_history);
	forget(&books);
}

void books_done(struct history *history)
{
	free(history->slots);
	free(history->drops);
	free(history->boots);
}
