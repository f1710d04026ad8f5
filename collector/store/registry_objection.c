/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_objection.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/store/registry_add.h"
#include "common/civil.h"

const char registry_objection_schema[] =
	"CREATE TABLE objection(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), at_s INTEGER NOT NULL,"
	"  provider TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, document TEXT,"
	"  entered_s INTEGER NOT NULL, answered_s INTEGER, answered_by TEXT, answer_note TEXT,"
	"  accepted INTEGER) STRICT;"
	"CREATE INDEX objection_link ON objection(link, at_s);";

static int check_objection(const struct change *change, const void *row, struct err *err)
{
	const struct registry_objection *objection = row;
	const struct registry_word word = {objection->by, objection->note};
	struct registry_link link;
	char at[CIVIL_TIME_BYTES], now[CIVIL_TIME_BYTES];
	int r = check_word(&word, err);

	if (r == 0 && objection->document[0])
		r = check_document(objection->document, err);
	if (r == 0)
		r = registry_link_get(change->registry, objection->link, &link, err);
	if (r == 0 && strcmp(link.provider, objection->provider) != 0)
		r = err_set(err, -EINVAL, "provider = %s: link %" PRId64 " is one of %s",
			objection->provider, link.id, link.provider);
	if (r == 0)
		r = check_dates("objection", objection->at_s, SPAN_FOREVER, err);
	if (r < 0 || objection->at_s <= change->at_s)
		return r;
	civil_format(objection->at_s, at);
	civil_format(change->at_s, now);
	return err_set(err, -ERANGE, "at = %s: has not been yet, it is %s", at, now);
}

static int insert_objection(struct change *change, const void *row, struct err *err)
{
	const struct registry_objection *objection = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO objection(link, at_s, provider, by, note, document, entered_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, objection->link);
	query_number(&q, objection->at_s);
	query_text(&q, objection->provider);
	query_text(&q, objection->by);
	query_text(&q, objection->note);
	query_optional(&q, objection->document);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static const struct row_kind a_objection = {
	.table = TABLE_OBJECTION,
	.what = "objection",
	.bytes = sizeof(struct registry_objection),
	.check = check_objection,
	.insert = insert_objection,
};

int registry_objection_add(struct registry *registry, const struct registry_objection *objection,
	int64_t *ret_id, struct err *err)
{
	return add_row(registry, &a_objection, objection, ret_id, err);
}

/* -ENOENT; -EALREADY: it has its answer. */
static int check_open(struct registry *registry, int64_t id, struct err *err)
{
	bool answered = false;
	struct query q;
	int found, r;

	db_query(&q, registry->db, "SELECT answered_s FROM objection WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		answered = !query_is_null(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "objection %" PRId64 " does not exist", id);
	if (answered)
		return err_set(err, -EALREADY, "objection %" PRId64 " was answered before", id);
	return 0;
}

static int put_answer(
	struct change *change, int64_t id, const struct registry_answer *answer, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"UPDATE objection SET answered_s = ?, answered_by = ?, answer_note = ?,"
		" accepted = ? WHERE id = ?");
	query_number(&q, change->at_s);
	query_text(&q, answer->word.by);
	query_text(&q, answer->word.note);
	query_number(&q, answer->accept);
	query_number(&q, id);
	return query_run(&q, err);
}

int registry_objection_answer(struct registry *registry, int64_t id,
	const struct registry_answer *answer, struct err *err)
{
	struct change change;
	int r = check_word(&answer->word, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = check_open(registry, id, err);
	if (r == 0)
		r = change_before(&change, TABLE_OBJECTION, id, err);
	if (r == 0)
		r = put_answer(&change, id, answer, err);
	if (r == 0)
		r = change_after(&change, TABLE_OBJECTION, id, err);
	return change_end(&change, r, err);
}

static void read_objection(struct query *q, struct registry_objection *ret_objection)
{
	struct registry_objection row = {
		.id = query_get_number(q, 0),
		.link = query_get_number(q, 1),
		.at_s = query_get_number(q, 2),
		.entered_s = query_get_number(q, 7),
		.answered_s = query_get_number(q, 8),
		.accepted = query_get_number(q, 11) != 0,
	};

	query_copy_text(q, 3, row.provider, sizeof(row.provider));
	query_copy_text(q, 4, row.by, sizeof(row.by));
	query_copy_text(q, 5, row.note, sizeof(row.note));
	query_copy_text(q, 6, row.document, sizeof(row.document));
	query_copy_text(q, 9, row.answered_by, sizeof(row.answered_by));
	query_copy_text(q, 10, row.answer_note, sizeof(row.answer_note));
	*ret_objection = row;
}

int registry_objections(struct registry *registry, const struct registry_filter *filter,
	int (*each)(void *arg, const struct registry_objection *objection), void *arg,
	struct err *err)
{
	static const struct registry_filter all;
	struct registry_objection row;
	struct query q;
	int stop = 0, r;

	if (!filter)
		filter = &all;
	db_query(&q, registry->db,
		"SELECT o.id, o.link, o.at_s, o.provider, o.by, o.note, o.document, o.entered_s,"
		" coalesce(o.answered_s, 0), o.answered_by, o.answer_note, o.accepted"
		" FROM objection AS o JOIN link AS l ON l.id = o.link WHERE (?1 = 0 OR l.id = ?1)"
		" AND (?2 IS NULL OR l.provider = ?2) AND (?3 IS NULL OR l.desa = ?3)"
		" AND (?4 IS NULL OR substr(l.desa, 1, 8) = ?4)"
		" AND (?5 IS NULL OR substr(l.desa, 1, 5) = ?5) ORDER BY o.id");
	query_number(&q, filter->link);
	query_text(&q, filter->provider);
	query_text(&q, filter->desa);
	query_text(&q, filter->kecamatan);
	query_text(&q, filter->kabupaten);
	while (!stop && query_next(&q) > 0) {
		read_objection(&q, &row);
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
