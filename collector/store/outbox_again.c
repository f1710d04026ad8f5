/* SPDX-License-Identifier: Apache-2.0 */
/* What the outbox said of a link, from what it was said of: slots, states, speed tests, days. */
#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/outbox_parts.h"
#include "collector/store/said_day.h"

struct said_span { /* a row of `said` */
	int64_t from_s, to_s;
	bool up;
};

struct again {
	struct outbox_event event;
	struct said_span *said; /* by from_s */
	size_t count, room;
	size_t at; /* none before it ends after the present slot begins */
	int64_t from_s;
	int (*each)(void *arg, const struct outbox_event *event);
	void *arg;
};

static int add_said(struct again *again, const struct said_span *said)
{
	if (again->count == again->room) {
		size_t room = again->room ? again->room * 2 : 64;
		struct said_span *items = realloc(again->said, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		again->said = items;
		again->room = room;
	}
	again->said[again->count++] = *said;
	return 0;
}

static int load_said(
	struct again *again, struct db *db, const struct ledger_span *span, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT from_s, to_s, up FROM said WHERE link = ?1 AND from_s < ?3 AND to_s > ?2"
		" ORDER BY from_s");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!failed && query_next(&q) > 0)
		failed = add_said(again,
			&(struct said_span){query_get_number(&q, 0), query_get_number(&q, 1),
				query_get_number(&q, 2) != 0});
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "outbox") : r;
}

static int tell(struct again *again, enum outbox_kind kind)
{
	again->event.kind = kind;
	return again->each(again->arg, &again->event);
}

static int tell_state(struct again *again)
{
	int64_t at_s = again->event.at_s;

	while (again->at < again->count && again->said[again->at].to_s <= at_s)
		again->at++;
	if (again->at == again->count || again->said[again->at].from_s > at_s)
		return 0;
	again->event.up = again->said[again->at].up;
	return tell(again, OUTBOX_STATE);
}

static int tell_slot(void *arg, const struct ledger_slot *slot)
{
	struct again *again = arg;
	int stop;

	if (slot->from_s < again->from_s)
		return 0; /* it only reaches into the span */
	again->event.at_s = slot->from_s;
	again->event.slot = outbox_figures(slot->slot);
	stop = tell(again, OUTBOX_SLOT);
	again->event.wan = outbox_wan_of(slot->slot);
	if (!stop)
		stop = tell(again, OUTBOX_WAN);
	return stop ? stop : tell_state(again);
}

static int tell_sample(void *arg, const struct ledger_sample *sample)
{
	struct again *again = arg;

	return outbox_speed_of(sample, &again->event) ? tell(again, OUTBOX_SPEED) : 0;
}

int ledger_say_again(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err)
{
	const struct sample_query speeds = {*span, RECORD_SPEED};
	struct again again = {
		.event.link = span->link, .from_s = span->from_s, .each = each, .arg = arg};
	int r = load_said(&again, db->db, span, err);

	if (r == 0)
		r = ledger_slots(db, span, tell_slot, &again, err);
	if (r == 0)
		r = ledger_samples(db, &speeds, tell_sample, &again, err);
	if (r == 0)
		r = said_days_again(db->db, span, each, arg, err);
	free(again.said);
	return r;
}
