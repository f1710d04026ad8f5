/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_mend_copy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/store/ledger_private.h"
#include "collector/store/rescue.h"
#include "common/crypto.h"
#include "common/file.h"

#define OUTBOX_LEAP 1000000 /* where its last number is not known: beyond what anybody has seen */

static const char *const documents[] = {
	"closed_month", "closed_file", "closed_result", "closed_touch", "closed_note", NULL};
/* What was told stays told: an exporter goes on where it was, and nothing is told twice. */
static const char *const telling[] = {"position", "said", "said_day", "outbox", "own_outage", NULL};

static int copy_tables(
	struct rescue *rescue, struct db *to, const char *const *tables, struct err *err)
{
	int r = 0;

	for (; r == 0 && *tables; tables++)
		r = rescue_table(rescue, to, *tables, err);
	return r;
}

/* A document is what its hash says, or it is not here. */
static int check_documents(
	struct db *db, const char *table, const char *content, int64_t *lost, struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	char sql[160], hex[2 * SHA256_BYTES + 1];
	struct query q, drop;
	size_t length;
	int r = 0;

	snprintf(sql, sizeof(sql), "SELECT rowid, hash, %s FROM %s", content, table);
	db_query_once(&q, db, sql);
	while (r == 0 && query_next(&q) > 0) {
		const void *bytes = query_get_bytes(&q, 2, &length);
		r = crypto_sha256(bytes, length, digest);
		hex_format(digest, sizeof(digest), hex);
		if (r < 0 || !strcmp(hex, query_get_text(&q, 1)))
			continue;
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE rowid = ?", table);
		db_query_once(&drop, db, sql);
		query_number(&drop, query_get_number(&q, 0));
		r = query_run(&drop, err);
		++*lost;
	}
	return query_end(&q, err) < 0 ? -EIO : r;
}

/* An import whose file is still here is read again. */
int mend_forget_imports(struct db *db, const char *folder, struct err *err)
{
	char path[PATH_MAX];
	struct query q, drop;
	int r = 0;

	db_query(&q, db, "SELECT name, substr(name, 8) FROM position WHERE name LIKE 'import %'");
	while (r == 0 && query_next(&q) > 0) {
		if (file_join(path, sizeof(path), folder, query_get_text(&q, 1)) < 0 ||
			access(path, F_OK) < 0)
			continue;
		db_query(&drop, db, "DELETE FROM position WHERE name = ?");
		query_text(&drop, query_get_text(&q, 0));
		r = query_run(&drop, err);
	}
	return query_end(&q, err) < 0 ? -EIO : r;
}

/* The outbox goes on counting: whoever follows it has a place in it. */
static int settle_outbox(struct db *to, struct db *from, struct err *err)
{
	int64_t exported, unused, last = 0;
	struct query q;
	int r = position_get(to, "export", &exported, &unused, err);

	if (r < 0)
		return r;
	db_query(&q, from, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
	if (query_next(&q) > 0)
		last = query_get_number(&q, 0);
	query_end(&q, NULL);
	r = db_run(to, "DELETE FROM sqlite_sequence WHERE name = 'outbox'", err);
	if (r < 0)
		return r;
	db_query(&q, to,
		"INSERT INTO sqlite_sequence(name, seq) SELECT 'outbox', max(?, ?,"
		" (SELECT coalesce(max(id), 0) FROM outbox))");
	query_number(&q, exported);
	query_number(&q, last > 0 ? last : exported + OUTBOX_LEAP);
	return query_run(&q, err);
}

/* Where it stood in the journal, the registry and with what is derived begins anew. */
static int settle_positions(struct db *db, struct mending *mending, struct err *err)
{
	int64_t segment = 0, record = 0;
	int r = position_get(db, "journal", &segment, &record, err);

	mending->told = (struct seglog_pos){(uint64_t)segment, (uint64_t)record};
	return r < 0 ? r
		     : db_run(db,
			       /* a refill begins anew: what it was at are places in this file */
			       "UPDATE position SET b = 1 WHERE name = 'export' AND EXISTS"
			       "  (SELECT 1 FROM position WHERE name = 'refill');"
			       "DELETE FROM position WHERE name IN"
			       "  ('journal', 'registry', 'refill')",
			       err);
}

int mend_copy(struct db *to, struct db *from, struct mending *mending, struct err *err)
{
	struct rescue rescue = {.db = from};
	int r = copy_tables(&rescue, to, documents, err);

	if (r == 0)
		r = check_documents(to, "closed_month", "document", &rescue.holes, err);
	if (r == 0)
		r = check_documents(to, "closed_file", "content", &rescue.holes, err);
	mending->unsure = rescue.holes > 0;
	if (r == 0)
		r = copy_tables(&rescue, to, telling, err);
	mending->holes = rescue.holes;
	if (r == 0)
		r = settle_outbox(to, from, err);
	return r < 0 ? r : settle_positions(to, mending, err);
}
