/* SPDX-License-Identifier: Apache-2.0 */
/* The states of a span out of the slots around it: right whatever is derived, only slower. */
#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/decisive.h"
#include "collector/store/derived.h"

/* How far beside what is asked is looked first: a reboot and its neighbours. */
#define BESIDE_S 3600

struct seeker {
	struct ledger_db *db;
	const struct derived_of *of;
	int64_t begins_s;
	struct span loaded;
	struct decisive decisive;
};

static int load_line(struct seeker *seeker, struct line *ret_line, struct err *err)
{
	const struct ledger_span span = {seeker->of->link, seeker->loaded.from, seeker->loaded.to};
	struct history history;
	int r = ledger_history_load(seeker->db, &span, &history, err);

	if (r < 0)
		return r;
	r = line_build(&history, ret_line);
	ledger_history_done(&history);
	return r < 0 ? err_errno(err, r, "timeline of link %lld", (long long)span.link) : 0;
}

/* Is it the end of the timeline that was read on this side? */
static void find_ends(struct seeker *seeker, const struct line *line)
{
	const struct span *loaded = &seeker->loaded;
	struct span *sound = &seeker->decisive.sound;
	int64_t last_s = line->slot_count ? line->slots[line->slot_count - 1].to : INT64_MIN;

	*sound = *loaded;
	if (!line->slot_count || line->slots[0].from >= loaded->from)
		sound->from = INT64_MIN;
	if (last_s <= loaded->to)
		sound->to = SPAN_FOREVER;
}

static int read_base(struct seeker *seeker, struct base *ret_base, struct err *err)
{
	struct line line;
	int r = load_line(seeker, &line, err);

	if (r < 0)
		return r;
	find_ends(seeker, &line);
	r = base_build(&line, seeker->of->terms, seeker->begins_s, ret_base);
	line_done(&line);
	if (r == 0)
		r = base_reserve(ret_base, 1);
	return r < 0 ? err_errno(err, r, "timeline of link %lld", (long long)seeker->of->link) : 0;
}

static int64_t move(int64_t second, int64_t by_s)
{
	int64_t moved;

	if (__builtin_add_overflow(second, by_s, &moved))
		return by_s < 0 ? INT64_MIN : SPAN_FOREVER;
	return second == INT64_MIN || second == SPAN_FOREVER ? second : moved;
}

static int read_states(struct seeker *seeker, struct states *ret_states, struct err *err)
{
	const struct span *asked = &seeker->decisive.asked;
	int64_t beside_s = BESIDE_S + 2 * (int64_t)seeker->of->terms->window_s;
	struct base base = {0};
	bool enough = false;
	int r = 0;

	while (r == 0 && !enough) {
		base_done(&base);
		seeker->loaded = (struct span){
			move(asked->from, -beside_s), move(asked->to, beside_s)};
		r = read_base(seeker, &base, err);
		enough = r == 0 && decisive_cut(&seeker->decisive, &base);
		if (beside_s < INT64_MAX / 8)
			beside_s *= 8;
	}
	if (r == 0) {
		r = states_of_base(&base, seeker->of->terms, ret_states);
		if (r < 0)
			err_errno(err, r, "states of link %lld", (long long)seeker->of->link);
	}
	base_done(&base);
	return r;
}

int derived_from_slots(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	struct seeker seeker = {.db = db, .of = of};
	int64_t first_s = SPAN_FOREVER;
	int r = ledger_first_slot(db, of->link, &first_s, NULL);

	if (r < 0 && r != -ENOENT)
		return err_errno(err, r, "first slot of link %lld", (long long)of->link);
	seeker.begins_s = first_s < of->contract_s ? first_s : of->contract_s;
	seeker.decisive.asked = *span;
	seeker.decisive.window_s = of->terms->window_s;
	r = read_states(&seeker, &ret_derived->states, err);
	if (r < 0)
		return r;
	ret_derived->right = seeker.decisive.right;
	ret_derived->first_s = first_s;
	return 0;
}
