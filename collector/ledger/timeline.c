/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/overlap.h"
#include "collector/ledger/span.h"

struct builder {
	const struct history *history;
	const struct piece *pieces;
	size_t piece_count;
	struct line *line;
	size_t hole_room;
};

static int add_hole(struct builder *builder, int64_t from, int64_t to, enum unknown_cause cause)
{
	struct line *line = builder->line;
	if (from >= to)
		return 0;
	if (line->hole_count == builder->hole_room) {
		size_t room = builder->hole_room ? builder->hole_room * 2 : 16;
		struct line_hole *holes = realloc(line->holes, room * sizeof(*holes));
		if (!holes)
			return -ENOMEM;
		line->holes = holes;
		builder->hole_room = room;
	}
	line->holes[line->hole_count++] = (struct line_hole){from, to, cause};
	return 0;
}

/* Whether the agent has slots that nobody can place, of runs strictly between two that are placed.
 * */
static bool unplaced_between(
	const struct history *history, uint32_t agent, uint32_t after_run, uint32_t before_run)
{
	for (size_t i = 0; i < history->boot_count; i++) {
		const struct history_boot *boot = &history->boots[i];
		if (boot->agent == agent && boot->has_unplaced && boot->first_run > after_run &&
			boot->last_run < before_run)
			return true;
	}
	return false;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Whether the boot says that the one before ended without losing power. */
static bool was_reset(const struct history_boot *boot)
{
	return boot->reset == RESET_WATCHDOG || boot->reset == RESET_PANIC;
}

/* Where this ledger itself lost the agent's records, a hole says nothing of the router: what is
 * left has no cause of its own, as if the agent had not come back yet. */
static int64_t pass_lost(const struct history *history, uint32_t agent, int64_t at, int64_t *ret_to)
{
	bool passed = true;

	while (passed) {
		passed = false;
		for (size_t i = 0; i < history->lost_count; i++) {
			const struct history_drop *lost = &history->lost[i];

			if ((lost->agent && lost->agent != agent) || lost->to <= at)
				continue;
			if (lost->from > at) {
				*ret_to = lost->from < *ret_to ? lost->from : *ret_to;
			} else {
				at = lost->to;
				passed = true;
			}
		}
	}
	return at;
}

static int add_own_hole(
	struct builder *builder, uint32_t agent, struct span at, enum unknown_cause cause)
{
	int failed = 0;

	while (!failed && at.from < at.to) {
		int64_t to = at.to;

		at.from = pass_lost(builder->history, agent, at.from, &to);
		if (to > at.from)
			failed = add_hole(builder, at.from, to < at.to ? to : at.to, cause);
		at.from = to > at.from ? to : at.from;
	}
	return failed;
}

/* What lies between two slots of one agent: its own records say why. */
static int explain_between(
	struct builder *builder, const struct piece *before, const struct piece *after)
{
	const struct history_slot *last = before->slot, *first = after->slot;
	int64_t from = before->to, to = after->from;
	const struct history_boot *boots = builder->history->boots;

	/* two devices do not follow one another: no power cut lies between their slots */
	if (last->boot != first->boot && (last->twin || first->twin))
		return add_own_hole(
			builder, last->agent, (struct span){from, to}, UNKNOWN_DISPUTED);
	if (unplaced_between(builder->history, last->agent, last->run, first->run))
		return add_own_hole(builder, last->agent, (struct span){from, to}, UNKNOWN_CLOCK);
	if (last->boot == first->boot)
		return add_own_hole(builder, last->agent, (struct span){from, to}, UNKNOWN_AGENT);
	if (boots[last->boot].stopped || was_reset(&boots[first->boot]))
		return add_own_hole(builder, last->agent, (struct span){from, to}, UNKNOWN_RESTART);
	/* No power from the last sign of life to the boot; beside that the agent did not run. */
	int64_t alive = clamp(boots[last->boot].alive_s, from, to);
	int64_t booted = clamp(boots[first->boot].booted_s, alive, to);
	int failed = add_own_hole(builder, last->agent, (struct span){from, alive}, UNKNOWN_AGENT);
	if (!failed)
		failed = add_own_hole(
			builder, last->agent, (struct span){alive, booted}, UNKNOWN_POWER);
	return failed
		? failed
		: add_own_hole(builder, last->agent, (struct span){booted, to}, UNKNOWN_AGENT);
}

/* Before the first slot and after the last one only slots without a place say anything. */
static int explain_ends(struct builder *builder, bool at_end)
{
	const struct piece *piece = &builder->pieces[at_end ? builder->piece_count - 1 : 0];
	const struct history_slot *slot = piece->slot;
	if (at_end && unplaced_between(builder->history, slot->agent, slot->run, UINT32_MAX))
		return add_hole(builder, piece->to, SPAN_FOREVER, UNKNOWN_CLOCK);
	if (!at_end && unplaced_between(builder->history, slot->agent, 0, slot->run))
		return add_hole(builder, slot->accepted_s, piece->from, UNKNOWN_CLOCK);
	return 0;
}

static int explain_holes(struct builder *builder)
{
	if (!builder->piece_count)
		return 0;
	int failed = explain_ends(builder, false);
	for (size_t i = 1; !failed && i < builder->piece_count; i++) {
		const struct piece *before = &builder->pieces[i - 1], *after = &builder->pieces[i];
		if (before->to < after->from && before->slot->agent == after->slot->agent)
			failed = explain_between(builder, before, after);
	}
	return failed ? failed : explain_ends(builder, true);
}

/* Seconds of `from` to `to` that no slot covers. */
static int uncovered(const struct builder *builder, const struct spans *within, struct spans *ret)
{
	struct spans covered = {0};
	int failed = 0;
	for (size_t i = 0; !failed && i < builder->piece_count; i++)
		failed = spans_add(&covered, builder->pieces[i].from, builder->pieces[i].to);
	if (!failed)
		failed = spans_subtract(within, &covered, ret);
	spans_done(&covered);
	return failed;
}

/* The parts of a hole that no gap record covers keep their cause. */
static int keep_rest(
	struct builder *builder, const struct line_hole *hole, const struct spans *dropped)
{
	int64_t at = hole->from;
	for (size_t i = 0; i < dropped->count; i++) {
		const struct span *gap = &dropped->items[i];
		if (gap->to <= at || gap->from >= hole->to)
			continue;
		int failed = add_hole(builder, at, gap->from, hole->cause);
		if (failed)
			return failed;
		at = gap->to;
	}
	return add_hole(builder, at, hole->to, hole->cause);
}

static int by_from(const void *left, const void *right)
{
	const struct line_hole *a = left, *b = right;
	return (a->from > b->from) - (a->from < b->from);
}

/* The agent's own gap records go before what the other evidence says. */
static int apply_drops(struct builder *builder)
{
	const struct history *history = builder->history;
	struct spans claimed = {0}, dropped = {0};
	struct line_hole *old = builder->line->holes;
	size_t old_count = builder->line->hole_count;
	int failed = 0;

	if (!history->drop_count)
		return 0;
	builder->line->holes = NULL;
	builder->line->hole_count = builder->hole_room = 0;
	for (size_t i = 0; !failed && i < history->drop_count; i++)
		failed = spans_add(&claimed, history->drops[i].from, history->drops[i].to);
	if (!failed)
		failed = uncovered(builder, &claimed, &dropped);
	for (size_t i = 0; !failed && i < dropped.count; i++)
		failed = add_hole(
			builder, dropped.items[i].from, dropped.items[i].to, UNKNOWN_DROPPED);
	for (size_t i = 0; !failed && i < old_count; i++)
		failed = keep_rest(builder, &old[i], &dropped);
	if (!failed && builder->line->hole_count)
		qsort(builder->line->holes, builder->line->hole_count, sizeof(struct line_hole),
			by_from);
	free(old);
	spans_done(&dropped);
	spans_done(&claimed);
	return failed;
}

static int copy_slots(struct builder *builder)
{
	struct line *line = builder->line;
	line->slots = calloc(builder->piece_count + 1, sizeof(*line->slots));
	if (!line->slots)
		return -ENOMEM;
	for (size_t i = 0; i < builder->piece_count; i++) {
		const struct piece *piece = &builder->pieces[i];
		const struct evidence *evidence = &piece->slot->evidence;
		line->slots[line->slot_count++] = (struct line_slot){
			.from = piece->from,
			.to = piece->to,
			.due = evidence->due,
			.made = evidence->made,
			.lost = evidence->lost,
			.cause = (uint8_t)evidence_cause(evidence, builder->history->ever),
			.disputed = piece->slot->disputed,
		};
	}
	return 0;
}

int line_build(const struct history *history, struct line *ret_line)
{
	struct line line = {0};
	struct piece *pieces = NULL;
	struct builder builder = {.history = history, .line = &line};
	int failed = overlap_resolve(history, &pieces, &builder.piece_count);
	builder.pieces = pieces;
	if (!failed)
		failed = copy_slots(&builder);
	if (!failed)
		failed = explain_holes(&builder);
	if (!failed)
		failed = apply_drops(&builder);
	free(pieces);
	if (failed)
		line_done(&line);
	else
		*ret_line = line;
	return failed;
}

void line_done(struct line *line)
{
	free(line->slots);
	free(line->holes);
	*line = (struct line){0};
}
