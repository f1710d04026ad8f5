/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_user.h"

#include <errno.h>
#include <string.h>

#include "collector/store/registry_private.h"
#include "collector/store/registry_user_row.h"

#define NAME_MIN 2
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789._-"

const char registry_user_schema[] =
	"CREATE TABLE user(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
	"  role TEXT NOT NULL, kabupaten TEXT, provider TEXT, created_s INTEGER NOT NULL,"
	"  password_s INTEGER, token_s INTEGER, removed_s INTEGER) STRICT;"
	"CREATE UNIQUE INDEX user_name ON user(name) WHERE removed_s IS NULL;"
	"CREATE TABLE user_key(user INTEGER PRIMARY KEY REFERENCES user(id), password TEXT,"
	"  token TEXT UNIQUE) STRICT;"
	"CREATE TABLE session(hash TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES user(id),"
	"  began_s INTEGER NOT NULL, seen_s INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX session_user ON session(user);";

static const char *const role_names[USER_ROLE_COUNT] = {
	[USER_PUBLIC] = "public",
	[USER_PROVIDER] = "provider",
	[USER_OFFICER] = "officer",
	[USER_NOC] = "noc",
	[USER_ADMIN] = "admin",
};

const char *user_role_name(enum user_role role)
{
	return role_names[role];
}

int user_role_parse(const char *name)
{
	for (int role = 0; role < USER_ROLE_COUNT; role++) {
		if (strcmp(name, role_names[role]) == 0)
			return role;
	}
	return -1;
}

void user_row_read(struct query *q, struct registry_user *ret_user)
{
	struct registry_user user = {
		.id = query_get_number(q, 0),
		.created_s = query_get_number(q, 5),
		.password_s = query_get_number(q, 6),
		.token_s = query_get_number(q, 7),
		.removed_s = query_get_number(q, 8),
	};
	char role[16];
	int known;

	query_copy_text(q, 1, user.name, sizeof(user.name));
	query_copy_text(q, 2, role, sizeof(role));
	query_copy_text(q, 3, user.kabupaten, sizeof(user.kabupaten));
	query_copy_text(q, 4, user.provider, sizeof(user.provider));
	known = user_role_parse(role);
	user.role = known < 0 ? USER_PUBLIC : (enum user_role)known; /* a role of tomorrow: none */
	*ret_user = user;
}

/* ---- checks */

static int check_user_name(const char *name, struct err *err)
{
	size_t length = strlen(name);

	if (length >= NAME_MIN && length < USER_NAME_BYTES && strspn(name, NAME_LETTERS) == length)
		return 0;
	return err_set(err, -EINVAL,
		"name = %.40s: must be %d to %d of a to z, 0 to 9, dot, dash, underscore", name,
		NAME_MIN, USER_NAME_BYTES - 1);
}

static int check_officer(
	struct registry *registry, const struct registry_user *user, struct err *err)
{
	enum region_level level = REGION_DESA;
	int r;

	if (!user->kabupaten[0])
		return err_set(err, -EINVAL, "kabupaten: an officer needs one");
	r = region_level(user->kabupaten, &level, err);
	if (r == 0 && level != REGION_KABUPATEN)
		r = err_set(
			err, -EINVAL, "kabupaten = %s: is none, such as 64.08", user->kabupaten);
	return r < 0 ? r : region_check(registry, user->kabupaten, REGION_KABUPATEN, err);
}

static int check_provider(struct registry *registry, const char *provider, struct err *err)
{
	int r = check_name("provider", provider, err);

	return r < 0 ? r : provider_check(registry, provider, err);
}

static int check_role(struct registry *registry, const struct registry_user *user, struct err *err)
{
	if (user->role == USER_PUBLIC)
		return err_set(err, -EINVAL, "role = public: needs no account");
	if (user->role != USER_OFFICER && user->kabupaten[0])
		return err_set(
			err, -EINVAL, "kabupaten = %s: only an officer has one", user->kabupaten);
	if (user->role != USER_PROVIDER && user->provider[0])
		return err_set(
			err, -EINVAL, "provider = %s: only a provider has one", user->provider);
	if (user->role == USER_OFFICER)
		return check_officer(registry, user, err);
	if (user->role == USER_PROVIDER)
		return check_provider(registry, user->provider, err);
	return 0;
}

/* The id of one that was not removed. */
static int find_id(struct registry *registry, const char *name, int64_t *ret_id, struct err *err)
{
	struct query q;
	int64_t id = 0;
	int r;

	db_query(&q, registry->db, "SELECT id FROM user WHERE name = ? AND removed_s IS NULL");
	query_text(&q, name);
	if (query_next(&q) > 0)
		id = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!id)
		return err_set(err, -ENOENT, "user = %.40s: there is none of this name", name);
	*ret_id = id;
	return 0;
}

static int check_new(struct registry *registry, const struct registry_user *user, struct err *err)
{
	int64_t other;
	int r = find_id(registry, user->name, &other, err);

	if (r == 0)
		return err_set(
			err, -EEXIST, "name = %s: there is an account of this name", user->name);
	return r == -ENOENT ? check_role(registry, user, err) : r;
}

/* ---- changes */

static int insert_user(struct change *change, const struct registry_user *user,
	const struct user_keys *keys, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO user(name, role, kabupaten, provider, created_s, password_s, token_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, user->name);
	query_text(&q, role_names[user->role]);
	query_optional(&q, user->kabupaten);
	query_optional(&q, user->provider);
	query_number(&q, change->at_s);
	if (keys->password)
		query_number(&q, change->at_s);
	else
		query_null(&q);
	if (keys->token)
		query_number(&q, change->at_s);
	else
		query_null(&q);
	return query_run(&q, err);
}

static int insert_keys(
	struct change *change, int64_t id, const struct user_keys *keys, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO user_key(user, password, token) VALUES (?, ?, ?)");
	query_number(&q, id);
	query_text(&q, keys->password);
	query_text(&q, keys->token);
	return query_run(&q, err);
}

int registry_user_add(struct registry *registry, const struct registry_user *user,
	const struct user_keys *keys, int64_t *ret_id, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = check_user_name(user->name, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = check_new(registry, user, err);
	if (r == 0)
		r = insert_user(&change, user, keys, err);
	if (r == 0) {
		id = db_last_id(registry->db);
		r = insert_keys(&change, id, keys, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_USER, id, err);
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

static int end_sessions(struct change *change, int64_t id, const char *but, struct err *err)
{
	struct query q;

	db_query(
		&q, change->registry->db, "DELETE FROM session WHERE user = ?1 AND hash IS NOT ?2");
	query_number(&q, id);
	query_text(&q, but);
	return query_run(&q, err);
}

static int put_password(struct change *change, int64_t id, const char *kept, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, change->registry->db, "UPDATE user SET password_s = ? WHERE id = ?");
	query_number(&q, change->at_s);
	query_number(&q, id);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	db_query(&q, change->registry->db, "UPDATE user_key SET password = ? WHERE user = ?");
	query_text(&q, kept);
	query_number(&q, id);
	return query_run(&q, err);
}

int registry_user_set_password(struct registry *registry, const char *name, const char *kept,
	const char *session, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = find_id(registry, name, &id, err);
	if (r == 0)
		r = change_before(&change, TABLE_USER, id, err);
	if (r == 0)
		r = put_password(&change, id, kept, err);
	if (r == 0)
		r = end_sessions(&change, id, session, err);
	if (r == 0)
		r = change_after(&change, TABLE_USER, id, err);
	return change_end(&change, r, err);
}

static int put_token(struct change *change, int64_t id, const char *token, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, change->registry->db, "UPDATE user SET token_s = ? WHERE id = ?");
	if (token)
		query_number(&q, change->at_s);
	else
		query_null(&q);
	query_number(&q, id);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	db_query(&q, change->registry->db, "UPDATE user_key SET token = ? WHERE user = ?");
	query_text(&q, token);
	query_number(&q, id);
	return query_run(&q, err);
}

int registry_user_set_token(
	struct registry *registry, const char *name, const char *token, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = find_id(registry, name, &id, err);
	if (r == 0)
		r = change_before(&change, TABLE_USER, id, err);
	if (r == 0)
		r = put_token(&change, id, token, err);
	if (r == 0)
		r = change_after(&change, TABLE_USER, id, err);
	return change_end(&change, r, err);
}

/* -EUSERS: without this one nobody could add another by the web. */
static int check_others(struct registry *registry, int64_t id, struct err *err)
{
	struct query q;
	bool last = false;
	int r;

	db_query(&q, registry->db,
		"SELECT role = 'admin' AND NOT EXISTS (SELECT 1 FROM user WHERE id != ?1"
		" AND role = 'admin' AND removed_s IS NULL) FROM user WHERE id = ?1");
	query_number(&q, id);
	if (query_next(&q) > 0)
		last = query_get_number(&q, 0) != 0;
	r = query_end(&q, err);
	if (r == 0 && last)
		r = err_set(err, -EUSERS, "this is the last administrator: add another one first");
	return r;
}

static int put_removed(struct change *change, int64_t id, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, change->registry->db,
		"UPDATE user SET removed_s = ?, password_s = NULL, token_s = NULL WHERE id = ?");
	query_number(&q, change->at_s);
	query_number(&q, id);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	db_query(&q, change->registry->db, "DELETE FROM user_key WHERE user = ?");
	query_number(&q, id);
	return query_run(&q, err);
}

int registry_user_remove(struct registry *registry, const char *name, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = find_id(registry, name, &id, err);
	if (r == 0)
		r = check_others(registry, id, err);
	if (r == 0)
		r = change_before(&change, TABLE_USER, id, err);
	if (r == 0)
		r = put_removed(&change, id, err);
	if (r == 0)
		r = end_sessions(&change, id, NULL, err);
	if (r == 0)
		r = change_after(&change, TABLE_USER, id, err);
	return change_end(&change, r, err);
}

/* ---- queries */

int registry_user_find(struct registry *registry, const char *name, struct registry_user *ret_user,
	char ret_password[USER_PASSWORD_BYTES], struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, registry->db,
		"SELECT " USER_COLUMNS ", k.password FROM user AS u JOIN user_key AS k"
		" ON k.user = u.id WHERE u.name = ? AND u.removed_s IS NULL");
	query_text(&q, name);
	found = query_next(&q);
	if (found > 0) {
		user_row_read(&q, ret_user);
		query_copy_text(&q, USER_COLUMN_COUNT, ret_password, USER_PASSWORD_BYTES);
	}
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "user = %.40s: there is none of this name", name);
	return r;
}

int registry_users(struct registry *registry,
	int (*each)(void *arg, const struct registry_user *user), void *arg, struct err *err)
{
	struct registry_user user;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db, "SELECT " USER_COLUMNS " FROM user AS u ORDER BY u.name, u.id");
	while (!stop && query_next(&q) > 0) {
		user_row_read(&q, &user);
		stop = each(arg, &user);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
