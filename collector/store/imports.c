/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/imports.h"

#include <stdio.h>

#include "collector/store/ledger_private.h"
#include "collector/store/registry_private.h"

int registry_imports(struct registry *registry, int64_t after_sequence,
	int (*each)(void *arg, const struct import_entry *entry), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT sequence, at_s, coalesce(json_extract(after, '$.file'), ''), row,"
		" coalesce(json_extract(after, '$.records'), 0) FROM change"
		" WHERE sequence > ? AND table_name = '" IMPORT_TABLE "' ORDER BY sequence");
	query_number(&q, after_sequence);
	while (!stop && query_next(&q) > 0) {
		struct import_entry entry = {
			.sequence = query_get_number(&q, 0),
			.at_s = query_get_number(&q, 1),
			.records = query_get_number(&q, 4),
		};
		query_copy_text(&q, 2, entry.file, sizeof(entry.file));
		query_copy_text(&q, 3, entry.digest, sizeof(entry.digest));
		stop = each(arg, &entry);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

#define POSITION_BYTES (IMPORT_FILE_BYTES + 8)

/* By the file's name, which is never used twice; the log's numbers are, after a restore. */
static void position_name(const struct import_entry *entry, char ret_name[POSITION_BYTES])
{
	snprintf(ret_name, POSITION_BYTES, "import %s", entry->file);
}

int ledger_import_place(struct ledger_db *db, const struct import_entry *entry,
	struct import_place *ret_place, struct err *err)
{
	char name[POSITION_BYTES];

	position_name(entry, name);
	return position_get(db->db, name, &ret_place->part, &ret_place->item, err);
}

int ledger_put_import(struct ledger_writer *writer, const struct import_entry *entry,
	struct import_place place, struct err *err)
{
	char name[POSITION_BYTES];

	position_name(entry, name);
	return position_put(writer->db, name, place.part, place.item, err);
}
