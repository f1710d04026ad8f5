/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/ledgerd/tail.h"

/* The first look back: four windows, or the slots of twenty minutes. */
#define REACH_WINDOWS 4
#define REACH_LEAST_S 1200

struct judge {
	struct ledger_writer *writer;
	const struct view_link *link;
	int64_t changed_s;
	int64_t begins; /* of the timeline */
	int64_t last_s; /* the last known second */
	struct judgement *judgement;
};

void judge_terms(const struct view_link *link, int64_t second, struct terms *ret_terms,
	struct span *ret_span)
{
	struct span gap = {INT64_MIN, SPAN_FOREVER};

	for (size_t i = 0; i < link->contract_count; i++) {
		const struct registry_contract *contract = &link->contracts[i];
		if (contract->to_s <= second) {
			gap.from = contract->to_s;
		} else if (contract->from_s > second) {
			gap.to = contract->from_s;
			break;
		} else {
			*ret_terms = contract->terms;
			*ret_span = (struct span){contract->from_s, contract->to_s};
			return;
		}
	}
	terms_init(ret_terms);
	*ret_span = gap;
}

static int64_t first_reach(const struct terms *terms)
{
	int64_t reach_s = (int64_t)terms->window_s * REACH_WINDOWS + terms->bridge_s;

	return reach_s > REACH_LEAST_S ? reach_s : REACH_LEAST_S;
}

static int load(struct judge *judge, const struct terms *terms, int64_t reach_s,
	struct tail *ret_tail, struct err *err)
{
	struct tail_of of = {
		.link = judge->link->link.id,
		.begins = judge->begins,
		/* all of it: there is no decisive run before its beginning */
		.changed_s = judge->changed_s == INT64_MIN ? judge->begins : judge->changed_s,
		.terms = terms,
	};

	return tail_load(ret_tail, ledger_writer_view(judge->writer), &of, reach_s, err);
}

/* ---- final states, for the outbox */

static int say_states(
	struct judge *judge, const struct states *states, struct span within, struct err *err)
{
	static const enum said said[] = {
		[STATE_U] = SAID_UP, [STATE_D] = SAID_DOWN, [STATE_N] = SAID_NOTHING};
	int r = 0;

	for (size_t i = 0; r == 0 && i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		struct ledger_span span = {
			.link = judge->link->link.id,
			.from_s = run->from > within.from ? run->from : within.from,
			.to_s = run->to < within.to ? run->to : within.to,
		};
		if (span.from_s < span.to_s)
			r = ledger_put_state(judge->writer, &span, said[run->state], err);
	}
	return r;
}

/* ---- the last known second, for the wall */

static bool is_same(const struct state_run *a, const struct state_run *b)
{
	return a->state == b->state;
}

/* The first run of the state in which the link is at its last known second; N has a run a cause. */
static const struct state_run *present_run(const struct states *states, int64_t last_s)
{
	const struct state_run *run = states_at(states, last_s);

	while (run && run > states->runs && is_same(run - 1, run))
		run--;
	return run;
}

static void name_cause(struct judgement *judgement, const struct state_run *run)
{
	const char *name = "";

	if (run->state == STATE_D)
		name = down_cause_name((enum down_cause)run->cause);
	else if (run->state == STATE_N)
		name = unknown_cause_name((enum unknown_cause)run->cause);
	snprintf(judgement->cause, sizeof(judgement->cause), "%s", name);
}

/* When the present run began before all that was read: as it was said before, if that still holds.
 * False: more must be read. */
static bool find_since(const struct judge *judge, const struct state_run *first, int64_t decided_s)
{
	struct judgement *judgement = judge->judgement;
	const struct ledger_run *before = &judgement->run;

	judgement->since_s = first->from;
	if (decided_s == INT64_MIN || first->from > decided_s)
		return true;
	if (!before->known || before->up != (first->state == STATE_U) ||
		before->since_s > decided_s)
		return false;
	judgement->since_s = before->since_s;
	return true;
}

static void conclude(struct judge *judge, const struct states *states)
{
	static const enum live_state lives[] = {
		[STATE_U] = LIVE_UP, [STATE_D] = LIVE_DOWN, [STATE_N] = LIVE_UNKNOWN};
	struct judgement *judgement = judge->judgement;
	const struct state_run *last = states_at(states, judge->last_s);

	judgement->state = lives[last->state];
	name_cause(judgement, last);
	if (last->state != STATE_N)
		judgement->run = (struct ledger_run){
			true, last->state == STATE_U, judgement->since_s};
}

/* False in *ret_found: the tail does not reach back to where the present run began. */
static int judge_present(
	struct judge *judge, const struct tail *tail, bool *ret_found, struct err *err)
{
	const struct state_run *first = present_run(&tail->states, judge->last_s);

	if (!first)
		return err_set(err, -ERANGE, "link %lld has no state at its last second",
			(long long)judge->link->link.id);
	*ret_found = find_since(judge, first, tail->decided_s);
	if (*ret_found)
		conclude(judge, &tail->states);
	return 0;
}

static int search_present(struct judge *judge, const struct terms *terms, struct err *err)
{
	int64_t reach_s = first_reach(terms);
	bool found = false;
	int r = 0;

	while (r == 0 && !found) {
		struct tail tail;
		reach_s *= REACH_WINDOWS;
		r = load(judge, terms, reach_s, &tail, err);
		if (r < 0)
			break;
		r = judge_present(judge, &tail, &found, err);
		tail_done(&tail);
	}
	return r;
}

/* The stretch of terms that holds the second: its final states, and the present if it lies there.
 * *ret_before: the second before the stretch, if what has changed may reach it; INT64_MIN. */
static int judge_stretch(struct judge *judge, int64_t second, int64_t *ret_before, struct err *err)
{
	struct terms terms;
	struct tail tail;
	struct span span;
	bool found = second != judge->last_s;
	int r;

	judge_terms(judge->link, second, &terms, &span);
	r = load(judge, &terms, first_reach(&terms), &tail, err);
	if (r < 0)
		return r;
	*ret_before = span.from > tail.decided_s && span.from > judge->begins ? span.from - 1
									      : INT64_MIN;
	if (span.from < tail.decided_s)
		span.from = tail.decided_s;
	r = say_states(judge, &tail.states, span, err);
	if (r == 0 && !found)
		r = judge_present(judge, &tail, &found, err);
	tail_done(&tail);
	return r == 0 && !found ? search_present(judge, &terms, err) : r;
}

static int find_begin(struct judge *judge, struct err *err)
{
	const struct view_link *link = judge->link;
	int64_t first_s;
	int r = ledger_first_slot(ledger_writer_view(judge->writer), link->link.id, &first_s, err);

	if (r < 0)
		return r;
	judge->begins = first_s;
	if (link->contract_count && link->contracts[0].from_s < first_s)
		judge->begins = link->contracts[0].from_s;
	return 0;
}

static int judge_heard(struct judge *judge, struct err *err)
{
	int64_t second = judge->last_s;
	int r = find_begin(judge, err);

	while (r == 0 && second != INT64_MIN)
		r = judge_stretch(judge, second, &second, err);
	return r;
}

int judge_link(struct ledger_writer *writer, const struct view_link *link, int64_t changed_s,
	struct judgement *ret_judgement, struct err *err)
{
	struct judgement judgement = {.state = LIVE_NEVER};
	struct judge judge = {
		.writer = writer, .link = link, .changed_s = changed_s, .judgement = &judgement};
	int r = ledger_recent(ledger_writer_view(writer), link->link.id, &judgement.recent, err);

	if (r == 0)
		r = ledger_get_run(writer, link->link.id, &judgement.run, err);
	if (r == 0 && judgement.recent.slots) {
		judge.last_s = judgement.recent.to_s - 1;
		r = judge_heard(&judge, err);
	}
	if (r == 0)
		*ret_judgement = judgement;
	return r;
}
