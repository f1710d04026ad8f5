/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/twins.h"

#include <stdlib.h>
#include <string.h>

#include "collector/ledger/twin.h"
#include "tests/sim/fail.h"

#define BOOTS_MAX 64
#define TURNS_ALLOWED 2
#define LIVE_US (300 * INT64_C(1000000))

struct boot {
	const uint8_t *id;
	const struct facts *of; /* whose day */
	struct twin_sign *signs;
	size_t count, room;
	uint64_t mono_us[2];
};

struct book {
	uint64_t seed;
	struct boot boots[BOOTS_MAX];
	size_t count;
};

static struct boot *find_boot(struct book *book, const struct facts *of, const struct fact *fact)
{
	for (size_t i = book->count; i-- > 0;) {
		if (!memcmp(book->boots[i].id, fact->boot, BOOT_BYTES))
			return &book->boots[i];
	}
	if (book->count == BOOTS_MAX)
		sim_fail(book->seed, "more boots than the simulation holds");
	book->boots[book->count] = (struct boot){
		.id = fact->boot, .of = of, .mono_us = {UINT64_MAX, 0}};
	return &book->boots[book->count++];
}

static void see_moment(struct boot *boot, uint64_t mono_us)
{
	if (mono_us < boot->mono_us[0])
		boot->mono_us[0] = mono_us;
	if (mono_us > boot->mono_us[1])
		boot->mono_us[1] = mono_us;
}

static void take(struct book *book, const struct facts *of, const struct fact *fact)
{
	struct boot *boot = find_boot(book, of, fact);

	if (fact->kind == RECORD_DROPPED)
		return;
	see_moment(boot, fact->from_us);
	if (fact->kind == RECORD_SLOT)
		see_moment(boot, fact->to_us);
	if (fact->kind != RECORD_ANCHOR)
		return;
	if (boot->count == boot->room) {
		boot->room = boot->room ? 2 * boot->room : 16;
		boot->signs = realloc(boot->signs, boot->room * sizeof(*boot->signs));
		if (!boot->signs)
			sim_fail(book->seed, "no memory");
	}
	boot->signs[boot->count++] = (struct twin_sign){fact->from_us, fact->error_us, fact->utc_us,
		fact->received_us, (enum anchor_source)fact->source};
}

static bool life_of(const struct boot *boot, struct twin_life *ret_life)
{
	struct twin_sign *signs = malloc((boot->count + 1) * sizeof(*signs));
	bool known;

	if (!signs)
		abort();
	if (boot->count)
		memcpy(signs, boot->signs, boot->count * sizeof(*signs));
	known = twin_life(signs, boot->count, boot->mono_us, ret_life);
	free(signs);
	return known;
}

static bool any_twins(const struct book *book)
{
	struct twin_life lives[BOOTS_MAX];
	struct span both;
	size_t count = 0;

	for (size_t i = 0; i < book->count; i++)
		count += life_of(&book->boots[i], &lives[count]);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count; k++) {
			if (twin_overlap(&lives[i], &lives[k], &both))
				return true;
		}
	}
	return false;
}

static void book_done(struct book *book)
{
	for (size_t i = 0; i < book->count; i++)
		free(book->boots[i].signs);
}

void twins_expect_none(const struct facts *facts, uint64_t seed)
{
	struct book book = {.seed = seed};

	for (size_t i = 0; i < facts->count; i++)
		take(&book, facts, &facts->items[i]);
	if (any_twins(&book))
		sim_fail(seed, "one router is taken for two devices");
	book_done(&book);
}

/* ---- two of them */

/* Whether the boot of this record has told all that it had to, as far as anything tells when. */
static bool is_live(struct book *book, const struct facts *of, const struct fact *last)
{
	struct twin_life life;

	return life_of(find_boot(book, of, last), &life) &&
		last->received_us - life.to_us < LIVE_US;
}

/* The second device is switched on with the first boot whose word comes in the later half. */
static size_t switch_on(const struct facts *facts)
{
	size_t at = facts->count / 2;

	while (at > 0 && !memcmp(facts->items[at - 1].boot, facts->items[at].boot, BOOT_BYTES))
		at--;
	return at;
}

struct walk {
	const struct facts *first, *second;
	size_t at[2]; /* the next of each, by arrival */
};

/* NULL: all has come. */
static const struct fact *next_fact(struct walk *walk, const struct facts **ret_of)
{
	const struct fact *a = walk->at[0] < walk->first->count ? &walk->first->items[walk->at[0]]
								: NULL;
	const struct fact *b = walk->at[1] < walk->second->count ? &walk->second->items[walk->at[1]]
								 : NULL;
	bool takes_first = a && (!b || a->received_us <= b->received_us);

	if (!a && !b)
		return NULL;
	walk->at[!takes_first]++;
	*ret_of = takes_first ? walk->first : walk->second;
	return takes_first ? a : b;
}

static bool is_new_boot(const struct fact **of_boot, const struct fact *fact)
{
	bool is_new = !*of_boot || memcmp((*of_boot)->boot, fact->boot, BOOT_BYTES) != 0;

	*of_boot = fact;
	return is_new;
}

void twins_expect_noticed(
	const struct facts *first, const struct facts *second, uint64_t seed, struct twins_sum *sum)
{
	struct walk walk = {first, second, {0, switch_on(second)}};
	struct book book = {.seed = seed};
	const struct facts *of = NULL, *turn = NULL;
	const struct fact *fact, *last = NULL, *of_boot[2] = {NULL, NULL};
	uint64_t turns = 0, live[2] = {0, 0}; /* of the first device, of the second */
	bool noticed = false;

	while (!noticed && (fact = next_fact(&walk, &of)) != NULL) {
		if (turn && of != turn && turns)
			live[turn == second] += is_live(&book, turn, last);
		if (live[0] >= TURNS_ALLOWED && live[1] >= TURNS_ALLOWED)
			sim_fail(seed, "the second device is not noticed in %llu turns",
				(unsigned long long)turns);
		if (is_new_boot(&of_boot[of == second], fact))
			live[0] = live[1] = 0; /* of two other boots nothing is known yet */
		turns += of != turn && of == second;
		turn = of;
		last = fact;
		take(&book, of, fact);
		noticed = any_twins(&book);
	}
	sum->noticed += noticed;
	sum->unjudged += !noticed;
	sum->turns += noticed ? live[1] + 1 : 0;
	book_done(&book);
}
