/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/overlap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A sweep from left to right; `active` are the slots that cover the place where it stands. */
struct sweep {
	const struct history_slot **sorted;
	size_t count, next;
	const struct history_slot **active;
	size_t active_count;
	struct piece *pieces;
	size_t piece_count, piece_room;
};

static int by_from(const void *left, const void *right)
{
	const struct history_slot *a = *(const struct history_slot *const *)left;
	const struct history_slot *b = *(const struct history_slot *const *)right;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->enrolled != b->enrolled)
		return a->enrolled < b->enrolled ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Whether a speaks rather than b at this second. */
static bool wins(const struct history_slot *a, const struct history_slot *b, int64_t second)
{
	if (a->agent == b->agent) {
		if (a->run != b->run)
			return a->run < b->run;
		return a->sequence < b->sequence;
	}
	const struct history_slot *newer = a->enrolled > b->enrolled ? a : b;
	return (a == newer) == (second >= newer->accepted_s);
}

static const struct history_slot *winner(const struct sweep *sweep, int64_t second)
{
	const struct history_slot *best = sweep->active[0];
	for (size_t i = 1; i < sweep->active_count; i++) {
		if (wins(sweep->active[i], best, second))
			best = sweep->active[i];
	}
	return best;
}

/* Takes in the slots that begin here, lets go those that have ended. */
static void enter(struct sweep *sweep, int64_t second)
{
	size_t kept = 0;
	for (size_t i = 0; i < sweep->active_count; i++) {
		if (sweep->active[i]->to > second)
			sweep->active[kept++] = sweep->active[i];
	}
	while (sweep->next < sweep->count && sweep->sorted[sweep->next]->from <= second)
		sweep->active[kept++] = sweep->sorted[sweep->next++];
	sweep->active_count = kept;
}

static int64_t sooner(int64_t limit, int64_t edge, int64_t second)
{
	return edge > second && edge < limit ? edge : limit;
}

/* The next second at which the answer could change. */
static int64_t next_edge(const struct sweep *sweep, int64_t second)
{
	int64_t edge = INT64_MAX;
	if (sweep->next < sweep->count)
		edge = sweep->sorted[sweep->next]->from;
	for (size_t i = 0; i < sweep->active_count; i++) {
		edge = sooner(edge, sweep->active[i]->to, second);
		edge = sooner(edge, sweep->active[i]->accepted_s, second);
	}
	return edge;
}

static int emit(struct sweep *sweep, const struct history_slot *slot, int64_t from, int64_t to)
{
	struct piece *last = sweep->piece_count ? &sweep->pieces[sweep->piece_count - 1] : NULL;
	if (last && last->slot == slot && last->to == from) {
		last->to = to;
		return 0;
	}
	if (sweep->piece_count == sweep->piece_room) {
		size_t room = sweep->piece_room * 2;
		struct piece *pieces = realloc(sweep->pieces, room * sizeof(*pieces));
		if (!pieces)
			return -ENOMEM;
		sweep->pieces = pieces;
		sweep->piece_room = room;
	}
	sweep->pieces[sweep->piece_count++] = (struct piece){from, to, slot};
	return 0;
}

static int run_sweep(struct sweep *sweep)
{
	int64_t second = INT64_MIN;
	for (;;) {
		enter(sweep, second);
		if (!sweep->active_count) {
			if (sweep->next == sweep->count)
				return 0;
			second = sweep->sorted[sweep->next]->from;
			continue;
		}
		int64_t edge = next_edge(sweep, second);
		int failed = emit(sweep, winner(sweep, second), second, edge);
		if (failed)
			return failed;
		second = edge;
	}
}

static int sort_slots(const struct history *history, struct sweep *sweep)
{
	size_t room = history->slot_count + 1;
	sweep->sorted = calloc(room, sizeof(*sweep->sorted));
	sweep->active = calloc(room, sizeof(*sweep->active));
	sweep->pieces = calloc(room, sizeof(*sweep->pieces));
	sweep->piece_room = room;
	if (!sweep->sorted || !sweep->active || !sweep->pieces)
		return -ENOMEM;
	for (size_t i = 0; i < history->slot_count; i++) {
		if (history->slots[i].from < history->slots[i].to)
			sweep->sorted[sweep->count++] = &history->slots[i];
	}
	qsort(sweep->sorted, sweep->count, sizeof(*sweep->sorted), by_from);
	return 0;
}

int overlap_resolve(const struct history *history, struct piece **ret_pieces, size_t *ret_count)
{
	struct sweep sweep = {0};
	int failed = sort_slots(history, &sweep);
	if (!failed)
		failed = run_sweep(&sweep);
	if (!failed) {
		*ret_pieces = sweep.pieces;
		*ret_count = sweep.piece_count;
		sweep.pieces = NULL;
	}
	free(sweep.pieces);
	free(sweep.active);
	free(sweep.sorted);
	return failed;
}
