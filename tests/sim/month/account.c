/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/account.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/fail.h"
#include "tests/sim/books.h"

/* What is nearer hides what is farther out. */
static const struct {
	enum trouble trouble;
	enum down_cause cause;
} outward[] = {
	{TROUBLE_UPSTREAM, DOWN_UPSTREAM},
	{TROUBLE_PROVIDER, DOWN_PROVIDER},
	{TROUBLE_ACCESS, DOWN_ACCESS},
	{TROUBLE_GATEWAY, DOWN_CPE},
	{TROUBLE_ROUTE, DOWN_CPE},
	{TROUBLE_ADDRESS, DOWN_CPE},
	{TROUBLE_CARRIER, DOWN_LOCAL},
};

static size_t second_of(const struct account *account, uint64_t at_us)
{
	size_t second = at_us / STORY_S;

	return second < account->seconds ? second : account->seconds;
}

static void fill(struct account *account, const struct spell *spell, enum down_cause cause)
{
	size_t from = second_of(account, spell->from_us), to = second_of(account, spell->to_us);

	memset(account->net + from, cause, to - from);
}

uint8_t account_cause(enum trouble trouble)
{
	for (size_t i = 0; i < sizeof(outward) / sizeof(outward[0]); i++)
		if (outward[i].trouble == trouble)
			return outward[i].cause;
	return ACCOUNT_UP;
}

void account_init(struct account *account, const struct story *story)
{
	account->seconds = story->length_us / STORY_S;
	account->net = malloc(account->seconds);
	account->known = calloc(account->seconds, 1);
	account->why = calloc(account->seconds, sizeof(*account->why));
	if (!account->net || !account->known || !account->why)
		sim_fail(story->seed, "no memory");
	memset(account->net, ACCOUNT_UP, account->seconds);
	for (size_t i = 0; i < sizeof(outward) / sizeof(outward[0]); i++)
		for (size_t j = 0; j < story->count; j++)
			if (story->spells[j].trouble == outward[i].trouble)
				fill(account, &story->spells[j], outward[i].cause);
}

void account_done(struct account *account)
{
	free(account->net);
	free(account->known);
	free(account->why);
}

void account_mark(struct account *account, uint64_t from_us, uint64_t to_us, unsigned why)
{
	size_t to = second_of(account, to_us + STORY_S - 1);

	for (size_t i = second_of(account, from_us); i < to; i++)
		account->why[i] |= (uint16_t)why;
}

static void mark_letter(struct account *account, const struct letter *letter, int64_t place_s)
{
	unsigned why = 0;

	if (letter->has_arrived && place_s != BOOKS_NO_PLACE) {
		size_t from = second_of(account, letter->from_us);

		memset(account->known + from, 1, second_of(account, letter->to_us) - from);
		return;
	}
	if (letter->has_arrived)
		why = ACCOUNT_BIT(UNKNOWN_CLOCK);
	else if (letter->is_dropped) /* and, it may be, the Stop after it */
		why = ACCOUNT_BIT(UNKNOWN_DROPPED) | ACCOUNT_BIT(UNKNOWN_POWER);
	else if (letter->died)
		why = letter->died;
	else
		why = ACCOUNT_BIT(UNKNOWN_SILENT);
	account_mark(account, letter->from_us, letter->to_us, why);
}

/* While the machine is busy a slot may have too few rounds to say anything. */
static void mark_stalls(struct account *account, const struct story *story)
{
	for (size_t i = 0; i < story->count; i++) {
		const struct spell *spell = &story->spells[i];
		uint64_t from_us = spell->from_us > STORY_MINUTE ? spell->from_us - STORY_MINUTE
								 : 0;
		uint64_t to_us = spell->to_us + STORY_MINUTE;

		if (spell->trouble != TROUBLE_STALL)
			continue;
		account_mark(account, from_us, to_us, ACCOUNT_BIT(UNKNOWN_AGENT));
		memset(account->known + second_of(account, from_us), 0,
			second_of(account, to_us) - second_of(account, from_us));
	}
}

void account_letters(struct account *account, const struct story *story, const struct keep *keep,
	const int64_t *places)
{
	for (size_t i = 0; i < keep->facts.count; i++)
		if (keep->letters[i].to_us)
			mark_letter(account, &keep->letters[i], places[i]);
	mark_stalls(account, story);
}
