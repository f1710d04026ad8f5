/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/forget.h"

#include "collector/store/forget_link.h"
#include "collector/store/ledger_private.h"

const char forget_schema[] =
	"CREATE TABLE forgotten(month TEXT PRIMARY KEY, until_s INTEGER NOT NULL,"
	"  slots INTEGER NOT NULL, at_s INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE forgotten_link(link INTEGER PRIMARY KEY, until_s INTEGER NOT NULL,"
	"  first_s INTEGER NOT NULL, ever INTEGER NOT NULL) STRICT;";

int ledger_forgotten(struct ledger_db *db,
	int (*each)(void *arg, const struct forgotten *forgotten), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT month, until_s, slots, at_s FROM forgotten ORDER BY month DESC");
	while (!stop && query_next(&q) > 0) {
		struct forgotten forgotten = {
			.until_s = query_get_number(&q, 1),
			.slots = query_get_number(&q, 2),
			.at_s = query_get_number(&q, 3),
		};
		query_copy_text(&q, 0, forgotten.month, sizeof(forgotten.month));
		stop = each(arg, &forgotten);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

int forgotten_get(
	struct db *db, int64_t link, struct forgotten_link *ret_forgotten, struct err *err)
{
	struct forgotten_link forgotten = {INT64_MIN, SPAN_FOREVER, 0};
	struct query q;
	int r;

	db_query(&q, db, "SELECT until_s, first_s, ever FROM forgotten_link WHERE link = ?");
	query_number(&q, link);
	if (query_next(&q) > 0)
		forgotten = (struct forgotten_link){query_get_number(&q, 0),
			query_get_number(&q, 1), (uint8_t)query_get_number(&q, 2)};
	r = query_end(&q, err);
	if (r == 0)
		*ret_forgotten = forgotten;
	return r;
}

int ledger_forgotten_until(
	struct ledger_db *db, int64_t link, int64_t *ret_until_s, struct err *err)
{
	struct forgotten_link forgotten;
	int r = forgotten_get(db->db, link, &forgotten, err);

	if (r == 0)
		*ret_until_s = forgotten.until_s;
	return r;
}
