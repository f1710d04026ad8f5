/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_leap.h"

#include <limits.h>

#include "collector/store/db.h"
#include "collector/store/registry.h"
#include "common/file.h"

#define LEAP_SQL "1000" /* more than are entered between two copies */

int registry_leap(const char *path, const struct registry_return *order, struct err *err)
{
	struct query q;
	struct db *db;
	int r = db_open(path, DB_WRITE, &db, err);

	if (r < 0)
		return r;
	r = db_begin(db, err);
	if (r == 0)
		r = db_run(db, "UPDATE sqlite_sequence SET seq = seq + " LEAP_SQL, err);
	if (r == 0) {
		db_query(&q, db,
			"INSERT INTO change(at_s, who, table_name, row, after)"
			" VALUES (?, ?, 'restore', ?, json_object('copy', ?))");
		query_number(&q, order->now_s);
		query_text(&q, order->who);
		query_text(&q, order->name);
		query_text(&q, order->name);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = db_commit(db, err);
	db_rollback(db);
	if (r == 0)
		r = db_run(db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	db_close(db);
	return r;
}

int registry_returned(const char *state, const struct registry_return *order, struct err *err)
{
	struct registry *registry = NULL;
	char path[PATH_MAX];
	int r = file_join(path, sizeof(path), state, "registry.db");

	if (r < 0)
		return err_errno(err, r, "%s", state);
	r = registry_leap(path, order, err);
	/* opening it for writing writes roster.json */
	if (r == 0)
		r = registry_open(state, REGISTRY_WRITE, order->who, &registry, err);
	registry_close(registry);
	return r;
}
