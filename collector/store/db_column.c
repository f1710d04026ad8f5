/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a query's present row. */
#include <sqlite3.h>
#include <stdio.h>

#include "collector/store/db.h"

int64_t query_get_number(struct query *query, int column)
{
	return sqlite3_column_int64(query->stmt, column);
}

int64_t query_get_until(struct query *query, int column)
{
	return query_is_null(query, column) ? INT64_MAX : query_get_number(query, column);
}

double query_get_real(struct query *query, int column)
{
	return sqlite3_column_double(query->stmt, column);
}

bool query_is_null(struct query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
}

bool query_is_number(struct query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_INTEGER;
}

bool query_is_text(struct query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_TEXT;
}

bool query_is_real(struct query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_FLOAT;
}

const char *query_get_text(struct query *query, int column)
{
	return (const char *)sqlite3_column_text(query->stmt, column);
}

const void *query_get_bytes(struct query *query, int column, size_t *ret_length)
{
	const void *bytes = sqlite3_column_blob(query->stmt, column);
	*ret_length = (size_t)sqlite3_column_bytes(query->stmt, column);
	return bytes;
}

void query_copy_text(struct query *query, int column, char *ret_text, size_t size)
{
	const char *text = query_get_text(query, column);
	snprintf(ret_text, size, "%s", text ? text : "");
}

int query_columns(struct query *query)
{
	return sqlite3_column_count(query->stmt);
}

const char *query_column_name(struct query *query, int column)
{
	return sqlite3_column_name(query->stmt, column);
}
