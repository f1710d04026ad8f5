/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_db.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "common/file.h"

int ledger_db_wrap(struct db *db, struct ledger_db **ret_db)
{
	struct ledger_db *view = calloc(1, sizeof(*view));

	if (!view)
		return -ENOMEM;
	view->anchors = anchor_cache_new();
	if (!view->anchors) {
		free(view);
		return -ENOMEM;
	}
	view->record = malloc(sizeof(*view->record));
	if (!view->record) {
		anchor_cache_free(view->anchors);
		free(view);
		return -ENOMEM;
	}
	view->db = db;
	view->borrowed = true;
	*ret_db = view;
	return 0;
}

int ledger_db_open(const char *state, struct ledger_db **ret_db, struct err *err)
{
	char path[PATH_MAX];
	struct ledger_db *view;
	struct db *db;
	int r = file_join(path, sizeof(path), state, "ledger.db");

	if (r < 0)
		return err_errno(err, r, "%s", state);
	r = db_open(path, DB_READ, &db, err);
	if (r < 0)
		return r;
	r = ledger_schema(db, false, err);
	if (r == 0) {
		r = ledger_db_wrap(db, &view);
		if (r < 0)
			err_errno(err, r, "%s", path);
	}
	if (r < 0) {
		db_close(db);
		return r;
	}
	view->borrowed = false;
	*ret_db = view;
	return 0;
}

void ledger_db_close(struct ledger_db *db)
{
	if (!db)
		return;
	anchor_cache_free(db->anchors);
	free(db->record);
	if (!db->borrowed)
		db_close(db->db);
	free(db);
}

int ledger_read_begin(struct ledger_db *db, struct err *err)
{
	/* another process writes: what was remembered may have changed since */
	anchor_cache_clear(db->anchors);
	return db_begin_read(db->db, err);
}

void ledger_read_end(struct ledger_db *db)
{
	db_rollback(db->db);
}

int ledger_first_slot(struct ledger_db *db, int64_t link, int64_t *ret_from_s, struct err *err)
{
	struct query q;
	int found, r;
	int64_t from_s = 0;

	db_query(&q, db->db, "SELECT from_s FROM piece WHERE link = ? ORDER BY from_s LIMIT 1");
	query_number(&q, link);
	found = query_next(&q);
	if (found > 0)
		from_s = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "link %lld has no slots", (long long)link);
	*ret_from_s = from_s;
	return 0;
}

/* ---- health */

static int read_counters(struct ledger_db *db, struct ledger_counts *counts, struct err *err)
{
	const struct {
		const char *name;
		int64_t *value;
	} names[] = {
		{"slots", &counts->slots},
		{"duplicates", &counts->duplicates},
		{"conflicts", &counts->conflicts},
		{"rejected", &counts->rejected},
	};
	struct query q;

	db_query(&q, db->db, "SELECT name, value FROM counter");
	while (query_next(&q) > 0) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			if (!strcmp(query_get_text(&q, 0), names[i].name))
				*names[i].value = query_get_number(&q, 1);
		}
	}
	return query_end(&q, err);
}

static int read_standing(struct ledger_db *db, struct ledger_counts *counts, struct err *err)
{
	struct query q;

	/* the partial index slot_open holds just these */
	db_query(&q, db->db,
		"SELECT standing, count(*) FROM slot_hot WHERE standing < 2 GROUP BY standing");
	while (query_next(&q) > 0) {
		if (query_get_number(&q, 0) == STANDING_UNPLACED)
			counts->unplaced = query_get_number(&q, 1);
		else
			counts->unbound = query_get_number(&q, 1);
	}
	return query_end(&q, err);
}

static int read_outbox(struct ledger_db *db, struct ledger_counts *counts, struct err *err)
{
	struct query q;
	int64_t exported, unused;
	int r = position_get(db->db, "export", &exported, &unused, err);

	if (r < 0)
		return r;
	db_query(&q, db->db,
		"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),"
		" (SELECT count(*) FROM outbox WHERE id > ?)");
	query_number(&q, exported);
	if (query_next(&q) > 0) {
		counts->outbox_last = query_get_number(&q, 0);
		counts->outbox = query_get_number(&q, 1);
	}
	return query_end(&q, err);
}

int ledger_counts(struct ledger_db *db, struct ledger_counts *ret_counts, struct err *err)
{
	struct ledger_counts counts = {0};
	int64_t segment = 0, record = 0, unused;
	int r = read_counters(db, &counts, err);

	if (r == 0)
		r = read_standing(db, &counts, err);
	if (r == 0)
		r = read_outbox(db, &counts, err);
	if (r == 0)
		r = position_get(db->db, "journal", &segment, &record, err);
	if (r == 0)
		r = position_get(db->db, "registry", &counts.registry_sequence, &unused, err);
	if (r < 0)
		return r;
	counts.cursor = (struct seglog_pos){(uint64_t)segment, (uint64_t)record};
	*ret_counts = counts;
	return 0;
}

int ledger_unbound_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_unbound *unbound), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT agent, wan, count(*), max(received_us) FROM slot_hot"
		" WHERE standing < 2 AND standing = 1 GROUP BY agent, wan ORDER BY agent, wan");
	while (!stop && query_next(&q) > 0) {
		struct ledger_unbound unbound = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.wan = query_get_text(&q, 1),
			.slots = query_get_number(&q, 2),
			.received_us = query_get_number(&q, 3),
		};
		stop = each(arg, &unbound);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int ledger_unplaced_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_unplaced *unplaced), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT agent, count(*) FROM slot_hot WHERE standing < 2 AND standing = 0"
		" GROUP BY agent ORDER BY agent");
	while (!stop && query_next(&q) > 0) {
		struct ledger_unplaced unplaced = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.slots = query_get_number(&q, 1),
		};
		stop = each(arg, &unplaced);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int ledger_heard_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_heard *heard), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT agent, run, records, slots, conflicts, rejected, received_us FROM heard"
		" ORDER BY agent");
	while (!stop && query_next(&q) > 0) {
		struct ledger_heard heard = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.run = (uint32_t)query_get_number(&q, 1),
			.records = query_get_number(&q, 2),
			.slots = query_get_number(&q, 3),
			.conflicts = query_get_number(&q, 4),
			.rejected = query_get_number(&q, 5),
			.received_us = query_get_number(&q, 6),
		};
		stop = each(arg, &heard);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
