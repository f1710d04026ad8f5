/* SPDX-License-Identifier: Apache-2.0 */
/* What the second was measured as, and why: the states, both passes, the pieces around it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/explain_private.h"

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
		&explain->base.segments[base_segment_at(&explain->base, slot->from)];
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

	for (size_t i = base_segment_at(base, from); from < to && i < base->count; i++) {
		const struct base_segment *segment = &base->segments[i];
		int64_t end = segment->to < to ? segment->to : to;
		if (!add_piece(explain, segment, from, end))
			return -ENOMEM;
		from = end;
	}
	return 0;
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

/* -ERANGE: the run that decides says otherwise than the states do. */
static int judge_pass(
	const struct explain_case *explain, bool unknown_is_bad, struct explain_pass *ret_pass)
{
	const struct explanation *out = explain->out;
	bool down = unknown_is_bad ? out->run.state != STATE_U : out->run.state == STATE_D;
	struct explain_pass pass = {.down = down, .gone = true};

	if (explain->base.count)
		pass = explain_pass_at(explain, out->at_s, unknown_is_bad);
	if (pass.down != down)
		return -ERANGE;
	*ret_pass = pass;
	return 0;
}

int explain_judge(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	const struct state_run *run = states_at(&explain->states, out->at_s);
	int r;

	if (!run || out->at_s < out->begins_s || out->at_s >= out->as_of_s)
		return 0;
	out->measured = true;
	out->run = *run;
	r = judge_pass(explain, false, &out->if_good);
	if (r == 0)
		r = judge_pass(explain, true, &out->if_bad);
	if (r == 0 && explain->base.count)
		r = add_pieces(explain);
	if (r == -ERANGE)
		err_set(explain->err, r, "the explanation contradicts the count");
	else if (r < 0)
		err_errno(explain->err, r, "slots around a second");
	return r;
}
