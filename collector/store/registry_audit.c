/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_audit.h"

#include "collector/store/registry_private.h"

int registry_audit(struct registry *registry, const struct registry_audit *audit,
	int (*each)(void *arg, const struct registry_change *change), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT sequence, at_s, who, table_name, row, before, after FROM change"
		" WHERE sequence < ?1 AND at_s >= ?2 AND at_s < ?3 AND (?4 IS NULL OR who = ?4)"
		" AND (?5 IS NULL OR table_name = ?5) AND (?6 IS NULL OR row = ?6)"
		" ORDER BY sequence DESC");
	query_number(&q, audit->before);
	query_number(&q, audit->from_s);
	query_number(&q, audit->to_s);
	query_text(&q, audit->who);
	query_text(&q, audit->table);
	query_text(&q, audit->row);
	while (!stop && query_next(&q) > 0) {
		const struct registry_change change = {
			.sequence = query_get_number(&q, 0),
			.at_s = query_get_number(&q, 1),
			.who = query_get_text(&q, 2),
			.table = query_get_text(&q, 3),
			.row = query_get_text(&q, 4),
			.before = query_get_text(&q, 5),
			.after = query_get_text(&q, 6),
		};
		stop = each(arg, &change);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
