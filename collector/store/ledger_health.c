/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_health.h"

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"

#define US_PER_S 1000000LL
#define PARTS 1000000000LL
#define DRIFT_LEAST_US (3600 * US_PER_S) /* below it the anchors' errors are larger than a drift */
#define DRIFT_MOST_US (7 * 86400 * US_PER_S) /* what it does lately */
#define DRIFT_APART_MAX_US (600 * US_PER_S) /* a clock that is off by more was not told the truth */

struct clock_walk {
	struct ledger_health *health;
	struct anchor first; /* of the last days */
	bool has_first;
};

static int see_anchor(void *arg, const struct kept_anchor *anchor)
{
	struct ledger_health *health = ((struct clock_walk *)arg)->health;

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

/* What a person typed tells no drift. */
static int see_first(void *arg, const struct kept_anchor *anchor)
{
	struct clock_walk *walk = arg;
	uint64_t last_us = walk->health->clock.mono_us;

	if (anchor->disputed || anchor->source == ANCHOR_MANUAL ||
		anchor->mono_us + DRIFT_MOST_US < last_us ||
		(walk->has_first && anchor->mono_us >= walk->first.mono_us))
		return 0;
	walk->has_first = true;
	walk->first = (struct anchor){
		.mono_us = anchor->mono_us, .utc_us = anchor->utc_us, .error_us = anchor->error_us};
	return 0;
}

static void find_drift(const struct clock_walk *walk)
{
	const struct anchor *first = &walk->first, *last = &walk->health->clock;
	int64_t over_us = last->utc_us - first->utc_us;
	int64_t fast_us = (int64_t)(last->mono_us - first->mono_us) - over_us;

	if (!walk->has_first || last->source == ANCHOR_MANUAL || over_us < DRIFT_LEAST_US ||
		fast_us > DRIFT_APART_MAX_US || fast_us < -DRIFT_APART_MAX_US ||
		first->error_us > DRIFT_APART_MAX_US || last->error_us > DRIFT_APART_MAX_US)
		return;
	walk->health->drift_over_s = over_us / US_PER_S;
	walk->health->drift_ppb = fast_us * PARTS / over_us;
	walk->health->drift_error_ppb = (int64_t)(first->error_us + last->error_us) * PARTS /
		over_us;
}

static int read_clock(struct db *db, uint32_t agent, struct ledger_health *health, struct err *err)
{
	struct clock_walk walk = {.health = health};
	int64_t boot = 0;
	struct query q;
	int r;

	db_query(&q, db, "SELECT id FROM boot WHERE agent = ? ORDER BY last_run DESC LIMIT 1");
	query_number(&q, agent);
	if (query_next(&q) > 0)
		boot = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0 || !boot)
		return r;
	r = anchors_each(db, boot, see_anchor, &walk, err);
	if (r == 0 && health->has_clock)
		r = anchors_each(db, boot, see_first, &walk, err);
	if (r == 0)
		find_drift(&walk);
	return r;
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
