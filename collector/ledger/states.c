/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/states.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/base.h"

struct passes { /* one flag a base segment */
	bool *down_if_good; /* pass 1: unknown taken as good */
	bool *down_if_bad; /* pass 2: unknown taken as bad */
};

static bool is_bad(const struct base_segment *segment, bool unknown_is_bad)
{
	return segment->kind == BASE_BAD || (segment->kind == BASE_UNKNOWN && unknown_is_bad);
}

/* MEF 10.2.1's sliding window with W a length of time: a run of at least W decides. */
static void pass(const struct base *base, uint32_t window_s, bool unknown_is_bad, bool *ret_down)
{
	bool down = false;
	for (size_t i = 0; i < base->count;) {
		bool bad = is_bad(&base->segments[i], unknown_is_bad);
		size_t after = i + 1;
		while (after < base->count && is_bad(&base->segments[after], unknown_is_bad) == bad)
			after++;
		/* unsigned: the last segment ends at the end of time */
		uint64_t length = (uint64_t)base->segments[after - 1].to -
			(uint64_t)base->segments[i].from;
		if (length >= window_s)
			down = bad;
		while (i < after)
			ret_down[i++] = down;
	}
}

/* The cause that covers most of the run of D; ties: the one that came first. */
static enum down_cause main_cause(const struct base_segment *segments, size_t count)
{
	int64_t seconds[DOWN_CAUSE_COUNT] = {0};
	int order[DOWN_CAUSE_COUNT], seen = 0;
	for (size_t i = 0; i < count; i++) {
		if (segments[i].kind != BASE_BAD || segments[i].bridged)
			continue;
		if (!seconds[segments[i].cause])
			order[seen++] = segments[i].cause;
		seconds[segments[i].cause] += segments[i].to - segments[i].from;
	}
	int best = seen ? order[0] : DOWN_LOCAL;
	for (int i = 1; i < seen; i++) {
		if (seconds[order[i]] > seconds[best])
			best = order[i];
	}
	return (enum down_cause)best;
}

static enum state state_of(const struct passes *passes, size_t i)
{
	if (passes->down_if_good[i])
		return STATE_D;
	return passes->down_if_bad[i] ? STATE_N : STATE_U;
}

static void append_run(struct states *states, struct state_run run)
{
	struct state_run *last = states->count ? &states->runs[states->count - 1] : NULL;
	if (last && last->state == run.state && last->cause == run.cause)
		last->to = run.to;
	else
		states->runs[states->count++] = run;
}

/* An undetermined second has the cause of its own hole; a slot's hangs on unknown time beside it.
 * */
static uint8_t unknown_cause_of(const struct base_segment *segment)
{
	return segment->kind == BASE_UNKNOWN || segment->bridged ? segment->cause : UNKNOWN_EDGE;
}

static void collect_runs(
	const struct base *base, const struct passes *passes, struct states *states)
{
	for (size_t i = 0; i < base->count;) {
		const struct base_segment *first = &base->segments[i];
		enum state state = state_of(passes, i);
		size_t after = i + 1;
		while (state == STATE_D && after < base->count &&
			state_of(passes, after) == STATE_D)
			after++;
		uint8_t cause = 0;
		if (state == STATE_D)
			cause = main_cause(first, after - i);
		else if (state == STATE_N)
			cause = unknown_cause_of(first);
		append_run(states,
			(struct state_run){
				first->from, base->segments[after - 1].to, state, cause});
		i = after;
	}
}

static int collect_bad(const struct base *base, const struct passes *passes, struct states *states)
{
	int failed = 0;
	for (size_t i = 0; !failed && i < base->count; i++) {
		const struct base_segment *segment = &base->segments[i];
		if (segment->kind != BASE_BAD)
			continue;
		if (state_of(passes, i) == STATE_U)
			failed = spans_add(&states->high_loss, segment->from, segment->to);
		if (!failed && !segment->bridged)
			failed = spans_add(&states->charged, segment->from, segment->to);
	}
	return failed;
}

/* A power gap with a charged bad slot less than W away could be the outage's own: people decide. */
static int collect_power(const struct base *base, const struct terms *terms, struct states *states)
{
	int64_t window = terms->window_s;
	for (size_t i = 0; i < base->count; i++) {
		const struct base_segment *hole = &base->segments[i];
		if ((hole->kind != BASE_UNKNOWN && !hole->bridged) ||
			hole->cause != UNKNOWN_POWER ||
			!spans_within(&states->charged, hole->from - window, hole->to + window))
			continue;
		int failed = spans_add(&states->power_person, hole->from, hole->to);
		if (failed)
			return failed;
	}
	return 0;
}

static int judge(const struct base *base, const struct terms *terms, struct states *states)
{
	struct passes passes = {
		.down_if_good = calloc(base->count, sizeof(bool)),
		.down_if_bad = calloc(base->count, sizeof(bool)),
	};
	states->runs = calloc(base->count, sizeof(*states->runs));
	int failed = -ENOMEM;
	if (passes.down_if_good && passes.down_if_bad && states->runs) {
		pass(base, terms->window_s, false, passes.down_if_good);
		pass(base, terms->window_s, true, passes.down_if_bad);
		collect_runs(base, &passes, states);
		failed = collect_bad(base, &passes, states);
	}
	if (!failed)
		failed = collect_power(base, terms, states);
	free(passes.down_if_bad);
	free(passes.down_if_good);
	return failed;
}

int states_compute(const struct line *line, const struct terms *terms, int64_t begins,
	struct states *ret_states)
{
	struct base base = {0};
	int failed = base_build(line, terms, begins, &base);
	if (!failed)
		failed = states_of_base(&base, terms, ret_states);
	base_done(&base);
	return failed;
}

int states_of_base(const struct base *base, const struct terms *terms, struct states *ret_states)
{
	struct states states = {0};
	int failed = judge(base, terms, &states);
	if (failed)
		states_done(&states);
	else
		*ret_states = states;
	return failed;
}

void states_done(struct states *states)
{
	free(states->runs);
	spans_done(&states->high_loss);
	spans_done(&states->charged);
	spans_done(&states->power_person);
	*states = (struct states){0};
}

const struct state_run *states_at(const struct states *states, int64_t second)
{
	size_t low = 0, high = states->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (states->runs[middle].to <= second)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == states->count || states->runs[low].from > second)
		return NULL;
	return &states->runs[low];
}
