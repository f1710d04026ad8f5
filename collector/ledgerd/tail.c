/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/tail.h"

#include <errno.h>

#include "collector/ledger/base.h"

#define REACH_MAX_S (8 * 86400) /* a week without a decisive run: read everything */

/* The start of the first run of known seconds of one kind, at least W of it before changed_s.
 * INT64_MIN: there is none. */
static int64_t find_decisive(const struct base *base, const struct terms *terms, int64_t changed_s)
{
	for (size_t i = 0; i < base->count;) {
		const struct base_segment *first = &base->segments[i];
		size_t after = i + 1;
		if (first->from >= changed_s)
			break;
		while (after < base->count && base->segments[after].kind == first->kind)
			after++;
		int64_t to = base->segments[after - 1].to;
		if (to > changed_s)
			to = changed_s;
		if (first->kind != BASE_UNKNOWN && to - first->from >= terms->window_s)
			return first->from;
		i = after;
	}
	return INT64_MIN;
}

static int load_line(
	struct line *ret_line, struct ledger_db *db, int64_t link, int64_t from_s, struct err *err)
{
	struct history history;
	int r = ledger_history_load(
		db, &(struct ledger_span){link, from_s, SPAN_FOREVER}, &history, err);

	if (r < 0)
		return r;
	r = line_build(&history, ret_line);
	ledger_history_done(&history);
	return r < 0 ? err_errno(err, r, "timeline of a link") : 0;
}

static int decide(
	const struct line *line, const struct tail_of *of, int64_t *ret_decided_s, struct err *err)
{
	struct base base;
	int r;

	*ret_decided_s = INT64_MIN;
	if (!line->slot_count)
		return 0;
	r = base_build(line, of->terms, line->slots[0].from, &base);
	if (r < 0)
		return err_errno(err, r, "timeline of a link");
	*ret_decided_s = find_decisive(&base, of->terms, of->changed_s);
	base_done(&base);
	return 0;
}

struct cut { /* the line of the tail, and from when on it decides */
	struct line line;
	int64_t decided_s;
};

static int find_tail(struct cut *cut, struct ledger_db *db, const struct tail_of *of,
	int64_t reach_s, struct err *err)
{
	int64_t first_s = of->changed_s;
	int r = ledger_first_slot(db, of->link, &first_s, err);

	if (r == -ENOENT)
		r = 0;
	for (; r == 0 && reach_s <= REACH_MAX_S && of->changed_s - reach_s > first_s;
		reach_s *= 4) {
		r = load_line(&cut->line, db, of->link, of->changed_s - reach_s, err);
		if (r == 0)
			r = decide(&cut->line, of, &cut->decided_s, err);
		if (r < 0 || cut->decided_s != INT64_MIN)
			return r;
		line_done(&cut->line);
	}
	cut->decided_s = INT64_MIN;
	return r < 0 ? r : load_line(&cut->line, db, of->link, INT64_MIN, err);
}

int tail_load(struct tail *ret_tail, struct ledger_db *db, const struct tail_of *of,
	int64_t reach_s, struct err *err)
{
	struct tail tail;
	struct cut cut = {.decided_s = INT64_MIN};
	int64_t begins = of->begins;
	int r = find_tail(&cut, db, of, reach_s, err);

	if (r == 0) {
		/* what lies before a decided second does not matter: it is not laid out */
		if (cut.decided_s != INT64_MIN)
			begins = cut.line.slots[0].from;
		tail.decided_s = cut.decided_s;
		r = states_compute(&cut.line, of->terms, begins, &tail.states);
		if (r < 0)
			err_errno(err, r, "states of a link");
	}
	line_done(&cut.line);
	if (r == 0)
		*ret_tail = tail;
	return r;
}

void tail_done(struct tail *tail)
{
	states_done(&tail->states);
}
