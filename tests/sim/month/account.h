/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was true, second by second: whether the internet could be reached, what the collector was
 * told of it, and, where it was not, why.
 */
#ifndef PANTAU_TESTS_SIM_MONTH_ACCOUNT_H
#define PANTAU_TESTS_SIM_MONTH_ACCOUNT_H

#include "collector/ledger/cause.h"
#include "tests/sim/month/keep.h"
#include "tests/sim/month/story.h"

#define ACCOUNT_UP UINT8_MAX
#define ACCOUNT_BIT(cause) (1U << (cause))

struct account {
	size_t seconds;
	uint8_t *net; /* enum down_cause, or ACCOUNT_UP */
	uint8_t *known; /* 1: the ledger has a slot there, and its place */
	uint16_t *why; /* bits of enum unknown_cause: what was at work where nothing is known */
};

/* Fills `net` from the story. */
void account_init(struct account *account, const struct story *story);
void account_done(struct account *account);
/* The cause of D that the trouble is, or ACCOUNT_UP. */
uint8_t account_cause(enum trouble trouble);
/* No agent ran, or what it saw is lost. */
void account_mark(struct account *account, uint64_t from_us, uint64_t to_us, unsigned why);
/* What became of the slots. places: one a letter, BOOKS_NO_PLACE where it has none. */
void account_letters(struct account *account, const struct story *story, const struct keep *keep,
	const int64_t *places);

#endif
