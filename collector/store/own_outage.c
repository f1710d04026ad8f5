/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/own_outage.h"

#include "collector/store/ledger_private.h"

#define WELL "well" /* a position: up to this second */

const char own_outage_schema[] =
	"CREATE TABLE own_outage(from_s INTEGER PRIMARY KEY, to_s INTEGER NOT NULL,"
	"  why TEXT NOT NULL) STRICT;";

int own_outages(struct ledger_db *db, int (*each)(void *arg, const struct own_outage *outage),
	void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db, "SELECT from_s, to_s, why FROM own_outage ORDER BY from_s DESC");
	while (!stop && query_next(&q) > 0) {
		struct own_outage outage = {query_get_number(&q, 0), query_get_number(&q, 1), ""};

		query_copy_text(&q, 2, outage.why, sizeof(outage.why));
		stop = each(arg, &outage);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop < 0 ? stop : r;
}

int own_outage_put(struct ledger_writer *writer, const struct own_outage *outage, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO own_outage(from_s, to_s, why) VALUES (?, ?, ?)"
		" ON CONFLICT(from_s) DO UPDATE SET to_s = excluded.to_s, why = excluded.why");
	query_number(&q, outage->from_s);
	query_number(&q, outage->to_s);
	query_text(&q, outage->why);
	return query_run(&q, err);
}

int own_well_get(struct ledger_db *db, int64_t *ret_well_s, struct err *err)
{
	int64_t unused;

	return position_get(db->db, WELL, ret_well_s, &unused, err);
}

int own_well_put(struct ledger_writer *writer, int64_t well_s, struct err *err)
{
	return position_put(writer->db, WELL, well_s, 0, err);
}
