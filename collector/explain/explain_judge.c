/* SPDX-License-Identifier: Apache-2.0 */
/* What the second was measured as, and why: the states, both passes, the pieces around it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/explain_private.h"

static int load_history(struct explain_case *explain)
{
	const struct ledger_span always = {explain->out->link.id, INT64_MIN, SPAN_FOREVER};

	if (!explain->source->ledger)
		return 0;
	return ledger_history_load(
		explain->source->ledger, &always, &explain->history, explain->err);
}

static int build(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	int failed = line_build(&explain->history, &explain->line);

	if (!failed)
		failed = overlap_resolve(
			&explain->history, &explain->pieces, &explain->piece_count);
	if (failed)
		return failed;
	if (explain->line.slot_count && explain->line.slots[0].from < out->begins_s)
		out->begins_s = explain->line.slots[0].from;
	failed = base_build(&explain->line, &out->terms, out->begins_s, &explain->base);
	return failed ? failed : states_of_base(&explain->base, &out->terms, &explain->states);
}

int explain_count(struct explain_case *explain)
{
	int r = load_history(explain);

	if (r < 0)
		return r;
	r = build(explain);
	return r < 0 ? err_errno(explain->err, r, "timeline of a link") : 0;
}

/* ---- the two passes */

static bool is_bad(const struct base_segment *segment, bool unknown_is_bad)
{
	return segment->kind == BASE_BAD || (segment->kind == BASE_UNKNOWN && unknown_is_bad);
}

static size_t segment_at(const struct base *base, int64_t second)
{
	size_t low = 0, high = base->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (base->segments[middle].to <= second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct stretch { /* of segments that a pass takes alike, [first, after) */
	size_t first, after;
	bool bad;
};

static struct stretch stretch_at(const struct base *base, size_t i, bool unknown_is_bad)
{
	struct stretch stretch = {i, i + 1, is_bad(&base->segments[i], unknown_is_bad)};

	while (stretch.first > 0 &&
		is_bad(&base->segments[stretch.first - 1], unknown_is_bad) == stretch.bad)
		stretch.first--;
	while (stretch.after < base->count &&
		is_bad(&base->segments[stretch.after], unknown_is_bad) == stretch.bad)
		stretch.after++;
	return stretch;
}

static bool lasts(const struct base *base, const struct stretch *stretch, uint32_t window_s)
{
	uint64_t to = (uint64_t)base->segments[stretch->after - 1].to;

	return to - (uint64_t)base->segments[stretch->first].from >= window_s;
}

/* -ERANGE: the run that decides says otherwise than the states do. */
static int look_back(
	const struct explain_case *explain, bool unknown_is_bad, struct explain_pass *pass)
{
	const struct base *base = &explain->base;
	uint32_t window_s = explain->out->terms.window_s;
	struct stretch stretch = stretch_at(
		base, segment_at(base, explain->out->at_s), unknown_is_bad);

	pass->bad = stretch.bad;
	pass->from_s = base->segments[stretch.first].from;
	pass->to_s = base->segments[stretch.after - 1].to;
	while (!lasts(base, &stretch, window_s) && stretch.first > 0)
		stretch = stretch_at(base, stretch.first - 1, unknown_is_bad);
	pass->decided = lasts(base, &stretch, window_s);
	if (!pass->decided)
		return pass->down ? -ERANGE : 0;
	pass->decided_from_s = base->segments[stretch.first].from;
	pass->decided_to_s = base->segments[stretch.after - 1].to;
	return stretch.bad == pass->down ? 0 : -ERANGE;
}

/* ---- the pieces */

void *explain_add(void **items, size_t *count, size_t size)
{
	char *grown = realloc(*items, (*count + 1) * size);

	if (!grown)
		return NULL;
	*items = grown;
	return memset(grown + size * (*count)++, 0, size);
}

static struct explain_piece *add_piece(
	struct explain_case *explain, const struct base_segment *segment, int64_t from, int64_t to)
{
	struct explanation *out = explain->out;
	struct explain_piece *piece = explain_add(
		(void **)&out->pieces, &out->piece_count, sizeof(*piece));

	if (!piece)
		return NULL;
	*piece = (struct explain_piece){
		.from_s = from,
		.to_s = to,
		.here = from <= out->at_s && out->at_s < to,
		.kind = segment->kind,
		.cause = segment->cause,
		.bridged = segment->bridged,
	};
	return piece;
}

static int add_slot(struct explain_case *explain, size_t i)
{
	const struct line_slot *slot = &explain->line.slots[i];
	const struct history_slot *speaker = explain->pieces[i].slot;
	const struct base_segment *segment =
		&explain->base.segments[segment_at(&explain->base, slot->from)];
	struct explain_piece *piece = add_piece(explain, segment, slot->from, slot->to);

	if (!piece)
		return -ENOMEM;
	piece->is_slot = true;
	piece->agent = speaker->agent;
	piece->run = speaker->run;
	piece->sequence = speaker->sequence;
	piece->due = slot->due;
	piece->made = slot->made;
	piece->lost = slot->lost;
	piece->disputed = slot->disputed;
	return 0;
}

static int add_hole(struct explain_case *explain, int64_t from, int64_t to)
{
	const struct base *base = &explain->base;

	for (size_t i = segment_at(base, from); from < to && i < base->count; i++) {
		const struct base_segment *segment = &base->segments[i];
		int64_t end = segment->to < to ? segment->to : to;
		if (!add_piece(explain, segment, from, end))
			return -ENOMEM;
		from = end;
	}
	return 0;
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

static int add_pieces(struct explain_case *explain)
{
	const struct line *line = &explain->line;
	size_t near = explain_slot_after(explain, explain->out->at_s);
	size_t first = near > EXPLAIN_BESIDE ? near - EXPLAIN_BESIDE : 0;
	size_t after = near + EXPLAIN_BESIDE + 1;
	int64_t at = first ? line->slots[first - 1].to : explain->out->begins_s;
	int failed = 0;

	if (after > line->slot_count)
		after = line->slot_count;
	for (size_t i = first; !failed && i < after; i++) {
		failed = add_hole(explain, at, line->slots[i].from);
		if (!failed)
			failed = add_slot(explain, i);
		at = line->slots[i].to;
	}
	return failed || after < line->slot_count ? failed : add_hole(explain, at, SPAN_FOREVER);
}

int explain_judge(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	const struct state_run *run = states_at(&explain->states, out->at_s);
	int r;

	if (!run || out->at_s >= out->as_of_s)
		return 0;
	out->measured = true;
	out->run = *run;
	out->if_good.down = run->state == STATE_D;
	out->if_bad.down = run->state != STATE_U;
	r = look_back(explain, false, &out->if_good);
	if (r == 0)
		r = look_back(explain, true, &out->if_bad);
	if (r == 0)
		r = add_pieces(explain);
	if (r == -ERANGE)
		err_set(explain->err, r, "the explanation contradicts the count");
	else if (r < 0)
		err_errno(explain->err, r, "slots around a second");
	return r;
}
