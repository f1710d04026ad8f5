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
	struct tail *tail, struct ledger_db *db, int64_t link, int64_t from_s, struct err *err)
{
	struct history history;
	int r = ledger_history_load(db, link, from_s, &history, err);

	if (r < 0)
		return r;
	r = line_build(&history, &tail->line);
	ledger_history_done(&history);
	return r < 0 ? err_errno(err, r, "timeline of a link") : 0;
}

static int decide(struct tail *tail, const struct terms *terms, int64_t changed_s, struct err *err)
{
	struct base base;
	int r;

	tail->decided_s = INT64_MIN;
	if (!tail->line.slot_count)
		return 0;
	r = base_build(&tail->line, terms, tail->line.slots[0].from, &base);
	if (r < 0)
		return err_errno(err, r, "timeline of a link");
	tail->decided_s = find_decisive(&base, terms, changed_s);
	base_done(&base);
	return 0;
}

int tail_load(struct tail *ret_tail, struct ledger_db *db, int64_t link, const struct terms *terms,
	int64_t changed_s, int64_t reach_s, struct err *err)
{
	struct tail tail = {.decided_s = INT64_MIN};
	int64_t first_s = changed_s;
	int r = ledger_first_slot(db, link, &first_s, err);

	if (r == -ENOENT)
		r = 0;
	for (; r == 0 && reach_s <= REACH_MAX_S && changed_s - reach_s > first_s; reach_s *= 4) {
		r = load_line(&tail, db, link, changed_s - reach_s, err);
		if (r == 0)
			r = decide(&tail, terms, changed_s, err);
		if (r < 0 || tail.decided_s != INT64_MIN)
			break;
		line_done(&tail.line);
	}
	if (r == 0 && tail.decided_s == INT64_MIN)
		r = load_line(&tail, db, link, INT64_MIN, err);
	if (r < 0)
		tail_done(&tail);
	else
		*ret_tail = tail;
	return r;
}

void tail_done(struct tail *tail)
{
	line_done(&tail->line);
}

int tail_states(const struct tail *tail, const struct terms *terms, int64_t begins,
	struct states *ret_states)
{
	/* what lies before a decided second does not matter: it need not be laid out */
	if (tail->decided_s != INT64_MIN && tail->line.slot_count)
		begins = tail->line.slots[0].from;
	return states_compute(&tail->line, terms, begins, ret_states);
}
