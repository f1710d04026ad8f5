/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_remark.h"

#include <errno.h>

#include "collector/store/registry_add.h"

const char registry_remark_schema[] =
	"CREATE TABLE remark(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), at_s INTEGER NOT NULL,"
	"  acknowledged INTEGER NOT NULL, note TEXT NOT NULL, by TEXT NOT NULL,"
	"  entered_s INTEGER NOT NULL) STRICT;"
	"CREATE INDEX remark_at ON remark(at_s);";

static int check_remark(const struct change *change, const void *row, struct err *err)
{
	const struct registry_remark *remark = row;
	int r = link_check(change->registry, remark->link, err);

	if (r == 0)
		r = check_past(change, "at", remark->at_s, err);
	if (r == 0)
		r = check_name("by", remark->by, err);
	if (r == 0 && (remark->note[0] || !remark->acknowledged))
		r = check_name("note", remark->note, err);
	return r;
}

static int insert_remark(struct change *change, const void *row, struct err *err)
{
	const struct registry_remark *remark = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO remark(link, at_s, acknowledged, note, by, entered_s)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, remark->link);
	query_number(&q, remark->at_s);
	query_number(&q, remark->acknowledged);
	query_text(&q, remark->note);
	query_text(&q, remark->by);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static const struct row_kind a_remark = {
	.table = TABLE_REMARK,
	.what = "remark",
	.bytes = sizeof(struct registry_remark),
	.check = check_remark,
	.insert = insert_remark,
};

int registry_remark_add(struct registry *registry, const struct registry_remark *remark,
	int64_t *ret_id, struct err *err)
{
	return add_row(registry, &a_remark, remark, ret_id, err);
}

int registry_remarks(struct registry *registry, int64_t from_s,
	int (*each)(void *arg, const struct registry_remark *remark), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, link, at_s, acknowledged, note, by, entered_s FROM remark"
		" WHERE at_s >= ? ORDER BY link, at_s, id");
	query_number(&q, from_s);
	while (!stop && query_next(&q) > 0) {
		struct registry_remark row = {
			.id = query_get_number(&q, 0),
			.link = query_get_number(&q, 1),
			.at_s = query_get_number(&q, 2),
			.acknowledged = query_get_number(&q, 3) != 0,
			.entered_s = query_get_number(&q, 6),
		};
		query_copy_text(&q, 4, row.note, sizeof(row.note));
		query_copy_text(&q, 5, row.by, sizeof(row.by));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
