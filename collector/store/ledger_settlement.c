/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_settlement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_twin.h"

const char ledger_settlement_schema[] =
	"CREATE TABLE settlement(agent INTEGER NOT NULL, from_s INTEGER NOT NULL,"
	"  to_s INTEGER NOT NULL, boot BLOB NOT NULL, PRIMARY KEY(agent, from_s, to_s, boot)) "
	"STRICT, WITHOUT ROWID;";

static int by_agent(const void *left, const void *right)
{
	const struct settled *a = left, *b = right;

	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->from_s != b->from_s)
		return a->from_s < b->from_s ? -1 : 1;
	if (a->to_s != b->to_s)
		return a->to_s < b->to_s ? -1 : 1;
	return memcmp(a->boot, b->boot, sizeof(a->boot));
}

static struct settled read_settled(struct query *q)
{
	struct settled settled = {.agent = (uint32_t)query_get_number(q, 0),
		.from_s = query_get_number(q, 1),
		.to_s = query_get_number(q, 2),
		.boot_row = query_get_number(q, 4)};
	size_t length;
	const void *boot = query_get_bytes(q, 3, &length);

	if (length == sizeof(settled.boot))
		memcpy(settled.boot, boot, length);
	return settled;
}

int settlements_load(struct db *db, struct settlements *ret_settlements, struct err *err)
{
	struct settlements loaded = {0};
	struct query q;
	size_t room = 0;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT s.agent, s.from_s, s.to_s, s.boot, coalesce(b.id, 0) FROM settlement AS s"
		" LEFT JOIN boot AS b ON b.agent = s.agent AND b.boot = s.boot"
		" ORDER BY s.agent, s.from_s, s.to_s, s.boot");
	while (!failed && query_next(&q) > 0) {
		if (loaded.count == room) {
			size_t wanted = room ? room * 2 : 8;
			struct settled *items = realloc(loaded.items, wanted * sizeof(*items));
			if (!items) {
				failed = -ENOMEM;
				break;
			}
			loaded.items = items;
			room = wanted;
		}
		loaded.items[loaded.count++] = read_settled(&q);
	}
	r = query_end(&q, failed ? NULL : err);
	if (failed)
		r = err_errno(err, failed, "settled disputes");
	if (r < 0)
		settlements_done(&loaded);
	else
		*ret_settlements = loaded;
	return r;
}

void settlements_done(struct settlements *settlements)
{
	free(settlements->items);
	*settlements = (struct settlements){0};
}

bool settled_for_none(const struct settled *settled)
{
	static const uint8_t nobody[BOOT_BYTES];

	return memcmp(settled->boot, nobody, sizeof(nobody)) == 0;
}

const struct settled *settlements_find(
	const struct settlements *settlements, uint32_t agent, int64_t from_s, int64_t to_s)
{
	for (size_t i = 0; i < settlements->count; i++) {
		const struct settled *item = &settlements->items[i];
		if (item->agent == agent && item->from_s <= from_s && to_s <= item->to_s)
			return item;
	}
	return NULL;
}

int settlements_widen(struct db *db, struct ledger_span *span, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"SELECT min(from_s), max(to_s) FROM settlement WHERE from_s < ? AND to_s > ?"
		" AND agent IN (SELECT agent FROM binding WHERE link = ?)");
	query_number(&q, span->to_s);
	query_number(&q, span->from_s);
	query_number(&q, span->link);
	if (query_next(&q) > 0 && !query_is_null(&q, 0)) {
		if (query_get_number(&q, 0) < span->from_s)
			span->from_s = query_get_number(&q, 0);
		if (query_get_number(&q, 1) > span->to_s)
			span->to_s = query_get_number(&q, 1);
	}
	return query_end(&q, err);
}

/* ---- the writer's part */

/* Those that count, sorted. Caller frees. */
static int select_standing(const struct registry_settlement *items, size_t count,
	struct settlements *ret_standing, struct err *err)
{
	struct settlements standing = {calloc(count + 1, sizeof(*standing.items)), 0};

	if (!standing.items)
		return err_errno(err, -ENOMEM, "settled disputes");
	for (size_t i = 0; i < count; i++) {
		struct settled item = {
			.agent = items[i].agent, .from_s = items[i].from_s, .to_s = items[i].to_s};
		/* of a boot that no kernel draws: none */
		registry_settlement_boot(&items[i], item.boot);
		if (!items[i].revoked_s)
			standing.items[standing.count++] = item;
	}
	qsort(standing.items, standing.count, sizeof(*standing.items), by_agent);
	*ret_standing = standing;
	return 0;
}

static int touch_links(struct ledger_writer *writer, const struct settled *item, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, writer->db, "SELECT DISTINCT link FROM binding WHERE agent = ?");
	query_number(&q, item->agent);
	while (!failed && query_next(&q) > 0)
		failed = touched_add(writer,
			&(struct ledger_span){query_get_number(&q, 0), item->from_s, item->to_s},
			err);
	r = query_end(&q, failed ? NULL : err);
	if (failed || r < 0)
		return failed ? failed : r;
	/* where two devices lived at once, what comes after hangs on where a decision ends */
	return twins_touch(writer, item->agent, item->from_s, err);
}

static int remove_one(struct ledger_writer *writer, const struct settled *item, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"DELETE FROM settlement WHERE agent = ? AND from_s = ? AND to_s = ? AND boot = ?");
	query_number(&q, item->agent);
	query_number(&q, item->from_s);
	query_number(&q, item->to_s);
	query_bytes(&q, item->boot, sizeof(item->boot));
	return query_run(&q, err);
}

static int insert_one(struct ledger_writer *writer, const struct settled *item, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO settlement(agent, from_s, to_s, boot) VALUES (?, ?, ?, ?)");
	query_number(&q, item->agent);
	query_number(&q, item->from_s);
	query_number(&q, item->to_s);
	query_bytes(&q, item->boot, sizeof(item->boot));
	return query_run(&q, err);
}

/* Walks both sorted lists: what is in one alone came or went. */
static int replace(struct ledger_writer *writer, const struct settlements *old,
	const struct settlements *now, struct err *err)
{
	size_t at = 0, old_at = 0;
	int r = 0;

	while (r == 0 && (at < now->count || old_at < old->count)) {
		const struct settled *went = old_at < old->count ? &old->items[old_at] : NULL;
		const struct settled *came = at < now->count ? &now->items[at] : NULL;
		int order = !went ? 1 : !came ? -1 : by_agent(went, came);
		old_at += order <= 0;
		at += order >= 0;
		if (order == 0)
			continue;
		r = order < 0 ? remove_one(writer, went, err) : insert_one(writer, came, err);
		if (r == 0)
			r = touch_links(writer, order < 0 ? went : came, err);
	}
	return r;
}

static bool stood(const struct settlements *old, const struct settled *item)
{
	return old->count &&
		bsearch(item, old->items, old->count, sizeof(*old->items), by_agent) != NULL;
}

/* Who exports is told of tests that count now. Months that were closed are touched already. */
static int say_came(struct ledger_writer *writer, const struct settlements *old,
	const struct settled *came, struct err *err)
{
	struct query q;
	int failed = 0, r;

	if (writer->unread || stood(old, came))
		return 0;
	db_query(&q, writer->db, "SELECT DISTINCT link FROM binding WHERE agent = ?");
	query_number(&q, came->agent);
	while (!failed && query_next(&q) > 0)
		failed = say_speeds(writer,
			&(struct ledger_span){query_get_number(&q, 0), came->from_s, SPAN_FOREVER},
			err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

int settlements_touch(struct ledger_writer *writer, uint32_t agent, struct err *err)
{
	struct settlements settlements = {0};
	int r = settlements_load(writer->db, &settlements, err);

	for (size_t i = 0; r == 0 && i < settlements.count; i++) {
		if (settlements.items[i].agent == agent)
			r = touch_links(writer, &settlements.items[i], err);
	}
	settlements_done(&settlements);
	return r;
}

int ledger_follow_settlements(struct ledger_writer *writer, const struct registry_settlement *items,
	size_t count, struct err *err)
{
	struct settlements old = {0}, now = {0};
	int r = settlements_load(writer->db, &old, err);

	if (r == 0)
		r = select_standing(items, count, &now, err);
	if (r == 0)
		r = replace(writer, &old, &now, err);
	for (size_t i = 0; r == 0 && i < now.count; i++)
		r = say_came(writer, &old, &now.items[i], err);
	settlements_done(&now);
	settlements_done(&old);
	return r;
}
