/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_session.h"

#include <errno.h>

#include "collector/store/registry_private.h"
#include "collector/store/registry_user_row.h"

static int64_t now_of(struct registry *registry)
{
	return registry->now_s(registry->now_arg);
}

static int forget_ended(struct registry *registry, const struct session_limits *limits,
	int64_t now_s, struct err *err)
{
	struct query q;

	db_query(&q, registry->db, "DELETE FROM session WHERE seen_s < ? OR began_s < ?");
	query_number(&q, now_s - limits->idle_s);
	query_number(&q, now_s - limits->max_s);
	return query_run(&q, err);
}

static int forget_oldest(struct registry *registry, int64_t user, struct err *err)
{
	struct query q;

	db_query(&q, registry->db,
		"DELETE FROM session WHERE hash IN (SELECT hash FROM session"
		" WHERE user = ? ORDER BY seen_s DESC, hash LIMIT -1 OFFSET ?)");
	query_number(&q, user);
	query_number(&q, SESSIONS_A_USER - 1);
	return query_run(&q, err);
}

static int insert_session(struct registry *registry, const struct registry_user *user,
	const char *hash, int64_t now_s, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, registry->db,
		"INSERT INTO session(hash, user, began_s, seen_s) SELECT ?1, id, ?2, ?2"
		" FROM user WHERE id = ?3 AND removed_s IS NULL AND password_s IS ?4");
	query_text(&q, hash);
	query_number(&q, now_s);
	query_number(&q, user->id);
	query_number(&q, user->password_s);
	r = query_run(&q, err);
	if (r == 0 && db_changed(registry->db) == 0)
		r = err_set(err, -ENOENT, "user = %s: was changed meanwhile", user->name);
	return r;
}

int registry_session_begin(struct registry *registry, const struct registry_user *user,
	const char *hash, const struct session_limits *limits, struct err *err)
{
	int64_t now_s = now_of(registry);
	int r = db_begin(registry->db, err);

	if (r < 0)
		return r;
	r = forget_ended(registry, limits, now_s, err);
	if (r == 0)
		r = forget_oldest(registry, user->id, err);
	if (r == 0)
		r = insert_session(registry, user, hash, now_s, err);
	if (r == 0)
		return db_commit(registry->db, err);
	db_rollback(registry->db);
	return r;
}

int registry_session_find(struct registry *registry, const char *hash,
	const struct session_limits *limits, struct registry_session *ret_session, struct err *err)
{
	struct registry_session session;
	int64_t now_s = now_of(registry);
	struct query q;
	int found, r;

	db_query(&q, registry->db,
		"SELECT " USER_COLUMNS ", s.seen_s FROM session AS s JOIN user AS u"
		" ON u.id = s.user WHERE s.hash = ? AND s.seen_s >= ? AND s.began_s >= ?"
		" AND u.removed_s IS NULL");
	query_text(&q, hash);
	query_number(&q, now_s - limits->idle_s);
	query_number(&q, now_s - limits->max_s);
	found = query_next(&q);
	if (found > 0) {
		user_row_read(&q, &session.user);
		session.unseen_s = now_s - query_get_number(&q, USER_COLUMN_COUNT);
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "the session has ended");
	*ret_session = session;
	return 0;
}

int registry_session_seen(struct registry *registry, const char *hash, struct err *err)
{
	struct query q;

	db_query(&q, registry->db, "UPDATE session SET seen_s = ? WHERE hash = ?");
	query_number(&q, now_of(registry));
	query_text(&q, hash);
	return query_run(&q, err);
}

int registry_session_end(struct registry *registry, const char *hash, struct err *err)
{
	struct query q;

	db_query(&q, registry->db, "DELETE FROM session WHERE hash = ?");
	query_text(&q, hash);
	return query_run(&q, err);
}

int registry_token_find(struct registry *registry, const char *hash, struct registry_user *ret_user,
	struct err *err)
{
	struct registry_user user;
	struct query q;
	int found, r;

	db_query(&q, registry->db,
		"SELECT " USER_COLUMNS " FROM user_key AS k JOIN user AS u ON u.id = k.user"
		" WHERE k.token = ? AND u.removed_s IS NULL");
	query_text(&q, hash);
	found = query_next(&q);
	if (found > 0)
		user_row_read(&q, &user);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "the token is none of an account");
	*ret_user = user;
	return 0;
}
