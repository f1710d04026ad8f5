/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/rescue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_shape.h"

#define PART_BITS 40 /* no part of a key is greater than that */
#define SQL_BYTES 2048
#define ORDER_BYTES 256 /* the columns of a key */

/* ---- by key */

static int try_at(const struct rescue *rescue, const char *sql, const struct rescue_key *key,
	struct query *ret_query)
{
	int found;

	db_query(ret_query, rescue->db, sql);
	for (int i = 0; i < key->parts; i++)
		query_number(ret_query, key->part[i]);
	found = query_next(ret_query);
	if (found <= 0)
		query_end(ret_query, NULL);
	return found;
}

/* The least place in (bad, good] of this part from which on rows can be read again. */
static void go_back(const struct rescue *rescue, const char *sql, struct rescue_key *key, int level,
	int64_t bad)
{
	int64_t good = key->part[level];
	struct query q;

	while (good - bad > 1) {
		key->part[level] = bad + (good - bad) / 2;
		int found = try_at(rescue, sql, key, &q);
		if (found > 0)
			query_end(&q, NULL);
		if (found >= 0)
			good = key->part[level];
		else
			bad = key->part[level];
	}
	key->part[level] = good;
}

/* In steps of 1, 2, 4, ... of this part. False: up to its end nothing can be read. */
static bool go_on(const struct rescue *rescue, const char *sql, struct rescue_key *key, int level)
{
	struct rescue_key at = *key;
	int64_t bad = key->part[level];
	struct query q;

	for (int i = level + 1; i < key->parts; i++)
		at.part[i] = 0;
	for (int bit = 0; bit < PART_BITS; bit++) {
		at.part[level] = key->part[level] + (INT64_C(1) << bit);
		int found = try_at(rescue, sql, &at, &q);
		if (found > 0)
			query_end(&q, NULL);
		if (found >= 0) {
			go_back(rescue, sql, &at, level, bad);
			*key = at;
			return true;
		}
		bad = at.part[level];
	}
	return false;
}

int rescue_next(
	struct rescue *rescue, const char *sql, struct rescue_key *key, struct query *ret_query)
{
	int found = try_at(rescue, sql, key, ret_query);

	while (found < 0) {
		int level = key->parts - 1;

		rescue->holes++;
		while (level >= 0 && !go_on(rescue, sql, key, level))
			level--;
		if (level < 0)
			return 0;
		found = try_at(rescue, sql, key, ret_query);
	}
	if (found == 0)
		return 0;
	for (int i = 0; i < key->parts; i++)
		key->part[i] = query_get_number(ret_query, i);
	key->part[key->parts - 1]++;
	return 1;
}

/* ---- small tables */

static void bind_cell(struct query *to, struct query *from, int column)
{
	struct cell cell = query_cell(from, column);

	switch (cell.kind) {
	case CELL_NULL: query_null(to); break;
	case CELL_NUMBER: query_number(to, cell.number); break;
	case CELL_REAL: query_real(to, cell.real); break;
	case CELL_TEXT: query_text_part(to, cell.bytes, cell.length); break;
	case CELL_BYTES: query_bytes(to, cell.bytes, cell.length); break;
	}
}

/* A row that the new table's rules refuse was damaged, too. */
static int copy_row(struct rescue *rescue, struct db *to, const char *insert, struct query *from)
{
	struct query q;
	int r;

	db_query_once(&q, to, insert);
	for (int i = 0; i < query_columns(from); i++)
		bind_cell(&q, from, i);
	r = query_run(&q, NULL);
	if (r != -EEXIST && r != -EBADMSG)
		return r;
	rescue->holes++;
	return 0;
}

static int insert_text(struct db *to, const char *table, char ret_sql[SQL_BYTES], struct err *err)
{
	struct query q;
	int columns, length;

	snprintf(ret_sql, SQL_BYTES, "SELECT * FROM %s LIMIT 0", table);
	db_query_once(&q, to, ret_sql);
	query_next(&q);
	columns = q.failed ? 0 : query_columns(&q);
	if (query_end(&q, err) < 0)
		return -EIO;
	length = snprintf(ret_sql, SQL_BYTES, "INSERT OR IGNORE INTO %s VALUES (?", table);
	for (int i = 1; i < columns; i++)
		length += snprintf(ret_sql + length, SQL_BYTES - length, ", ?");
	snprintf(ret_sql + length, SQL_BYTES - length, ")");
	return columns;
}

/* *ret_whole: up to the end. */
static int copy_in_order(
	struct rescue *rescue, struct db *to, const char *sql, const char *insert, bool *ret_whole)
{
	struct query q;
	int r = 0;

	db_query_once(&q, rescue->db, sql);
	while (r == 0 && query_next(&q) > 0)
		r = copy_row(rescue, to, insert, &q);
	*ret_whole = q.failed == 0;
	query_end(&q, NULL);
	return r;
}

/* The names of the primary key's columns with `order` behind each. */
static int key_order(
	struct db *to, const char *table, const char *order, char *ret_text, size_t size)
{
	size_t length = 0;
	struct query q;

	*ret_text = '\0';
	db_query(&q, to, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk");
	query_text(&q, table);
	while (query_next(&q) > 0 && length < size)
		length += (size_t)snprintf(ret_text + length, size - length, "%s%s%s",
			length ? ", " : "", query_get_text(&q, 0), order);
	return query_end(&q, NULL);
}

int rescue_table(struct rescue *rescue, struct db *to, const char *table, struct err *err)
{
	char insert[SQL_BYTES], sql[SQL_BYTES], orders[4][ORDER_BYTES] = {"rowid", "rowid DESC"};
	bool whole = false;
	int r = insert_text(to, table, insert, err);

	if (r < 0)
		return r;
	r = key_order(to, table, "", orders[2], sizeof(orders[2]));
	if (r == 0)
		r = key_order(to, table, " DESC", orders[3], sizeof(orders[3]));
	/* a table without rowids knows no such order, and gives no row for it */
	for (int i = 0; r == 0 && i < 4 && !whole; i++) {
		snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY %s", table, orders[i]);
		r = copy_in_order(rescue, to, sql, insert, &whole);
	}
	rescue->holes += !whole;
	return r < 0 ? err_errno(err, r, "%s", db_path(to)) : 0;
}
