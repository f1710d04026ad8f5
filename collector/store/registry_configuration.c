/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_configuration.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_private.h"
#include "proto/limits.h"

#define LINE_MORE_BYTES 24 /* "[section]\n" and " = \n" around a key and its value, at most */

const char registry_configuration_schema[] =
	"CREATE TABLE configuration(id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL,"
	"  subject TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
	"  entered_s INTEGER NOT NULL, by TEXT NOT NULL, ended_s INTEGER, ended_by TEXT) STRICT;"
	"CREATE UNIQUE INDEX configuration_key ON configuration(scope, subject, key)"
	"  WHERE ended_s IS NULL;";

static const char *const scope_names[] = {
	[CONFIGURE_ALL] = "all",
	[CONFIGURE_PROVIDER] = "provider",
	[CONFIGURE_LINK] = "link",
	[CONFIGURE_AGENT] = "agent",
};

const char *configuration_scope_name(enum configuration_scope scope)
{
	return scope_names[scope];
}

static enum configuration_scope parse_scope(const char *name)
{
	int scope = 0;

	while (scope < CONFIGURE_COUNT - 1 && strcmp(scope_names[scope], name) != 0)
		scope++;
	return (enum configuration_scope)scope;
}

/* ---- checks */

static int check_subject(
	struct registry *registry, const struct registry_setting *of, struct err *err)
{
	static const char *const selects[] = {
		[CONFIGURE_PROVIDER] = "SELECT 1 FROM link WHERE provider = ? LIMIT 1",
		[CONFIGURE_LINK] = "SELECT 1 FROM link WHERE id = ?",
		[CONFIGURE_AGENT] = "SELECT 1 FROM agent WHERE id = ?",
	};
	struct query q;
	bool exists;
	int r;

	if (of->scope == CONFIGURE_ALL)
		return 0;
	db_query(&q, registry->db, selects[of->scope]);
	if (of->scope == CONFIGURE_PROVIDER)
		query_text(&q, of->subject);
	else
		query_number(&q, strtoll(of->subject, NULL, 10));
	exists = query_next(&q) > 0;
	r = query_end(&q, err);
	if (r == 0 && !exists)
		r = err_set(err, -ENOENT,
			of->scope == CONFIGURE_PROVIDER ? "%s %s has no link here"
							: "%s %s does not exist",
			scope_names[of->scope], of->subject);
	return r;
}

static int check_wish(const struct registry_wish *wish, struct err *err)
{
	const struct conf_key *key = afar_find_name(wish->key);
	char why[CONF_WHY_BYTES];

	if (!key)
		return err_set(err, -EINVAL,
			"%.60s: no key of agent.conf that can be set from here (docs/"
			"CONFIGURATION.md marks those that can)",
			wish->key);
	if (wish->value && afar_check(key, wish->value, why) < 0)
		return err_set(err, -EINVAL, "%s = %.60s: %s", wish->key, wish->value, why);
	return 0;
}

/* Whatever is in force for an agent must fit into one message: the longest value of each key. */
static int check_size(struct registry *registry, struct err *err)
{
	struct query q;
	int64_t bytes = 0;
	int r;

	db_query(&q, registry->db,
		"SELECT key, max(length(value)) FROM configuration WHERE ended_s IS NULL"
		" GROUP BY key");
	while (query_next(&q) > 0)
		bytes += (int64_t)strlen(query_get_text(&q, 0)) + query_get_number(&q, 1) +
			LINE_MORE_BYTES;
	r = query_end(&q, err);
	if (r == 0 && bytes > CONFIGURATION_MAX)
		r = err_set(err, -EINVAL,
			"all that is set takes up to %" PRId64 " bytes: an agent takes %d", bytes,
			CONFIGURATION_MAX);
	return r;
}

/* ---- changes */

static int find_setting(struct registry *registry, const struct registry_setting *of,
	const char *key, int64_t *ret_id, struct err *err)
{
	struct query q;

	*ret_id = 0;
	db_query(&q, registry->db,
		"SELECT id FROM configuration WHERE scope = ? AND subject = ? AND key = ?"
		" AND ended_s IS NULL");
	query_text(&q, scope_names[of->scope]);
	query_text(&q, of->subject);
	query_text(&q, key);
	if (query_next(&q) > 0)
		*ret_id = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int end_setting(struct change *change, int64_t id, struct err *err)
{
	struct query q;
	int r = change_before(change, TABLE_CONFIGURATION, id, err);

	if (r < 0)
		return r;
	db_query(&q, change->registry->db,
		"UPDATE configuration SET ended_s = ?, ended_by = ? WHERE id = ?");
	query_number(&q, change->at_s);
	query_text(&q, change->registry->who);
	query_number(&q, id);
	r = query_run(&q, err);
	return r < 0 ? r : change_after(change, TABLE_CONFIGURATION, id, err);
}

static int insert_setting(struct change *change, const struct registry_setting *of,
	const struct registry_wish *wish, struct err *err)
{
	struct db *db = change->registry->db;
	struct query q;
	int r;

	db_query(&q, db,
		"INSERT INTO configuration(scope, subject, key, value, entered_s, by)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_text(&q, scope_names[of->scope]);
	query_text(&q, of->subject);
	query_text(&q, wish->key);
	query_text(&q, wish->value);
	query_number(&q, change->at_s);
	query_text(&q, change->registry->who);
	r = query_run(&q, err);
	return r < 0 ? r : change_after(change, TABLE_CONFIGURATION, db_last_id(db), err);
}

static int take_wish(struct change *change, const struct registry_setting *of,
	const struct registry_wish *wish, struct err *err)
{
	int64_t id = 0;
	int r = check_wish(wish, err);

	if (r == 0)
		r = find_setting(change->registry, of, wish->key, &id, err);
	if (r < 0)
		return r;
	if (!id && !wish->value)
		return err_set(err, -ENOENT, "%s is not set for %s%s%s", wish->key,
			scope_names[of->scope], of->subject[0] ? " " : "", of->subject);
	if (id)
		r = end_setting(change, id, err);
	if (r == 0 && wish->value)
		r = insert_setting(change, of, wish, err);
	return r;
}

int registry_configure(struct registry *registry, const struct registry_setting *of,
	const struct registry_wish *wishes, size_t count, struct err *err)
{
	struct change change;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_subject(registry, of, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = take_wish(&change, of, &wishes[i], err);
	if (r == 0)
		r = check_size(registry, err);
	return change_end(&change, r, err);
}

int registry_settings(struct registry *registry, bool ended_too,
	int (*each)(void *arg, const struct registry_setting *setting), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, scope, subject, key, value, entered_s, by, coalesce(ended_s, 0),"
		" ended_by FROM configuration WHERE ? OR ended_s IS NULL"
		" ORDER BY scope, subject, key, id");
	query_number(&q, ended_too);
	while (!stop && query_next(&q) > 0) {
		struct registry_setting row = {
			.id = query_get_number(&q, 0),
			.scope = parse_scope(query_get_text(&q, 1)),
			.entered_s = query_get_number(&q, 5),
			.ended_s = query_get_number(&q, 7),
		};
		query_copy_text(&q, 2, row.subject, sizeof(row.subject));
		query_copy_text(&q, 3, row.key, sizeof(row.key));
		query_copy_text(&q, 4, row.value, sizeof(row.value));
		query_copy_text(&q, 6, row.by, sizeof(row.by));
		query_copy_text(&q, 8, row.ended_by, sizeof(row.ended_by));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
