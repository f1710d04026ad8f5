/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/archive_check.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/archive/archive_reader.h"
#include "collector/archive/items.h"
#include "collector/archive/row_text.h"
#include "proto/journal_record.h"

struct check {
	const char *path;
	struct archive_reader *reader;
	int (*each)(void *arg, const struct table_row *row, struct err *err);
	void *arg;
	struct archive_summary summary;
	uint32_t *agents; /* of which the file has a row: ascending, as the table was read */
	size_t agent_count, agent_room;
	struct err *err;
};

static int bad(const struct check *check, const struct archive_part *part, const char *what)
{
	return err_set(check->err, -EBADMSG, "%s: part %" PRIu32 " (%s): %s", check->path,
		part->number, part_kind_name(part->kind), what);
}

/* ---- what it says of itself */

static void copy_text(const json_t *object, const char *key, char *ret_text, size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	snprintf(ret_text, size, "%s", text ? text : "");
}

static json_t *read_object(const struct check *check, const struct archive_part *part)
{
	json_error_t error;
	json_t *object = json_loadb((const char *)part->bytes, part->length, 0, &error);

	if (!json_is_object(object)) {
		json_decref(object);
		bad(check, part, "is no JSON object");
		return NULL;
	}
	return object;
}

static int check_about(struct check *check, const struct archive_part *part)
{
	json_t *about = read_object(check, part);
	json_int_t version;

	if (!about)
		return -EBADMSG;
	version = json_integer_value(json_object_get(about, "version"));
	copy_text(about, "month", check->summary.month, sizeof(check->summary.month));
	copy_text(about, "made", check->summary.made, sizeof(check->summary.made));
	copy_text(about, "program", check->summary.program, sizeof(check->summary.program));
	json_decref(about);
	if (version != EVIDENCE_VERSION)
		return bad(check, part, "is of another version of the format");
	return 0;
}

static int check_end(struct check *check, const struct archive_part *part)
{
	json_t *end = read_object(check, part);
	char chain[REGISTRY_HEX_BYTES], said[REGISTRY_HEX_BYTES];
	bool right;

	if (!end)
		return -EBADMSG;
	hex_format(archive_read_chain_before(check->reader), SHA256_BYTES, chain);
	copy_text(end, "chain", said, sizeof(said));
	right = !strcmp(chain, said) &&
		json_integer_value(json_object_get(end, "parts")) == part->number &&
		json_integer_value(json_object_get(end, "rows")) == check->summary.rows &&
		json_integer_value(json_object_get(end, "records")) == check->summary.records;
	json_decref(end);
	return right ? 0 : bad(check, part, "speaks of other parts than those before it");
}

/* ---- rows */

static int note_agent(struct check *check, const struct table_row *row)
{
	const struct cell *id = table_cell(row, "id");

	if (strcmp(row->table, "agent") || !id)
		return 0;
	if (check->agent_count == check->agent_room) {
		size_t room = check->agent_room ? check->agent_room * 2 : 64;
		uint32_t *agents = realloc(check->agents, room * sizeof(*agents));
		if (!agents)
			return err_errno(check->err, -ENOMEM, "%s", check->path);
		check->agents = agents;
		check->agent_room = room;
	}
	check->agents[check->agent_count++] = (uint32_t)id->number;
	return 0;
}

static int check_row(struct check *check, const struct table_row *row)
{
	int r = note_agent(check, row);

	check->summary.rows++;
	if (r == 0 && check->each)
		r = check->each(check->arg, row, check->err);
	return r;
}

static int check_rows(struct check *check, const struct archive_part *part)
{
	struct table_row row;
	struct row_text *text;
	int r = row_text_open(part->bytes, part->length, &text, check->err);

	if (r < 0)
		return err_prefix(check->err, "%s: part %" PRIu32, check->path, part->number);
	while ((r = row_text_next(text, &row, check->err)) > 0) {
		r = check_row(check, &row);
		if (r)
			break;
	}
	row_text_close(text);
	return r == -EBADMSG
		? err_prefix(check->err, "%s: part %" PRIu32, check->path, part->number)
		: r;
}

/* ---- facts */

static int compare_agents(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int check_item(struct check *check, const struct archive_part *part, const struct item *item)
{
	struct journal_record record;

	if (item->kind != ITEM_RECORD)
		return bad(check, part, "holds what a newer program wrote");
	if (journal_record_decode(item->bytes, item->length, &record) < 0)
		return bad(check, part, "holds a record that is none");
	if (!check->agent_count ||
		!bsearch(&record.agent, check->agents, check->agent_count, sizeof(*check->agents),
			compare_agents))
		return bad(check, part, "holds a record of an agent of which there is no row");
	check->summary.records++;
	return 0;
}

static int check_facts(struct check *check, const struct archive_part *part)
{
	struct items items = {part->bytes, part->length, 0, 0};
	struct item item;
	int got, r = 0;

	if (check->agent_count)
		qsort(check->agents, check->agent_count, sizeof(*check->agents), compare_agents);
	while (r == 0 && (got = items_next(&items, &item)) > 0)
		r = check_item(check, part, &item);
	return r == 0 && got < 0 ? bad(check, part, "ends within an item") : r;
}

/* ---- all of it */

static int check_part(struct check *check, const struct archive_part *part)
{
	switch (part->kind) {
	case PART_ABOUT: return check_about(check, part);
	case PART_ROWS: return check_rows(check, part);
	case PART_FACTS: return check_facts(check, part);
	case PART_END: return check_end(check, part);
	}
	return bad(check, part, "is of no known kind");
}

static int check_parts(struct check *check)
{
	struct archive_part part;
	int got, r = 0;

	while (r == 0 && (got = archive_read(check->reader, &part, check->err)) > 0) {
		check->summary.parts++;
		r = check_part(check, &part);
	}
	return r == 0 && got < 0 ? got : r;
}

int archive_check(const char *path,
	int (*each)(void *arg, const struct table_row *row, struct err *err), void *arg,
	struct archive_summary *ret_summary, struct err *err)
{
	struct check check = {.path = path, .each = each, .arg = arg, .err = err};
	int r = archive_reader_open(path, &check.reader, err);

	if (r < 0)
		return r;
	r = check_parts(&check);
	if (r == 0) {
		hex_format(archive_read_chain(check.reader), SHA256_BYTES, check.summary.digest);
		check.summary.bytes = archive_read_bytes(check.reader);
		*ret_summary = check.summary;
	}
	free(check.agents);
	archive_reader_close(check.reader);
	return r;
}
