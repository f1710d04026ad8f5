/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/derived.h"

/* How far back is looked for the beginning of a state that began long ago. */
#define LOOK_BACK_S (30 * 86400LL)

struct judge {
	struct ledger_writer *writer;
	const struct view_link *link;
	struct span touched;
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

static int64_t contract_of(const struct view_link *link)
{
	return link->contract_count ? link->contracts[0].from_s : SPAN_FOREVER;
}

static int load(struct judge *judge, const struct terms *terms, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	struct derived_of of = {judge->link->link.id, contract_of(judge->link), terms};

	return derived_get(ledger_writer_view(judge->writer), &of, span, ret_derived, err);
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

/* When the present run began before all that was read: as it was said before, if nothing has
 * changed since then. False: more must be read. */
static bool find_since(
	const struct judge *judge, const struct state_run *first, const struct derived *derived)
{
	struct judgement *judgement = judge->judgement;
	const struct ledger_run *before = &judgement->run;

	judgement->since_s = first->from;
	if (derived->right.from == INT64_MIN || first->from > derived->right.from)
		return true;
	if (!before->known || before->up != (first->state == STATE_U) ||
		before->since_s > derived->right.from || judge->touched.from < derived->right.from)
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

/* *ret_found: what was read reaches back to where the present run began. */
static int judge_present(
	struct judge *judge, const struct derived *derived, bool *ret_found, struct err *err)
{
	const struct state_run *first = present_run(&derived->states, judge->last_s);

	if (!first)
		return err_set(err, -ERANGE, "link %lld has no state at its last second",
			(long long)judge->link->link.id);
	*ret_found = find_since(judge, first, derived);
	if (*ret_found)
		conclude(judge, &derived->states);
	return 0;
}

static int search_present(struct judge *judge, const struct terms *terms, struct err *err)
{
	struct span span = {judge->last_s, judge->last_s + 1};
	int64_t back_s = LOOK_BACK_S;
	bool found = false;
	int r = 0;

	while (r == 0 && !found) {
		struct derived derived;
		span.from -= back_s;
		back_s *= 2;
		r = load(judge, terms, &span, &derived, err);
		if (r < 0)
			break;
		r = judge_present(judge, &derived, &found, err);
		states_done(&derived.states);
	}
	return r;
}

/* The stretch of terms that holds the second: its final states, and the present if it lies there.
 * *ret_before: the second before the stretch, if what has changed may reach it; INT64_MIN. */
static int judge_stretch(struct judge *judge, int64_t second, int64_t *ret_before, struct err *err)
{
	bool found = second != judge->last_s;
	struct span asked = judge->touched, stretch;
	struct derived derived;
	struct terms terms;
	int r;

	judge_terms(judge->link, second, &terms, &stretch);
	if (asked.from > judge->last_s)
		asked.from = judge->last_s;
	if (asked.to <= judge->last_s)
		asked.to = judge->last_s + 1;
	r = load(judge, &terms, &asked, &derived, err);
	if (r < 0)
		return r;
	*ret_before = stretch.from > derived.right.from && derived.states.count &&
			stretch.from > derived.states.runs[0].from
		? stretch.from - 1
		: INT64_MIN;
	if (stretch.from < derived.right.from)
		stretch.from = derived.right.from;
	if (stretch.to > derived.right.to)
		stretch.to = derived.right.to;
	r = say_states(judge, &derived.states, stretch, err);
	if (r == 0 && !found)
		r = judge_present(judge, &derived, &found, err);
	states_done(&derived.states);
	return r == 0 && !found ? search_present(judge, &terms, err) : r;
}

static int judge_heard(struct judge *judge, struct err *err)
{
	int64_t second = judge->last_s;
	int r = 0;

	while (r == 0 && second != INT64_MIN)
		r = judge_stretch(judge, second, &second, err);
	return r;
}

int judge_link(struct ledger_writer *writer, const struct view_link *link,
	const struct span *touched, struct judgement *ret_judgement, struct err *err)
{
	struct judgement judgement = {.state = LIVE_NEVER};
	struct judge judge = {
		.writer = writer, .link = link, .touched = *touched, .judgement = &judgement};
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
