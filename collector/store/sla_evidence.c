/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_evidence.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/hist.h"

#define US_PER_S 1000000LL
/* How far beside an edge is looked: the slot in which it happened, and the one beside it. */
#define REACH_S (2 * SLOT_LENGTH_MAX_MS / 1000 + 2)

struct round { /* of probes to the internet */
	int64_t at_us; /* lost: when its first probe left; answered: when the first answer came */
	bool answered;
};

struct gatherer {
	struct ledger_db *ledger;
	struct round *rounds;
	size_t count, room;
	struct err *err;
};

static struct round *add_round(struct gatherer *gatherer)
{
	if (gatherer->count == gatherer->room) {
		size_t room = gatherer->room ? gatherer->room * 2 : 64;
		struct round *rounds = realloc(gatherer->rounds, room * sizeof(*rounds));
		if (!rounds)
			return NULL;
		gatherer->rounds = rounds;
		gatherer->room = room;
	}
	return &gatherer->rounds[gatherer->count++];
}

/* The probe that dates a round: the first answered one, else the first one. NULL: not made. */
static const struct probe *dating_probe(const struct slot *slot, uint16_t number)
{
	const struct probe *first = NULL;

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (probe->round != number || slot->targets[probe->target].class != CLASS_INTERNET)
			continue;
		if (probe->outcome == OUTCOME_ANSWERED)
			return probe;
		if (!first)
			first = probe;
	}
	return first;
}

static int gather_slot(void *arg, const struct ledger_slot *row)
{
	struct gatherer *gatherer = arg;
	const struct slot *slot = row->slot;
	int r;

	if (row->disputed)
		return 0;
	for (uint16_t number = 0; number < SLOT_ROUNDS_MAX; number++) {
		const struct probe *probe = dating_probe(slot, number);
		struct round round = {0};
		if (!probe)
			continue;
		round.answered = probe->outcome == OUTCOME_ANSWERED;
		r = ledger_place_us(gatherer->ledger, row,
			slot->start_us + probe->offset_ms * 1000ULL, &round.at_us, gatherer->err);
		if (r < 0)
			return r;
		if (round.answered)
			round.at_us += hist_step(probe->rtt_us);
		struct round *item = add_round(gatherer);
		if (!item)
			return err_errno(gatherer->err, -ENOMEM, "rounds of an outage");
		*item = round;
	}
	return 0;
}

static int by_time(const void *left, const void *right)
{
	const struct round *a = left, *b = right;

	return (a->at_us > b->at_us) - (a->at_us < b->at_us);
}

static int gather_around(struct gatherer *gatherer, int64_t link, int64_t second, struct err *err)
{
	struct ledger_span around = {link, second - REACH_S, second + REACH_S};
	int r;

	gatherer->count = 0;
	r = ledger_slots(gatherer->ledger, &around, gather_slot, gatherer, err);
	if (r == 0 && gatherer->count)
		qsort(gatherer->rounds, gatherer->count, sizeof(*gatherer->rounds), by_time);
	return r;
}

/* Rounds that begin before the second. */
static size_t count_before(const struct gatherer *gatherer, int64_t second)
{
	size_t i = 0;

	while (i < gatherer->count && gatherer->rounds[i].at_us < second * US_PER_S)
		i++;
	return i;
}

/* The first lost round of the outage; those lost without a break before it belong to it, if they
 * lie in a slot that was good all the same. What was lost for longer than that is another matter:
 * the contract does not charge it, or it would be part of the outage. */
static int64_t first_lost(const struct gatherer *gatherer, int64_t from_s)
{
	size_t i = count_before(gatherer, from_s);

	while (i < gatherer->count && gatherer->rounds[i].answered)
		i++;
	if (i == gatherer->count)
		return 0;
	int64_t first = gatherer->rounds[i].at_us;
	for (size_t k = i; k > 0 && !gatherer->rounds[k - 1].answered; k--) {
		if (gatherer->rounds[k - 1].at_us < from_s * US_PER_S - SLOT_LENGTH_MAX_MS * 1000)
			return gatherer->rounds[i].at_us;
		first = gatherer->rounds[k - 1].at_us;
	}
	return first;
}

/* The first round answered for good: what was answered without a break up to the end of the last
 * bad slot belongs to it. */
static int64_t first_answered(const struct gatherer *gatherer, int64_t to_s)
{
	size_t i = count_before(gatherer, to_s);

	while (i > 0 && gatherer->rounds[i - 1].answered)
		i--;
	while (i < gatherer->count && !gatherer->rounds[i].answered)
		i++;
	return i == gatherer->count ? 0 : gatherer->rounds[i].at_us;
}

/* 1 ends the search: the slot has an answered round. */
static int seek_answered(void *arg, const struct ledger_slot *row)
{
	struct gatherer *gatherer = arg;
	int r;

	gatherer->count = 0;
	r = gather_slot(gatherer, row);
	for (size_t i = 0; r == 0 && i < gatherer->count; i++)
		r = gatherer->rounds[i].answered;
	return r;
}

static int answered_at_last(struct gatherer *gatherer, const struct ledger_span *outage,
	int64_t *ret_answered_us, struct err *err)
{
	struct ledger_span after = {outage->link, outage->to_s, INT64_MAX};
	int r = gather_around(gatherer, outage->link, outage->to_s, err);

	if (r < 0)
		return r;
	*ret_answered_us = first_answered(gatherer, outage->to_s);
	if (*ret_answered_us)
		return 0;
	/* loss that nobody is charged for, or no slots, and then an answer */
	r = ledger_slots(gatherer->ledger, &after, seek_answered, gatherer, err);
	if (r > 0)
		*ret_answered_us = first_answered(gatherer, outage->to_s);
	return r < 0 ? r : 0;
}

int sla_evidence(struct ledger_db *ledger, const struct ledger_span *outage,
	struct sla_evidence *ret_evidence, struct err *err)
{
	struct gatherer gatherer = {.ledger = ledger, .err = err};
	struct sla_evidence evidence = {0};
	int r;

	r = gather_around(&gatherer, outage->link, outage->from_s, err);
	if (r == 0) {
		evidence.first_lost_us = first_lost(&gatherer, outage->from_s);
		r = answered_at_last(&gatherer, outage, &evidence.first_answered_us, err);
	}
	if (r == 0)
		*ret_evidence = evidence;
	free(gatherer.rounds);
	return r;
}
