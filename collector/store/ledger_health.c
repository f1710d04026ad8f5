/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_health.h"

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"

#define US_PER_S 1000000LL

static int see_anchor(void *arg, const struct kept_anchor *anchor)
{
	struct ledger_health *health = arg;

	if (anchor->disputed || (health->has_clock && anchor->mono_us < health->clock.mono_us))
		return 0;
	health->has_clock = true;
	health->clock = (struct anchor){
		.mono_us = anchor->mono_us,
		.utc_us = anchor->utc_us,
		.error_us = anchor->error_us,
		.source = anchor->source,
	};
	return 0;
}

static int read_clock(struct db *db, uint32_t agent, struct ledger_health *health, struct err *err)
{
	int64_t boot = 0;
	struct query q;
	int r;

	db_query(&q, db, "SELECT id FROM boot WHERE agent = ? ORDER BY last_run DESC LIMIT 1");
	query_number(&q, agent);
	if (query_next(&q) > 0)
		boot = query_get_number(&q, 0);
	r = query_end(&q, err);
	return r < 0 || !boot ? r : anchors_each(db, boot, see_anchor, health, err);
}

static int read_drops(struct db *db, uint32_t agent, int64_t since_s, struct ledger_health *health,
	struct err *err)
{
	struct query q;

	db_query(&q, db,
		"SELECT count(*), coalesce(sum(records), 0), coalesce(max(received_us), 0)"
		" FROM dropped WHERE agent = ? AND received_us >= ?");
	query_number(&q, agent);
	query_number(&q, since_s * US_PER_S);
	if (query_next(&q) > 0) {
		health->drops = query_get_number(&q, 0);
		health->dropped_records = query_get_number(&q, 1);
		health->dropped_us = query_get_number(&q, 2);
	}
	return query_end(&q, err);
}

int ledger_health(struct ledger_db *db, uint32_t agent, int64_t since_s,
	struct ledger_health *ret_health, struct err *err)
{
	struct ledger_health health = {.has_clock = false};
	int r = read_clock(db->db, agent, &health, err);

	if (r == 0)
		r = read_drops(db->db, agent, since_s, &health, err);
	if (r == 0)
		*ret_health = health;
	return r;
}
