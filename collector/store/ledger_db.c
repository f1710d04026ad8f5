/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_db.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_guard.h"
#include "collector/store/ledger_page.h"
#include "collector/store/ledger_twin.h"
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
	char path[PATH_MAX], doubt[PATH_MAX];
	struct ledger_db *view;
	struct db *db;
	int r = file_join(path, sizeof(path), state, "ledger.db");

	if (r == 0)
		r = file_join(doubt, sizeof(doubt), state, LEDGER_DOUBT);
	if (r < 0)
		return err_errno(err, r, "%s", state);
	r = db_open(path, DB_READ, &db, err); /* a head that is damaged its writer sees itself */
	if (r < 0)
		return r;
	if (db_doubt(db, doubt) < 0) {
		db_close(db);
		return err_errno(err, -ENOMEM, "%s", path);
	}
	r = ledger_schema(db, DB_MAY_LOOK, err);
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
	for (int i = 0; i < BUNDLES_MAX; i++)
		bundle_free(db->pages.kept[i]);
	columns_free(db->columns);
	zstd_free(db->zstd);
	free(db->record);
	if (!db->borrowed)
		db_close(db->db);
	free(db);
}

int ledger_read_begin(struct ledger_db *db, struct err *err)
{
	/* another process writes: what was remembered may have changed since */
	anchor_cache_clear(db->anchors);
	bundle_forget(db);
	return db_begin_read(db->db, err);
}

void ledger_read_end(struct ledger_db *db)
{
	db_rollback(db->db);
}

int ledger_first_slot(struct ledger_db *db, int64_t link, int64_t *ret_from_s, struct err *err)
{
	struct link_first first;
	int r = link_ever_get(db->db, link, &first, err);

	if (r < 0)
		return r;
	if (first.first_s == SPAN_FOREVER)
		return err_set(err, -ENOENT, "link %lld has no slots", (long long)link);
	*ret_from_s = first.first_s;
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

	/* partial indexes hold just these; CROSS: the few boots first, not a walk over all pages */
	db_query(&q, db->db,
		"SELECT (SELECT coalesce(sum(p.slots), 0) FROM boot AS b CROSS JOIN page AS p"
		"  ON p.boot = b.id WHERE b.to_s IS NULL),"
		" (SELECT coalesce(sum(unbound), 0) FROM page WHERE unbound > 0)");
	if (query_next(&q) > 0) {
		counts->unplaced = query_get_number(&q, 0);
		counts->unbound = query_get_number(&q, 1);
	}
	return query_end(&q, err);
}

static int read_outbox(struct ledger_db *db, struct ledger_counts *counts, struct err *err)
{
	struct query q;
	int64_t exported, first = 0, unused;
	int r = position_get(db->db, "export", &exported, &unused, err);

	if (r < 0)
		return r;
	db_query(&q, db->db,
		"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),"
		" coalesce((SELECT value FROM counter WHERE name = 'fallen'), 0),"
		" coalesce((SELECT min(id) FROM outbox WHERE id > ?), 0)");
	query_number(&q, exported);
	if (query_next(&q) > 0) {
		counts->outbox_last = query_get_number(&q, 0);
		counts->fallen = query_get_number(&q, 1);
		first = query_get_number(&q, 2);
	}
	r = query_end(&q, err);
	/* between two rows no id is left out: nobody need count millions */
	counts->outbox = first ? counts->outbox_last - first + 1 : 0;
	if (r == 0)
		r = position_get(db->db, "fallen_at", &counts->fallen_at_s, &unused, err);
	return r < 0
		? r
		: position_get(db->db, "fallen", &counts->fallen_from_s, &counts->fallen_to_s, err);
}

int ledger_counts(struct ledger_db *db, struct ledger_counts *ret_counts, struct err *err)
{
	struct ledger_counts counts = {0};
	int64_t segment = 0, record = 0, unused;
	int r = read_counters(db, &counts, err);

	if (r == 0)
		r = read_standing(db, &counts, err);
	if (r == 0)
		r = doubts_count(db, &counts.clones, err);
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
		"SELECT b.agent, p.wan, sum(p.unbound), max(p.received_to) FROM page AS p"
		" JOIN boot AS b ON b.id = p.boot WHERE p.unbound > 0 GROUP BY b.agent, p.wan"
		" ORDER BY b.agent, p.wan");
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
		"SELECT b.agent, sum(p.slots) FROM boot AS b CROSS JOIN page AS p ON p.boot = b.id"
		" WHERE b.to_s IS NULL GROUP BY b.agent ORDER BY b.agent");
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
		"SELECT h.agent, max(r.run), sum(r.records), sum(r.slots), h.conflicts,"
		" h.rejected, max(h.received_us, coalesce(max(r.received_us), 0))"
		" FROM heard AS h LEFT JOIN agent_run AS r ON r.agent = h.agent"
		" GROUP BY h.agent ORDER BY h.agent");
	while (!stop && query_next(&q) > 0) {
		struct ledger_heard heard = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.run = (uint32_t)query_get_number(&q, 1),
			.slots = query_get_number(&q, 3),
			.conflicts = query_get_number(&q, 4),
			.rejected = query_get_number(&q, 5),
			.received_us = query_get_number(&q, 6),
		};
		heard.records = query_get_number(&q, 2) + heard.conflicts + heard.rejected;
		stop = each(arg, &heard);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
