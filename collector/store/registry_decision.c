/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_decision.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/store/registry_private.h"
#include "common/crypto.h"

const char registry_decision_schema[] =
	"CREATE TABLE dismissal(id INTEGER PRIMARY KEY AUTOINCREMENT, item TEXT NOT NULL,"
	"  by TEXT NOT NULL, note TEXT NOT NULL, entered_s INTEGER NOT NULL, revoked_s INTEGER,"
	"  revoked_by TEXT, revoke_note TEXT) STRICT;"
	"CREATE UNIQUE INDEX dismissal_item ON dismissal(item) WHERE revoked_s IS NULL;"
	"CREATE TABLE settlement(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  agent INTEGER NOT NULL REFERENCES agent(id), from_s INTEGER NOT NULL,"
	"  to_s INTEGER NOT NULL, accept TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL,"
	"  entered_s INTEGER NOT NULL, revoked_s INTEGER, revoked_by TEXT, revoke_note TEXT) "
	"STRICT;"
	"CREATE INDEX settlement_agent ON settlement(agent, from_s);";

/* ---- dismissals */

static int check_item(struct registry *registry, const char *item, struct err *err)
{
	int64_t other = 0;
	struct query q;
	int r = check_name("item", item, err);

	if (r < 0)
		return r;
	if (strlen(item) >= REGISTRY_ITEM_BYTES)
		return err_set(err, -EINVAL, "item = %.70s: is longer than %d bytes", item,
			REGISTRY_ITEM_BYTES - 1);
	db_query(&q, registry->db, "SELECT id FROM dismissal WHERE item = ? AND revoked_s IS NULL");
	query_text(&q, item);
	if (query_next(&q) > 0)
		other = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && other)
		r = err_set(err, -EEXIST, "item = %s: was dismissed before, by number %" PRId64,
			item, other);
	return r;
}

static int insert_dismissal(
	struct change *change, const char *item, const struct registry_word *word, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO dismissal(item, by, note, entered_s) VALUES (?, ?, ?, ?)");
	query_text(&q, item);
	query_text(&q, word->by);
	query_text(&q, word->note);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static int add_dismissal(struct change *change, const char *item, const struct registry_word *word,
	int64_t *ret_id, struct err *err)
{
	int r = check_item(change->registry, item, err);

	if (r == 0)
		r = insert_dismissal(change, item, word, err);
	if (r < 0)
		return r;
	*ret_id = db_last_id(change->registry->db);
	return change_after(change, TABLE_DISMISSAL, *ret_id, err);
}

int registry_dismissal_add(struct registry *registry, const char *item,
	const struct registry_word *word, int64_t *ret_id, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = check_word(word, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = add_dismissal(&change, item, word, &id, err);
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

int registry_dismissals_add(struct registry *registry, const char *const *items, size_t count,
	const struct registry_word *word, struct err *err)
{
	struct change change;
	int64_t id;
	int r = check_word(word, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = add_dismissal(&change, items[i], word, &id, err);
	return change_end(&change, r, err);
}

int registry_dismissal_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err)
{
	return revoke_row(registry, TABLE_DISMISSAL, id, word, err);
}

int registry_dismissals(struct registry *registry,
	int (*each)(void *arg, const struct registry_dismissal *dismissal), void *arg,
	struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, item, by, note, entered_s, coalesce(revoked_s, 0), revoked_by,"
		" revoke_note FROM dismissal ORDER BY id");
	while (!stop && query_next(&q) > 0) {
		struct registry_dismissal row = {
			.id = query_get_number(&q, 0),
			.entered_s = query_get_number(&q, 4),
			.revoked_s = query_get_number(&q, 5),
		};
		query_copy_text(&q, 1, row.item, sizeof(row.item));
		query_copy_text(&q, 2, row.by, sizeof(row.by));
		query_copy_text(&q, 3, row.note, sizeof(row.note));
		query_copy_text(&q, 6, row.revoked_by, sizeof(row.revoked_by));
		query_copy_text(&q, 7, row.revoke_note, sizeof(row.revoke_note));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* ---- settlements */

bool registry_settlement_boot(
	const struct registry_settlement *settlement, uint8_t ret_boot[BOOT_BYTES])
{
	return strlen(settlement->accept) == 2 * BOOT_BYTES &&
		hex_parse(settlement->accept, ret_boot, BOOT_BYTES) == 0;
}

static int check_accept(const struct registry_settlement *settlement, struct err *err)
{
	uint8_t boot[BOOT_BYTES];

	if (!strcmp(settlement->accept, REGISTRY_ACCEPT_NONE) ||
		registry_settlement_boot(settlement, boot))
		return 0;
	return err_set(err, -EINVAL, "accept = %s: is neither a boot id nor " REGISTRY_ACCEPT_NONE,
		settlement->accept);
}

static int check_agent(struct registry *registry, uint32_t agent, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, registry->db, "SELECT 1 FROM agent WHERE id = ?");
	query_number(&q, agent);
	found = query_next(&q);
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "agent = %" PRIu32 ": does not exist", agent);
	return r;
}

static int check_overlap(
	struct registry *registry, const struct registry_settlement *settlement, struct err *err)
{
	char old[PERIOD_BYTES] = "", new[PERIOD_BYTES];
	int64_t other = 0;
	struct query q;
	int r;

	db_query(&q, registry->db,
		"SELECT id, from_s, to_s FROM settlement WHERE agent = ? AND from_s < ?"
		" AND to_s > ? AND revoked_s IS NULL ORDER BY from_s LIMIT 1");
	query_number(&q, settlement->agent);
	query_number(&q, settlement->to_s);
	query_number(&q, settlement->from_s);
	if (query_next(&q) > 0) {
		other = query_get_number(&q, 0);
		format_period(query_get_number(&q, 1), query_get_number(&q, 2), old);
	}
	r = query_end(&q, err);
	if (r < 0 || !other)
		return r;
	format_period(settlement->from_s, settlement->to_s, new);
	return err_set(err, -EEXIST,
		"dispute of agent %" PRIu32 " from %s: number %" PRId64 " from %s settles it; "
		"revoke that first",
		settlement->agent, new, other, old);
}

static int check_settlement(
	struct registry *registry, const struct registry_settlement *settlement, struct err *err)
{
	int r = check_agent(registry, settlement->agent, err);

	if (r == 0)
		r = check_dates("dispute", settlement->from_s, settlement->to_s, err);
	if (r == 0 && settlement->to_s == SPAN_FOREVER)
		r = err_set(err, -ERANGE, "dispute to: a decision must end");
	if (r == 0)
		r = check_accept(settlement, err);
	return r < 0 ? r : check_overlap(registry, settlement, err);
}

static int insert_settlement(
	struct change *change, const struct registry_settlement *settlement, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO settlement(agent, from_s, to_s, accept, by, note, entered_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, settlement->agent);
	query_number(&q, settlement->from_s);
	query_number(&q, settlement->to_s);
	query_text(&q, settlement->accept);
	query_text(&q, settlement->by);
	query_text(&q, settlement->note);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

int registry_settlement_add(struct registry *registry, const struct registry_settlement *settlement,
	int64_t *ret_id, struct err *err)
{
	const struct registry_word word = {settlement->by, settlement->note};
	struct change change;
	int64_t id = 0;
	int r = check_word(&word, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = check_settlement(registry, settlement, err);
	if (r == 0)
		r = insert_settlement(&change, settlement, err);
	if (r == 0) {
		id = db_last_id(registry->db);
		r = change_after(&change, TABLE_SETTLEMENT, id, err);
	}
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

int registry_settlement_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err)
{
	return revoke_row(registry, TABLE_SETTLEMENT, id, word, err);
}

int registry_settlements(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_settlement *settlement), void *arg,
	struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, agent, from_s, to_s, accept, by, note, entered_s,"
		" coalesce(revoked_s, 0), revoked_by, revoke_note FROM settlement"
		" WHERE " QUERY_ONE_OR_ALL("agent") " ORDER BY id");
	query_number(&q, agent);
	while (!stop && query_next(&q) > 0) {
		struct registry_settlement row = {
			.id = query_get_number(&q, 0),
			.agent = (uint32_t)query_get_number(&q, 1),
			.from_s = query_get_number(&q, 2),
			.to_s = query_get_number(&q, 3),
			.entered_s = query_get_number(&q, 7),
			.revoked_s = query_get_number(&q, 8),
		};
		query_copy_text(&q, 4, row.accept, sizeof(row.accept));
		query_copy_text(&q, 5, row.by, sizeof(row.by));
		query_copy_text(&q, 6, row.note, sizeof(row.note));
		query_copy_text(&q, 9, row.revoked_by, sizeof(row.revoked_by));
		query_copy_text(&q, 10, row.revoke_note, sizeof(row.revoke_note));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
