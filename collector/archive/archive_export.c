/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/archive_export.h"

#include <errno.h>
#include <string.h>

#include "collector/archive/archive_writer.h"
#include "collector/archive/items.h"
#include "collector/archive/row_text.h"
#include "collector/archive/selection.h"
#include "collector/store/ledger_facts.h"
#include "common/civil.h"
#include "common/json.h"

#define ABOUT_MAX 65536

struct export
{
	const struct archive_wish *wish;
	struct selection *selection;
	struct archive_writer *writer;
	struct err *err;
	struct buf item; /* scratch */
	char table[TABLE_NAME_BYTES]; /* whose rows are being written */
	int64_t table_rows;
	struct buf tables; /* JSON: rows of each table, for the end */
	struct json tables_json;
	struct archive_written written;
};

static struct archive_text text_of(const struct buf *buf)
{
	return (struct archive_text){buf_peek(buf), buf_length(buf)};
}

static int put_item(struct export *export, int failed)
{
	if (failed < 0)
		return err_errno(export->err, failed, "evidence");
	return archive_put(export->writer, text_of(&export->item), export->err);
}

/* ---- the part that says what it is */

static void put_filter(struct json *json, const struct registry_filter *filter)
{
	json_object(json, "selection");
	if (filter->link)
		json_number(json, "link", filter->link);
	if (filter->desa)
		json_text(json, "desa", filter->desa);
	if (filter->kecamatan)
		json_text(json, "kecamatan", filter->kecamatan);
	if (filter->kabupaten)
		json_text(json, "kabupaten", filter->kabupaten);
	if (filter->provider)
		json_text(json, "provider", filter->provider);
	json_object_end(json);
}

static int about(struct export *export, struct buf *out)
{
	const struct archive_wish *wish = export->wish;
	char made[CIVIL_TIME_BYTES];
	struct json json;

	civil_format(wish->now_s, made);
	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "format", "pantau evidence");
	json_number(&json, "version", EVIDENCE_VERSION);
	json_text(&json, "program", "pantau " PANTAU_VERSION);
	json_text(&json, "made", made);
	json_text(&json, "month", wish->month);
	put_filter(&json, &wish->filter);
	json_text(&json, "history", "whole");
	json_text(&json, "holds",
		"rows of the registry (parts \"rows\", lines of JSON, zstd) and records as agents "
		"sent them (parts \"facts\", zstd); see docs/EVIDENCE.md");
	json_number(&json, "links", (int64_t) export->written.links);
	json_number(&json, "agents", (int64_t) export->written.agents);
	json_object_end(&json);
	return json_end(&json);
}

static int write_about(struct export *export)
{
	static const struct archive_text nothing;
	int r;

	buf_clear(&export->item);
	r = archive_begin(export->writer, PART_ABOUT, nothing, export->err);
	return r < 0 ? r : put_item(export, about(export, &export->item));
}

/* ---- rows */

static void end_table(struct export *export)
{
	if (export->table_rows)
		json_number(&export->tables_json, export->table, export->table_rows);
	export->table_rows = 0;
}

static int begin_table(struct export *export, const struct table_row *row)
{
	struct buf front;
	int r;

	end_table(export);
	strncpy(export->table, row->table, sizeof(export->table) - 1);
	buf_init(&front, ABOUT_MAX);
	r = row_text_front(row, &front);
	if (r < 0)
		err_errno(export->err, r, "table %s", row->table);
	else
		r = archive_begin(export->writer, PART_ROWS, text_of(&front), export->err);
	buf_done(&front);
	return r;
}

static int write_row(void *arg, const struct table_row *row)
{
	struct export *export = arg;
	int r = selection_wants(export->selection, row);

	if (r < 0)
		return err_errno(export->err, r, "table %s", row->table);
	if (!r)
		return 0;
	r = strcmp(export->table, row->table) ? begin_table(export, row) : 0;
	if (r < 0)
		return r;
	buf_clear(&export->item);
	export->table_rows++;
	export->written.rows++;
	return put_item(export, row_text_write(row, &export->item));
}

/* ---- facts */

static int write_fact(void *arg, const struct journal_record *record)
{
	struct export *export = arg;
	struct buf bytes;
	int r;

	buf_init(&bytes, PART_PLAIN_MAX);
	buf_clear(&export->item);
	r = journal_record_encode(record, &bytes);
	if (r == 0)
		r = item_write(ITEM_RECORD, buf_peek(&bytes), buf_length(&bytes), &export->item);
	buf_done(&bytes);
	export->written.records++;
	return put_item(export, r);
}

/* Each agent as of one moment, a short one: the ledger goes on meanwhile. */
static int write_agent(struct export *export, uint32_t agent)
{
	struct ledger_db *ledger = export->wish->ledger;
	int r = ledger_read_begin(ledger, export->err);

	if (r < 0)
		return r;
	r = ledger_facts(ledger, agent, write_fact, export, export->err);
	ledger_read_end(ledger);
	return r;
}

static int write_facts(struct export *export)
{
	static const struct archive_text nothing;
	const int64_t *agents;
	size_t count;
	int r = archive_begin(export->writer, PART_FACTS, nothing, export->err);

	agents = selection_agents(export->selection, &count);
	for (size_t i = 0; r == 0 && export->wish->ledger && i < count; i++)
		r = write_agent(export, (uint32_t)agents[i]);
	return r;
}

/* ---- the end */

static int end(struct export *export, struct buf *out)
{
	char chain[2 * SHA256_BYTES + 1];
	struct json json;
	int r;

	hex_format(archive_chain(export->writer), SHA256_BYTES, chain);
	json_init(&json, out);
	json_object(&json, NULL);
	json_number(&json, "parts", archive_parts(export->writer));
	json_number(&json, "rows", export->written.rows);
	json_number(&json, "records", export->written.records);
	json_decimal(&json, "tables", (const char *)buf_peek(&export->tables));
	json_text(&json, "chain", chain);
	json_object_end(&json);
	r = json_end(&json);
	return r;
}

static int write_end(struct export *export)
{
	static const struct archive_text nothing;
	int r = archive_flush(export->writer, export->err);

	end_table(export);
	json_object_end(&export->tables_json);
	if (r == 0 && (json_end(&export->tables_json) || buf_append(&export->tables, "", 1)))
		r = err_errno(export->err, -ENOMEM, "evidence");
	buf_clear(&export->item);
	if (r == 0)
		r = archive_begin(export->writer, PART_END, nothing, export->err);
	if (r == 0)
		r = put_item(export, end(export, &export->item));
	return r < 0 ? r : archive_flush(export->writer, export->err);
}

static int write_all(struct export *export)
{
	int64_t sequence;
	int r = write_about(export);

	if (r == 0)
		r = registry_rows(
			export->wish->registry, write_row, export, &sequence, export->err);
	if (r == 0)
		r = write_facts(export);
	return r < 0 ? r : write_end(export);
}

int archive_export(const struct archive_wish *wish, int fd, const char *name,
	struct archive_written *ret_written, struct err *err)
{
	struct export export = {.wish = wish, .err = err};
	int r = selection_new(wish->registry, &wish->filter, &export.selection, err);

	if (r < 0)
		return r;
	buf_init(&export.item, PART_PLAIN_MAX);
	buf_init(&export.tables, ABOUT_MAX);
	json_init(&export.tables_json, &export.tables);
	json_object(&export.tables_json, NULL);
	export.written.links = selection_links(export.selection);
	selection_agents(export.selection, &export.written.agents);
	r = archive_writer_new(fd, name, &export.writer, err);
	if (r == 0)
		r = write_all(&export);
	if (r == 0) {
		export.written.parts = archive_parts(export.writer);
		export.written.bytes = archive_bytes(export.writer);
		*ret_written = export.written;
	}
	archive_writer_free(export.writer);
	buf_done(&export.tables);
	buf_done(&export.item);
	selection_free(export.selection);
	return r;
}
