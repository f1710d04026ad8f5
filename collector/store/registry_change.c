/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "common/json.h"
#include "common/plain_text.h"

#define ROW_JSON_MAX (16 * 1024) /* the longest note, escaped, and the other columns */
#define TIME_MIN_S 946684800LL /* 2000-01-01: no contract of the programme is older */
#define TIME_MAX_S 4102444800LL /* 2100-01-01 */

static const struct {
	const char *name, *select;
} tables[] = {
	[TABLE_LINK] = {"link", "SELECT * FROM link WHERE id = ?"},
	[TABLE_CONTRACT] = {"contract", "SELECT * FROM contract WHERE id = ?"},
	[TABLE_EXCLUSION] = {"exclusion", "SELECT * FROM exclusion WHERE id = ?"},
	[TABLE_AGENT] = {"agent", "SELECT * FROM agent WHERE id = ?"},
	[TABLE_BINDING] = {"binding", "SELECT * FROM binding WHERE id = ?"},
	[TABLE_DISMISSAL] = {"dismissal", "SELECT * FROM dismissal WHERE id = ?"},
	[TABLE_SETTLEMENT] = {"settlement", "SELECT * FROM settlement WHERE id = ?"},
	[TABLE_OBJECTION] = {"objection", "SELECT * FROM objection WHERE id = ?"},
	[TABLE_TICKET] = {"ticket", "SELECT * FROM ticket WHERE id = ?"},
	[TABLE_TOLD] = {"told", "SELECT * FROM told WHERE id = ?"},
	[TABLE_REMARK] = {"remark", "SELECT * FROM remark WHERE id = ?"},
	[TABLE_ENROLMENT] = {"enrolment", "SELECT * FROM enrolment WHERE id = ?"},
	[TABLE_CONFIGURATION] = {"configuration", "SELECT * FROM configuration WHERE id = ?"},
	[TABLE_USER] = {"user", "SELECT * FROM user WHERE id = ?"},
};

int change_begin(struct registry *registry, struct change *change, struct err *err)
{
	*change = (struct change){.registry = registry};
	buf_init(&change->before, ROW_JSON_MAX);
	change->at_s = registry->now_s(registry->now_arg);
	return db_begin(registry->db, err);
}

static void write_column(struct json *json, struct query *q, int column)
{
	const char *name = query_column_name(q, column);

	if (query_is_null(q, column))
		json_null(json, name);
	else if (query_is_text(q, column) || query_is_real(q, column))
		json_text(json, name, query_get_text(q, column));
	else
		json_number(json, name, query_get_number(q, column));
}

/* The row as a JSON object with a 0 after it. */
static int row_json(struct change *change, enum change_table table, int64_t id, struct buf *out,
	struct err *err)
{
	struct json json;
	struct query q;
	int r, w;

	json_init(&json, out);
	db_query(&q, change->registry->db, tables[table].select);
	query_number(&q, id);
	if (query_next(&q) > 0) {
		json_object(&json, NULL);
		for (int i = 0; i < query_columns(&q); i++)
			write_column(&json, &q, i);
		json_object_end(&json);
	}
	r = query_end(&q, err);
	w = json_end(&json);
	if (w == 0)
		w = buf_append(out, "", 1);
	if (r == 0 && w < 0)
		r = err_errno(err, w, "the log of changes");
	return r;
}

static int log_row(struct change *change, const char *table, const char *row, const char *after,
	struct err *err)
{
	struct query q;
	bool has_before = buf_length(&change->before) > 0;
	int r;

	db_query(&q, change->registry->db,
		"INSERT INTO change(at_s, who, table_name, row, before, after)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, change->at_s);
	query_text(&q, change->registry->who);
	query_text(&q, table);
	query_text(&q, row);
	query_text(&q, has_before ? (const char *)buf_peek(&change->before) : NULL);
	query_text(&q, after);
	r = query_run(&q, err);
	buf_clear(&change->before);
	return r;
}

int change_before(struct change *change, enum change_table table, int64_t id, struct err *err)
{
	buf_clear(&change->before);
	return row_json(change, table, id, &change->before, err);
}

int change_after(struct change *change, enum change_table table, int64_t id, struct err *err)
{
	struct buf after;
	char row[24];
	int r;

	buf_init(&after, ROW_JSON_MAX);
	snprintf(row, sizeof(row), "%" PRId64, id);
	r = row_json(change, table, id, &after, err);
	if (r == 0)
		r = log_row(change, tables[table].name, row, (const char *)buf_peek(&after), err);
	buf_done(&after);
	change->roster |= roster_follows(tables[table].name);
	return r;
}

int change_note(struct change *change, const char *table, const char *row, const char *after,
	struct err *err)
{
	return log_row(change, table, row, after, err);
}

int change_end(struct change *change, int failed, struct err *err)
{
	struct db *db = change->registry->db;

	buf_done(&change->before);
	if (failed < 0) {
		db_rollback(db);
		return failed;
	}
	failed = db_commit(db, err);
	if (failed == 0 && change->roster)
		failed = roster_write(change->registry, err);
	return failed;
}

void format_period(int64_t from_s, int64_t to_s, char ret_text[PERIOD_BYTES])
{
	format_period_in(from_s, to_s, 0, ret_text);
}

void format_period_in(int64_t from_s, int64_t to_s, int32_t offset_s, char ret_text[PERIOD_BYTES])
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES] = "open";

	civil_format_zone(from_s, offset_s, from);
	if (to_s != SPAN_FOREVER)
		civil_format_zone(to_s, offset_s, to);
	snprintf(ret_text, PERIOD_BYTES, "%s to %s", from, to);
}

static bool is_sane(int64_t time_s)
{
	return time_s >= TIME_MIN_S && time_s <= TIME_MAX_S;
}

int check_dates(const char *what, int64_t from_s, int64_t to_s, struct err *err)
{
	char period[PERIOD_BYTES];

	if (!is_sane(from_s))
		return err_set(
			err, -ERANGE, "%s from = @%" PRId64 ": not in 2000 to 2100", what, from_s);
	if (to_s != SPAN_FOREVER && !is_sane(to_s))
		return err_set(
			err, -ERANGE, "%s to = @%" PRId64 ": not in 2000 to 2100", what, to_s);
	if (from_s < to_s)
		return 0;
	format_period(from_s, to_s, period);
	return err_set(err, -ERANGE, "%s from %s: must begin before it ends", what, period);
}

int check_past(const struct change *change, const char *what, int64_t at_s, struct err *err)
{
	char at[CIVIL_TIME_BYTES], now[CIVIL_TIME_BYTES];
	int r = check_dates(what, at_s, SPAN_FOREVER, err);

	if (r < 0 || at_s <= change->at_s)
		return r;
	civil_format(at_s, at);
	civil_format(change->at_s, now);
	return err_set(err, -ERANGE, "%s = %s: has not been yet, it is %s", what, at, now);
}

int check_name(const char *what, const char *value, struct err *err)
{
	return plain_text_check(what, value, err);
}

static int check_text(const char *what, const char *value, size_t size, struct err *err)
{
	int r = check_name(what, value, err);

	if (r == 0 && strlen(value) >= size)
		r = err_set(err, -EINVAL, "%s is longer than %zu bytes", what, size - 1);
	return r;
}

int check_word(const struct registry_word *word, struct err *err)
{
	int r = check_text("by", word->by, REGISTRY_NAME_BYTES, err);

	if (r < 0 || !word->note)
		return r;
	return check_text("note", word->note, REGISTRY_NOTE_BYTES, err);
}

int check_document(const char *document, struct err *err)
{
	if (strlen(document) == REGISTRY_HEX_BYTES - 1 &&
		strspn(document, "0123456789abcdef") == strlen(document))
		return 0;
	return err_set(err, -EINVAL,
		"document = %.70s: must be the SHA-256 of the document, 64 digits",
		document[0] ? document : "(none)");
}

void copy_text(char *ret_text, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memcpy(ret_text, text, length);
	ret_text[length] = '\0';
}

void query_optional(struct query *query, const char *text)
{
	query_text(query, text[0] ? text : NULL);
}

int find_revoked(struct registry *registry, enum change_table table, int64_t id, bool *ret_revoked,
	struct err *err)
{
	static const char *const selects[] = {
		[TABLE_EXCLUSION] = "SELECT revoked_s FROM exclusion WHERE id = ?",
		[TABLE_AGENT] = "SELECT revoked_s FROM agent WHERE id = ?",
		[TABLE_DISMISSAL] = "SELECT revoked_s FROM dismissal WHERE id = ?",
		[TABLE_SETTLEMENT] = "SELECT revoked_s FROM settlement WHERE id = ?",
		[TABLE_TICKET] = "SELECT revoked_s FROM ticket WHERE id = ?",
		[TABLE_TOLD] = "SELECT revoked_s FROM told WHERE id = ?",
	};
	struct query q;
	bool revoked = false;
	int found, r;

	db_query(&q, registry->db, selects[table]);
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		revoked = !query_is_null(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(
			err, -ENOENT, "%s %" PRId64 " does not exist", tables[table].name, id);
	*ret_revoked = revoked;
	return 0;
}

/* Who, when and why, in the row itself. */
static int put_revoked(struct change *change, enum change_table table, int64_t id,
	const struct registry_word *word, struct err *err)
{
#define REVOKE(table) \
	"UPDATE " table " SET revoked_s = ?, revoked_by = ?, revoke_note = ? WHERE id = ?"
	static const char *const updates[] = {
		[TABLE_EXCLUSION] = REVOKE("exclusion"),
		[TABLE_DISMISSAL] = REVOKE("dismissal"),
		[TABLE_SETTLEMENT] = REVOKE("settlement"),
		[TABLE_TICKET] = REVOKE("ticket"),
		[TABLE_TOLD] = REVOKE("told"),
	};
#undef REVOKE
	struct query q;

	db_query(&q, change->registry->db, updates[table]);
	query_number(&q, change->at_s);
	query_text(&q, word->by);
	query_text(&q, word->note);
	query_number(&q, id);
	return query_run(&q, err);
}

int revoke_row(struct registry *registry, enum change_table table, int64_t id,
	const struct registry_word *word, struct err *err)
{
	struct change change;
	bool revoked = false;
	const struct registry_word signature = {word->by ? word->by : registry->who, word->note};
	int r = check_word(&signature, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = find_revoked(registry, table, id, &revoked, err);
	if (r == 0 && revoked)
		r = err_set(err, -EALREADY, "%s %" PRId64 " was revoked before", tables[table].name,
			id);
	if (r == 0)
		r = change_before(&change, table, id, err);
	if (r == 0)
		r = put_revoked(&change, table, id, &signature, err);
	if (r == 0)
		r = change_after(&change, table, id, err);
	return change_end(&change, r, err);
}
