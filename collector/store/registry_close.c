/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_close.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_private.h"
#include "common/civil.h"
#include "common/json.h"

#define DAY_S 86400
#define NO_LINK_ZONE "WITA"
#define CHANGE_JSON_MAX 4096 /* a name of 95 bytes, escaped, and three short fields */

const char registry_close_schema[] =
	"CREATE TABLE closing(id INTEGER PRIMARY KEY AUTOINCREMENT, month TEXT NOT NULL,"
	"  by TEXT NOT NULL, grace_days INTEGER NOT NULL, entered_s INTEGER NOT NULL) STRICT;";

int closing_span(const char *month, struct span *ret_span, struct err *err)
{
	int32_t east_s = 0, west_s = 0;
	struct span span;
	int64_t other;
	int r;

	civil_zone("WIT", &east_s);
	civil_zone("WIB", &west_s);
	r = civil_month(month, east_s, &span.from, &other, err);
	if (r == 0)
		r = civil_month(month, west_s, &other, &span.to, err);
	if (r == 0)
		*ret_span = span;
	return r;
}

struct zone {
	char name[8];
	int32_t offset_s;
};

static int find_westernmost(struct registry *registry, struct zone *ret_zone, struct err *err)
{
	struct zone zone = {.offset_s = INT32_MAX};
	int32_t offset_s;
	struct query q;
	int r;

	db_query(&q, registry->db,
		"SELECT DISTINCT zone FROM link UNION ALL"
		" SELECT '" NO_LINK_ZONE "' WHERE NOT EXISTS (SELECT 1 FROM link)");
	while (query_next(&q) > 0) {
		if (civil_zone(query_get_text(&q, 0), &offset_s) < 0 || offset_s >= zone.offset_s)
			continue;
		zone.offset_s = offset_s;
		query_copy_text(&q, 0, zone.name, sizeof(zone.name));
	}
	r = query_end(&q, err);
	if (r == 0)
		*ret_zone = zone;
	return r;
}

/* From when on it can be closed, and in which zone that is told. */
static int find_closing(struct registry *registry, const struct registry_closing *closing,
	struct zone *ret_zone, int64_t *ret_from_s, struct err *err)
{
	struct span span;
	int r = find_westernmost(registry, ret_zone, err);

	if (r == 0)
		r = civil_month(closing->month, ret_zone->offset_s, &span.from, &span.to, err);
	if (r == 0)
		*ret_from_s = span.to + closing->grace_days * DAY_S;
	return r;
}

int registry_closing_from(
	struct registry *registry, const char *month, int64_t *ret_from_s, struct err *err)
{
	struct registry_closing closing = {.grace_days = CLOSING_GRACE_DAYS};
	struct zone zone;

	copy_text(closing.month, sizeof(closing.month), month);
	return find_closing(registry, &closing, &zone, ret_from_s, err);
}

static int check_grace(struct registry *registry, const struct registry_closing *closing,
	int64_t now_s, struct err *err)
{
	char local[CIVIL_TIME_BYTES], utc[CIVIL_TIME_BYTES];
	struct zone zone;
	int64_t from_s;
	int r = find_closing(registry, closing, &zone, &from_s, err);

	if (r < 0)
		return r;
	if (now_s >= from_s)
		return 0;
	civil_format_local(from_s, zone.offset_s, local);
	civil_format(from_s, utc);
	return err_set(err, -EAGAIN,
		"%s can be closed from %s %s (%s) on, %" PRId64
		" days after its local end: until then late records are waited for",
		closing->month, local, zone.name, utc, closing->grace_days);
}

static int check_closing(struct registry *registry, const struct registry_closing *closing,
	int64_t now_s, struct err *err)
{
	int r = check_name("by", closing->by, err);

	if (r == 0 && (closing->grace_days < 0 || closing->grace_days > CLOSING_GRACE_DAYS_MAX))
		r = err_set(err, -EINVAL, "grace = %" PRId64 " days: must be 0 to %d",
			closing->grace_days, CLOSING_GRACE_DAYS_MAX);
	return r == 0 ? check_grace(registry, closing, now_s, err) : r;
}

int registry_closing_check(
	struct registry *registry, const struct registry_closing *closing, struct err *err)
{
	return check_closing(registry, closing, registry->now_s(registry->now_arg), err);
}

static int insert(struct change *change, const struct registry_closing *closing, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO closing(month, by, grace_days, entered_s) VALUES (?, ?, ?, ?)");
	query_text(&q, closing->month);
	query_text(&q, closing->by);
	query_number(&q, closing->grace_days);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static int log_closing(
	struct change *change, const struct registry_closing *closing, struct err *err)
{
	struct json json;
	struct buf after;
	char row[24];
	int r;

	buf_init(&after, CHANGE_JSON_MAX);
	json_init(&json, &after);
	json_object(&json, NULL);
	json_number(&json, "id", closing->id);
	json_text(&json, "month", closing->month);
	json_text(&json, "by", closing->by);
	json_number(&json, "grace_days", closing->grace_days);
	json_object_end(&json);
	r = json_end(&json);
	if (r == 0)
		r = buf_append(&after, "", 1);
	snprintf(row, sizeof(row), "%" PRId64, closing->id);
	if (r < 0)
		err_errno(err, r, "the log of changes");
	else
		r = change_note(change, "closing", row, (const char *)buf_peek(&after), err);
	buf_done(&after);
	return r;
}

int registry_closing_add(struct registry *registry, const struct registry_closing *closing,
	struct registry_closing *ret_closing, struct err *err)
{
	struct registry_closing entered = *closing;
	struct change change;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	entered.entered_s = change.at_s;
	r = check_closing(registry, &entered, change.at_s, err);
	if (r == 0)
		r = insert(&change, &entered, err);
	if (r == 0) {
		entered.id = db_last_id(registry->db);
		r = log_closing(&change, &entered, err);
	}
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_closing = entered;
	return r;
}

int registry_closings(struct registry *registry,
	int (*each)(void *arg, const struct registry_closing *closing), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, month, by, grace_days, entered_s FROM closing ORDER BY id");
	while (!stop && query_next(&q) > 0) {
		struct registry_closing closing = {
			.id = query_get_number(&q, 0),
			.grace_days = query_get_number(&q, 3),
			.entered_s = query_get_number(&q, 4),
		};
		query_copy_text(&q, 1, closing.month, sizeof(closing.month));
		query_copy_text(&q, 2, closing.by, sizeof(closing.by));
		stop = each(arg, &closing);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* A row without times may reach anywhere; what is no concern of a month's is named. Where
 * a contract or a binding was only ended, what lay before its end is as it was. */
int registry_changed_since(struct registry *registry, int64_t sequence, struct span span,
	int64_t *ret_count, struct err *err)
{
	struct query q;
	int64_t count = 0;
	int r;

	db_query(&q, registry->db,
		"WITH moved AS (SELECT table_name IN ('contract', 'binding') AND before IS NOT NULL"
		"   AND after IS NOT NULL AS ended,"
		"  coalesce(json_extract(after, '$.from_s'), json_extract(before, '$.from_s'),"
		"   json_extract(after, '$.at_s'), -9e15) AS from_s,"
		"  coalesce(json_extract(coalesce(before, after), '$.to_s'),"
		"   json_extract(after, '$.at_s') + 1, 9e15) AS old_to_s,"
		"  coalesce(json_extract(coalesce(after, before), '$.to_s'),"
		"   json_extract(after, '$.at_s') + 1, 9e15) AS new_to_s"
		" FROM change WHERE sequence > ? AND table_name NOT IN ('closing', 'agent',"
		"  'region', 'link', 'told', 'dismissal'))"
		" SELECT count(*) FROM moved WHERE max(old_to_s, new_to_s) > ? AND ? >"
		"  CASE WHEN ended THEN min(old_to_s, new_to_s) ELSE from_s END");
	query_number(&q, sequence);
	query_number(&q, span.from);
	query_number(&q, span.to);
	if (query_next(&q) > 0)
		count = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_count = count;
	return r;
}
