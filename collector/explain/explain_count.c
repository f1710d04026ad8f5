/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line, base and states around a second. A run of at least W decides, so what was long before does
 * not matter: as much history is read as it takes, a day on either side at first, then four times
 * as much, and all of it in the end.
 */
#include <errno.h>

#include "collector/explain/explain_private.h"
#include "collector/store/derived.h"
#include "collector/store/forget.h"

#define REACH_FIRST_S 86400
#define REACH_MOST_S (1000 * REACH_FIRST_S) /* longer than slots are kept */
/* How far from the end of what was read it may still say otherwise than the whole: the longest
 * bridge, and the slots on its two sides. */
#define MARGIN_S (TERMS_BRIDGE_MAX_S + 2 * SLOT_LENGTH_MAX_MS / 1000)

static void forget(struct explain_case *explain)
{
	explain_case_done(explain);
	explain->history = (struct history){0};
	explain->line = (struct line){0};
	explain->pieces = NULL;
	explain->piece_count = 0;
	explain->base = (struct base){0};
	explain->states = (struct states){0};
}

static int load(struct explain_case *explain, const struct ledger_span *span)
{
	if (!explain->source->ledger)
		return 0;
	return ledger_history_load(explain->source->ledger, span, &explain->history, explain->err);
}

static int build(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	int failed = line_build(&explain->history, &explain->line);

	if (!failed)
		failed = overlap_resolve(
			&explain->history, &explain->pieces, &explain->piece_count);
	if (!failed)
		failed = base_build(&explain->line, &out->terms, out->begins_s, &explain->base);
	if (!failed)
		failed = states_of_base(&explain->base, &out->terms, &explain->states);
	return failed ? err_errno(explain->err, failed, "timeline of a link") : 0;
}

struct known { /* what was read is all there is, on these sides */
	struct span span; /* and right within this */
	bool to_begin, to_end;
};

/* Both passes were decided within what is known, and the second's runs end in it. */
static bool is_decided(
	const struct explain_case *explain, int64_t second, const struct known *known)
{
	for (int bad = 0; bad <= 1; bad++) {
		struct explain_pass pass = explain_pass_at(explain, second, bad);
		if (!known->to_begin && (!pass.decided || pass.decided_from_s < known->span.from))
			return false;
		if (!known->to_end && pass.to_s > known->span.to)
			return false;
	}
	return true;
}

/* The D and N around the second, or the U: an outage is explained whole. */
static struct span stretch_of(const struct explain_case *explain, const struct state_run *run)
{
	const struct state_run *first = run, *last = run;
	const struct state_run *end = explain->states.runs + explain->states.count;

	while (run->state != STATE_U && first > explain->states.runs && first[-1].state != STATE_U)
		first--;
	while (run->state != STATE_U && last + 1 < end && last[1].state != STATE_U)
		last++;
	return (struct span){first->from, last->to};
}

/* Enough was read: nothing beyond it can change what is said. */
static bool is_enough(const struct explain_case *explain, const struct known *known)
{
	const struct explanation *out = explain->out;
	const struct state_run *run = states_at(&explain->states, out->at_s);
	size_t near = explain_slot_after(explain, out->at_s);
	struct span stretch;

	if (!run)
		return true;
	stretch = stretch_of(explain, run);
	if (!known->to_end &&
		(stretch.to > known->span.to ||
			near + EXPLAIN_BESIDE + 1 > explain->line.slot_count))
		return false;
	if (!known->to_begin && (stretch.from <= known->span.from || near <= EXPLAIN_BESIDE))
		return false;
	return is_decided(explain, out->at_s, known) &&
		(known->to_begin || is_decided(explain, stretch.from - 1, known));
}

static int count_within(struct explain_case *explain, const struct ledger_span *span)
{
	int r;

	forget(explain);
	r = load(explain, span);
	return r == 0 ? build(explain) : r;
}

/* Where the timeline begins, and the end of the last slot (INT64_MIN: there is none). */
static int find_ends(struct explain_case *explain, int64_t *ret_end_s)
{
	struct explanation *out = explain->out;
	struct ledger_db *ledger = explain->source->ledger;
	struct ledger_recent recent = {0};
	int64_t first_s;
	int r;

	*ret_end_s = INT64_MIN;
	if (!ledger)
		return 0;
	r = ledger_forgotten_until(ledger, out->link.id, &out->gone_s, explain->err);
	if (r < 0)
		return r;
	r = ledger_first_slot(ledger, out->link.id, &first_s, explain->err);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = ledger_recent(ledger, out->link.id, &recent, explain->err);
	if (r < 0)
		return r;
	if (first_s < out->begins_s)
		out->begins_s = first_s;
	*ret_end_s = recent.to_s;
	return 0;
}

/* What was derived while the slots were there: the states of the whole month, but no base. */
static int count_derived(struct explain_case *explain)
{
	const struct explanation *out = explain->out;
	const struct derived_of of = {out->link.id, explain->contract_s, &out->terms};
	struct derived derived;
	int r;

	forget(explain);
	r = derived_get(explain->source->ledger, &of, &explain->month, &derived, explain->err);
	if (r == 0)
		explain->states = derived.states;
	return r;
}

int explain_count(struct explain_case *explain)
{
	const struct explanation *out = explain->out;
	struct ledger_span span = {.link = out->link.id};
	int64_t end_s;
	int r = find_ends(explain, &end_s);

	for (int64_t reach = REACH_FIRST_S; r == 0 && reach < REACH_MOST_S; reach *= 4) {
		span.from_s = out->at_s - reach;
		span.to_s = out->at_s + reach;
		if (span.from_s < out->gone_s)
			break;
		const struct known known = {
			.span = {span.from_s + MARGIN_S, span.to_s - MARGIN_S},
			.to_begin = span.from_s <= out->begins_s,
			.to_end = span.to_s >= end_s,
		};
		r = count_within(explain, &span);
		if (r == 0 && is_enough(explain, &known))
			return 0;
	}
	if (r == 0 && out->gone_s > out->begins_s)
		return count_derived(explain);
	span.from_s = INT64_MIN;
	span.to_s = SPAN_FOREVER;
	return r == 0 ? count_within(explain, &span) : r;
}

size_t explain_slot_after(const struct explain_case *explain, int64_t second)
{
	size_t low = 0, high = explain->line.slot_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (explain->line.slots[middle].to <= second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
