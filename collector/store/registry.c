/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/store/db_copy.h"
#include "collector/store/registry_close.h"
#include "collector/store/registry_contract_row.h"
#include "collector/store/registry_copies.h"
#include "collector/store/registry_private.h"
#include "common/clock.h"
#include "common/file.h"

#define SCHEMA_VERSION 7
#define FOLDER_MODE 0770 /* the group of the service works in it */

/* Times are seconds of UTC. A contract's or binding's to_s is null while it is open. */
static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE region(code TEXT PRIMARY KEY, parent TEXT NOT NULL, level INTEGER NOT NULL,"
	"  name TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE link(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  desa TEXT NOT NULL REFERENCES region(code), provider TEXT NOT NULL, kind TEXT NOT NULL,"
	"  lat REAL, lon REAL, zone TEXT NOT NULL, created_s INTEGER NOT NULL) STRICT;"
	"CREATE INDEX link_desa ON link(desa);"
	"CREATE TABLE exclusion(id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL,"
	"  value TEXT NOT NULL, reason TEXT NOT NULL, from_s INTEGER NOT NULL,"
	"  to_s INTEGER NOT NULL, entered_s INTEGER NOT NULL, by TEXT NOT NULL,"
	"  note TEXT NOT NULL, second TEXT, document TEXT, revoked_s INTEGER,"
	"  revoked_by TEXT, revoke_note TEXT) STRICT;"
	"CREATE INDEX exclusion_value ON exclusion(scope, value);"
	"CREATE TABLE agent(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
	"  fingerprint TEXT UNIQUE, serial TEXT, issued_s INTEGER NOT NULL,"
	"  revoked_s INTEGER) STRICT;"
	"CREATE TABLE binding(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  agent INTEGER NOT NULL REFERENCES agent(id), wan TEXT NOT NULL,"
	"  link INTEGER NOT NULL REFERENCES link(id), from_s INTEGER NOT NULL, to_s INTEGER,"
	"  accepted_s INTEGER NOT NULL) STRICT;"
	"CREATE INDEX binding_agent ON binding(agent, wan, from_s);"
	"CREATE INDEX binding_link ON binding(link);"
	"CREATE TABLE change(sequence INTEGER PRIMARY KEY AUTOINCREMENT, at_s INTEGER NOT NULL,"
	"  who TEXT NOT NULL, table_name TEXT NOT NULL, row TEXT NOT NULL, before TEXT,"
	"  after TEXT) STRICT;";

/* One part a room. */
static const char *const create[] = {
	schema,
	contract_schema,
	registry_decision_schema,
	registry_objection_schema,
	registry_ticket_schema,
	registry_configuration_schema,
	registry_close_schema,
	registry_user_schema,
	registry_remark_schema,
	registry_enrolment_schema,
	NULL,
};

/*
 * What brings a file of an older version up (db.h): a row a version, the last one this one.
 *
 *	{.from = 4, .sql = registry_user_schema},	-- a table more: what `create` has, too
 *	{.from = 5, .sql = "ALTER TABLE link ADD COLUMN ..."},
 *	{.from = SCHEMA_VERSION},
 */
static const struct db_step steps[] = {
	{.from = 4, .sql = registry_user_schema},
	{.from = 5, .sql = registry_remark_schema},
	{.from = 6, .sql = registry_enrolment_schema},
	{.from = SCHEMA_VERSION},
};
static const struct db_tables tables = {create, SCHEMA_VERSION, steps};

static int64_t machine_now_s(void *arg)
{
	return clock_utc_us() / 1000000;
}

/* A reader of the new version that comes first, and may write the file, brings it up. */
static int raise_first(struct registry *registry, const char *path, struct err *err)
{
	struct err why = {0};
	struct db *db = NULL;
	int r = db_open(path, DB_WRITE, &db, &why);

	if (r == 0)
		r = db_schema(db, &tables, DB_MAY_RAISE, &why);
	db_close(db);
	if (r == 0)
		return db_schema(registry->db, &tables, DB_MAY_LOOK, err);
	if (r == -EACCES || r == -EROFS)
		return -EPROTO; /* with the reader's own words */
	return err_set(err, r, "%s", why.text);
}

/* Where there was a registry, with decisions in it, no empty one takes its place. */
static int miss_registry(const char *state, struct err *err)
{
	char path[PATH_MAX], roster[PATH_MAX];
	struct stat st;

	if (file_join(path, sizeof(path), state, "registry.db") < 0 ||
		file_join(roster, sizeof(roster), state, ROSTER_NAME) < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	if (stat(path, &st) == 0 && st.st_size > 0)
		return 0;
	if (!registry_has_copies(state) && access(roster, F_OK) < 0)
		return 0;
	return err_set(err, -EBADMSG, "%s: it is gone, but there was one", path);
}

static int open_db(struct registry *registry, enum registry_mode mode, struct err *err)
{
	static const enum db_mode modes[] = {[REGISTRY_READ] = DB_READ,
		[REGISTRY_WRITE] = DB_WRITE,
		[REGISTRY_CREATE] = DB_CREATE};
	static const enum db_may rights[] = {[REGISTRY_READ] = DB_MAY_LOOK,
		[REGISTRY_WRITE] = DB_MAY_RAISE,
		[REGISTRY_CREATE] = DB_MAY_CREATE};
	char path[PATH_MAX];
	int r = 0;

	if (mode == REGISTRY_CREATE)
		r = file_make_folder(registry->state, FOLDER_MODE, err);
	if (r == 0)
		r = miss_registry(registry->state, err);
	if (r == 0) {
		r = file_join(path, sizeof(path), registry->state, "registry.db");
		if (r < 0)
			err_errno(err, r, "%s", registry->state);
	}
	if (r == 0)
		r = db_open(path, modes[mode], &registry->db, err);
	if (r == 0)
		r = db_schema(registry->db, &tables, rights[mode], err);
	if (r == -EPROTO && mode == REGISTRY_READ)
		r = raise_first(registry, path, err);
	if (r == -EBADMSG) {
		struct err why = *(err ? err : &(struct err){0});
		return err_set(err, r, "%s: \"pantau restore\" puts a copy back", why.text);
	}
	/* A process may have died between its commit and the roster. */
	if (r == 0 && mode != REGISTRY_READ)
		r = roster_repair(registry, err);
	return r;
}

int registry_open(const char *state, enum registry_mode mode, const char *who,
	struct registry **ret_registry, struct err *err)
{
	struct registry *registry = calloc(1, sizeof(*registry));
	int r;

	if (!registry)
		return err_errno(err, -ENOMEM, "%s", state);
	registry->now_s = machine_now_s;
	registry_act_as(registry, who ? who : "");
	registry->state = strdup(state);
	if (!registry->state)
		r = err_errno(err, -ENOMEM, "%s", state);
	else
		r = open_db(registry, mode, err);
	if (r < 0) {
		registry_close(registry);
		return r;
	}
	*ret_registry = registry;
	return 0;
}

void registry_close(struct registry *registry)
{
	if (!registry)
		return;
	db_close(registry->db);
	free(registry->state);
	free(registry);
}

int registry_check(const char *state, struct err *err)
{
	char path[PATH_MAX];
	int r = file_join(path, sizeof(path), state, "registry.db");

	return r < 0 ? err_errno(err, r, "%s", state) : db_check(path, err);
}

void registry_act_as(struct registry *registry, const char *who)
{
	size_t length = strnlen(who, sizeof(registry->who) - 1);

	memcpy(registry->who, who, length);
	registry->who[length] = '\0';
}

void registry_set_clock(struct registry *registry, int64_t (*now_s)(void *arg), void *arg)
{
	registry->now_s = now_s ? now_s : machine_now_s;
	registry->now_arg = arg;
}

int registry_changes(struct registry *registry, int64_t after_sequence,
	int (*each)(void *arg, const struct registry_change *change), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT sequence, at_s, who, table_name, row, before, after FROM change"
		" WHERE sequence > ? ORDER BY sequence");
	query_number(&q, after_sequence);
	while (!stop && query_next(&q) > 0) {
		struct registry_change change = {
			.sequence = query_get_number(&q, 0),
			.at_s = query_get_number(&q, 1),
			.who = query_get_text(&q, 2),
			.table = query_get_text(&q, 3),
			.row = query_get_text(&q, 4),
			.before = query_get_text(&q, 5),
			.after = query_get_text(&q, 6),
		};
		stop = each(arg, &change);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int registry_sequence(struct registry *registry, int64_t *ret_sequence, struct err *err)
{
	struct query q;
	int64_t sequence = 0;
	int r;

	db_query(&q, registry->db, "SELECT max(sequence) FROM change");
	if (query_next(&q) > 0)
		sequence = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_sequence = sequence;
	return r;
}
