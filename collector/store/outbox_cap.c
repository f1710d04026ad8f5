/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox's limit. A store that is away for long costs no more than that; what falls off is
 * said again from the slots when somebody asks for it.
 *
 *	counter "fallen"	rows that fell off, ever
 *	position "fallen"	a, b: what the rows of the last time said lies in [a, b)
 *	position "fallen_at"	a: when that was
 */
#include "collector/store/ledger_private.h"
#include "collector/store/outbox_parts.h"
#include "common/clock.h"

#define EPISODE_S 86400 /* rows that fall within a day of each other are one gap */

struct fall {
	int64_t rows, from_s, to_s;
};

static int64_t end_of_slots(int64_t first_s, struct unpack *unpack)
{
	int64_t last_s = first_s;

	while (!unpack->failed && unpack->at < unpack->length) {
		struct outbox_slot slot;
		struct outbox_wan wan;
		int64_t at_s = first_s + unpack_signed(unpack);
		unpack_slot(unpack, &slot, &wan);
		if (!unpack->failed && at_s > last_s)
			last_s = at_s;
	}
	return last_s + 1;
}

/* Counts a row, unless it said nothing of slots. */
static void count_row(struct fall *fall, struct query *q)
{
	enum outbox_kind kind = (enum outbox_kind)query_get_number(q, 0);
	int64_t at_s = query_get_number(q, 1), to_s = at_s + 1;
	struct unpack unpack;
	size_t length;
	const void *payload = query_get_bytes(q, 2, &length);

	unpack_init(&unpack, payload, length);
	if (kind == OUTBOX_LIVE || kind == OUTBOX_NEWS)
		return;
	if (kind == OUTBOX_SLOT)
		to_s = end_of_slots(at_s, &unpack);
	if (kind == OUTBOX_STATE)
		unpack_u8(&unpack);
	if (kind == OUTBOX_STATE || kind == OUTBOX_UNSAID)
		to_s = (int64_t)unpack_u64(&unpack);
	fall->rows++;
	if (at_s < fall->from_s)
		fall->from_s = at_s;
	if (to_s > fall->to_s)
		fall->to_s = to_s;
}

static int count_rows(
	struct db *db, int64_t after, int64_t last, struct fall *ret_fall, struct err *err)
{
	struct query q;

	*ret_fall = (struct fall){0, INT64_MAX, 0};
	db_query(&q, db,
		"SELECT kind, at_s, payload FROM outbox WHERE id > ? AND id <= ? ORDER BY id");
	query_number(&q, after);
	query_number(&q, last);
	while (query_next(&q) > 0)
		count_row(ret_fall, &q);
	return query_end(&q, err);
}

static int note(struct db *db, struct fall *fall, struct err *err)
{
	int64_t now_s = clock_utc_us() / 1000000, at_s, from_s, to_s, unused;
	int r = position_get(db, "fallen_at", &at_s, &unused, err);

	if (r == 0)
		r = position_get(db, "fallen", &from_s, &to_s, err);
	if (r == 0 && to_s && now_s - at_s < EPISODE_S) {
		fall->from_s = from_s < fall->from_s ? from_s : fall->from_s;
		fall->to_s = to_s > fall->to_s ? to_s : fall->to_s;
	}
	if (r == 0)
		r = position_put(db, "fallen", fall->from_s, fall->to_s, err);
	if (r == 0)
		r = position_put(db, "fallen_at", now_s, 0, err);
	return r < 0 ? r : counter_add(db, "fallen", fall->rows, err);
}

static int drop(struct db *db, int64_t last, int64_t missed, struct err *err)
{
	struct query q;
	int r = position_put(db, "export", last, missed, err);

	if (r < 0)
		return r;
	db_query(&q, db, "DELETE FROM outbox WHERE id <= ?");
	query_number(&q, last);
	return query_run(&q, err);
}

int ledger_cap_outbox(struct ledger_writer *writer, int64_t rows, struct err *err)
{
	int64_t taken, missed, last;
	struct fall fall;
	int r = position_get(writer->db, "export", &taken, &missed, err);

	if (r == 0)
		r = outbox_last(writer, &last, err);
	if (r < 0 || last - taken <= rows)
		return r;
	r = count_rows(writer->db, taken, last - rows, &fall, err);
	if (r == 0 && fall.rows)
		r = note(writer->db, &fall, err);
	return r < 0 ? r : drop(writer->db, last - rows, missed, err);
}
