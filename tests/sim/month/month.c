/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/month.h"

#include <stdlib.h>

#include "collector/ledger/timeline.h"
#include "tests/sim/books.h"
#include "tests/sim/fail.h"
#include "tests/sim/month/box.h"

struct edge { /* a trouble begins or ends */
	uint64_t at_us;
	const struct spell *spell;
	bool is_end;
};

struct life {
	const struct story *story;
	struct net net;
	struct keep keep;
	struct box box;
	size_t edge_count;
	struct edge edges[2 * STORY_SPELLS_MAX];
};

/* Ends first, so that two spells that touch are two. */
static int by_time(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	if (a->is_end != b->is_end)
		return a->is_end ? -1 : 1;
	return (a->spell > b->spell) - (a->spell < b->spell);
}

static void find_edges(struct life *life)
{
	for (size_t i = 0; i < life->story->count; i++) {
		const struct spell *spell = &life->story->spells[i];

		life->edges[life->edge_count++] = (struct edge){spell->from_us, spell, false};
		life->edges[life->edge_count++] = (struct edge){spell->to_us, spell, true};
	}
	qsort(life->edges, life->edge_count, sizeof(life->edges[0]), by_time);
}

static void pass_edge(struct life *life, const struct edge *edge)
{
	if (edge->is_end) {
		net_end(&life->net, edge->spell);
		box_end(&life->box, edge->spell);
	} else {
		net_begin(&life->net, edge->spell);
		box_begin(&life->box, edge->spell);
	}
}

static void live(struct life *life)
{
	uint64_t end_us = life->story->length_us, now_us = 0, due_us;

	for (size_t i = 0; i <= life->edge_count; i++) {
		uint64_t until_us = i < life->edge_count ? life->edges[i].at_us : end_us;

		if (until_us > end_us)
			until_us = end_us;
		while ((due_us = box_due(&life->box)) < until_us) {
			if (now_us < due_us) /* after a stall it is late */
				now_us = due_us;
			box_step(&life->box, now_us);
		}
		if (until_us == end_us)
			break;
		pass_edge(life, &life->edges[i]);
		now_us = until_us;
	}
	box_finish(&life->box, end_us);
}

/* What the collector makes of it. */
static void judge(struct life *life, struct month *month)
{
	const struct keep *keep = &life->keep;
	const struct arrival arrival = {keep->arrived, keep->arrived_count, life->story->seed};
	int64_t *places = calloc(keep->facts.count + 1, sizeof(*places));
	struct history history;
	struct terms terms;
	struct line line;

	if (!places)
		sim_fail(life->story->seed, "no memory");
	for (size_t i = 0; i < keep->facts.count; i++)
		places[i] = BOOKS_NO_PLACE;
	books_write(&keep->facts, &arrival, places, &history);
	terms_init(&terms);
	if (line_build(&history, &line) < 0 ||
		states_compute(&line, &terms, MONTH_BEGINS_S, &month->states) < 0)
		sim_fail(life->story->seed, "no memory");
	account_letters(&month->account, life->story, keep, places);
	line_done(&line);
	books_done(&history);
	free(places);
}

void month_live(const struct story *story, const struct journal_plan *plan, struct month *ret_month)
{
	struct life *life = calloc(1, sizeof(*life));
	struct box_world world;

	if (!life)
		sim_fail(story->seed, "no memory");
	*ret_month = (struct month){.slots = 0};
	life->story = story;
	world = (struct box_world){&life->net, &life->keep, &ret_month->account};
	account_init(&ret_month->account, story);
	net_init(&life->net, story);
	keep_init(&life->keep, story->place.spool_records, story->seed);
	life->keep.keeps_bytes = plan != NULL;
	box_init(&life->box, story, &world);
	find_edges(life);
	live(life);
	judge(life, ret_month);
	if (plan)
		journal_write(&life->keep, plan);
	ret_month->slots = life->box.slots;
	ret_month->rounds = life->box.rounds;
	ret_month->records = life->keep.arrived_count;
	box_done(&life->box);
	keep_done(&life->keep);
	free(life);
}

void month_done(struct month *month)
{
	account_done(&month->account);
	states_done(&month->states);
}
