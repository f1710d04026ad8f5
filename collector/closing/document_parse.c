/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/document_private.h"
#include "common/utf8.h"

/* ---- lines: one after the other, each cut at its end */

struct reader {
	char *at, *end;
	char *start; /* of the text */
	unsigned line; /* number of the last line taken */
	struct err *err;
};

static int refuse(const struct reader *reader, const char *words)
{
	return err_set(reader->err, -EINVAL, "line %u: %s", reader->line, words);
}

/* NULL: there is no more. */
static char *take_line(struct reader *reader)
{
	char *line = reader->at, *end;

	if (line == reader->end)
		return NULL;
	end = memchr(line, '\n', (size_t)(reader->end - line));
	*end = '\0'; /* check_text() has seen that the last line ends */
	reader->at = end + 1;
	reader->line++;
	return line;
}

static bool next_is_empty(const struct reader *reader)
{
	return reader->at < reader->end && *reader->at == '\n';
}

/* UTF-8 in lines that all end, without control characters. */
static int check_text(struct reader *reader, const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	reader->line = 1;
	while (at < length) {
		size_t step = utf8_take(bytes + at, length - at, NULL);
		if (!step)
			return refuse(reader, "not UTF-8");
		if ((bytes[at] < ' ' && bytes[at] != '\n') || bytes[at] == 0x7f)
			return refuse(reader, "a control character");
		reader->line += bytes[at] == '\n';
		at += step;
	}
	if (!length || bytes[length - 1] != '\n')
		return refuse(reader, "the text breaks off: its last line does not end");
	reader->line = 0;
	return 0;
}

/* ---- fields */

static bool is_key(const char *key)
{
	return *key && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

static int take_field(struct reader *reader, struct document *document, char *line)
{
	char *colon = strstr(line, ": ");
	struct field *field;

	if (!colon)
		return refuse(reader, "neither a field (key: value) nor a table");
	*colon = '\0';
	if (!is_key(line) || document_field(document, line))
		return refuse(reader, "the key of this field is none, or was there before");
	if (document->field_count == DOCUMENT_FIELDS_MAX)
		return refuse(reader, "too many fields");
	field = &document->fields[document->field_count++];
	*field = (struct field){line, colon + 2, reader->line};
	return 0;
}

/* ---- tables */

static void *grow(void *items, size_t count, size_t size)
{
	return count > SIZE_MAX / size ? NULL : realloc(items, count * size);
}

static int add_cell(struct table_cells *table, char *cell, size_t count)
{
	if (count == table->cell_room) {
		size_t room = table->cell_room ? table->cell_room * 2 : 256;
		const char **cells = grow(table->cells, room, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		table->cells = cells;
		table->cell_room = room;
	}
	table->cells[count] = cell;
	return 0;
}

/* A cell in quotes, undone in place; *cursor moves behind it. NULL: it is not as we write it. */
static char *take_quoted(char **cursor)
{
	char *from = *cursor + 1, *to = from, *cell = from;
	bool needed = false;

	for (;; from++) {
		if (!*from)
			return NULL;
		if (*from == '"' && from[1] == '"')
			from++;
		else if (*from == '"')
			break;
		needed |= *from == ',' || *from == '"';
		*to++ = *from;
	}
	*cursor = from + 1;
	*to = '\0';
	return needed ? cell : NULL;
}

/* NULL: it is not as we write it. *ret_more: another one follows. */
static char *take_cell(char **cursor, bool *ret_more)
{
	char *cell = *cursor, *end;

	if (*cell == '"') {
		cell = take_quoted(cursor);
		if (!cell)
			return NULL;
		end = *cursor;
		if (*end && *end != ',')
			return NULL;
	} else {
		end = cell + strcspn(cell, ",\"");
		if (*end == '"')
			return NULL;
	}
	*ret_more = *end == ',';
	*end = '\0';
	*cursor = end + *ret_more;
	return cell;
}

/* The cells of a line to the table; *ret_count: how many. */
static int take_record(
	struct reader *reader, struct table_cells *table, size_t cell_count, size_t *ret_count)
{
	char *cursor = take_line(reader);
	size_t count = 0;
	bool more = true;
	int r = 0;

	if (!cursor)
		return refuse(reader, "the table breaks off");
	while (more && r == 0) {
		char *cell = take_cell(&cursor, &more);
		if (!cell)
			return refuse(reader, "this is no CSV as we write it");
		if (++count > DOCUMENT_COLUMNS_MAX)
			return refuse(reader, "too many columns");
		r = add_cell(table, cell, cell_count + count - 1);
	}
	if (r < 0)
		return err_errno(reader->err, r, "line %u", reader->line);
	*ret_count = count;
	return 0;
}

static int take_columns(struct reader *reader, struct table_cells *table)
{
	size_t count = 0;
	int r = take_record(reader, table, 0, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!strcmp(table->cells[i], table->cells[k]))
				return refuse(reader, "two columns have one name");
		}
		if (!is_key(table->cells[i]))
			return refuse(reader, "a column's name is none");
	}
	table->keys = table->cells;
	table->cells = NULL;
	table->cell_room = 0;
	table->shown.column_count = count;
	return 0;
}

/* "[rows] 12" */
static int read_heading(struct reader *reader, char *line, struct document_table *shown)
{
	char *end = strchr(line, ']'), *number = end ? end + 2 : NULL, *rest;

	if (!end || end[1] != ' ' || strspn(number, "0123456789") != strlen(number) || !*number ||
		strlen(number) > 9 || (*number == '0' && number[1]))
		return refuse(reader, "this is no heading of a table: [name] COUNT");
	*end = '\0';
	shown->name = line + 1;
	shown->line = reader->line;
	shown->row_count = strtoull(number, &rest, 10);
	return is_key(shown->name) ? 0 : refuse(reader, "the table's name is none");
}

static int take_table(struct reader *reader, struct document *document, char *line)
{
	struct table_cells *table = &document->tables[document->table_count];
	size_t count = 0;
	int r;

	if (document->table_count == DOCUMENT_TABLES_MAX)
		return refuse(reader, "too many tables");
	r = read_heading(reader, line, &table->shown);
	if (r == 0 && document_table(document, table->shown.name))
		r = refuse(reader, "this table was there before");
	if (r == 0) {
		document->table_count++;
		r = take_columns(reader, table);
	}
	for (size_t i = 0; r == 0 && i < table->shown.row_count; i++) {
		r = take_record(reader, table, i * table->shown.column_count, &count);
		if (r == 0 && count != table->shown.column_count)
			r = refuse(reader, "not as many cells as the table has columns");
	}
	table->shown.keys = (const char *const *)table->keys;
	table->shown.cells = (const char *const *)table->cells;
	return r;
}

/* ---- the whole */

/* "sha256: DIGITS" */
static int take_seal_line(struct reader *reader, const char *key, char *ret_digits, size_t digits)
{
	char *line = take_line(reader);
	size_t length = strlen(key);

	if (!line || strncmp(line, key, length) || strlen(line) != length + digits ||
		strspn(line + length, "0123456789abcdef") != digits)
		return err_set(reader->err, -EINVAL, "line %u: must be \"%s\" and %zu digits",
			reader->line + !line, key, digits);
	memcpy(ret_digits, line + length, digits + 1);
	return 0;
}

static int take_seal(struct reader *reader, struct document_seal *seal)
{
	int r;

	seal->hashed_bytes = (size_t)(reader->at - reader->start);
	seal->hash_line = reader->line + 1;
	r = take_seal_line(reader, "sha256: ", seal->hash, 2 * SHA256_BYTES);
	seal->signed_bytes = (size_t)(reader->at - reader->start);
	if (r == 0)
		r = take_seal_line(
			reader, "signature: ", seal->signature, 2 * CRYPTO_SIGNATURE_BYTES);
	if (r == 0 && reader->at != reader->end)
		r = err_set(reader->err, -EINVAL, "line %u: nothing may follow the signature",
			reader->line + 1);
	return r;
}

/* Tables, each behind an empty line, to the end or (sealed) to the seal. */
static int take_tables(struct reader *reader, struct document *document, bool sealed)
{
	int r = 0;

	while (r == 0 && next_is_empty(reader)) {
		take_line(reader);
		if (sealed && reader->at < reader->end && *reader->at != '[')
			return take_seal(reader, &document->seal);
		char *line = take_line(reader);
		r = line && *line == '[' ? take_table(reader, document, line)
					 : refuse(reader, "a table must follow the empty line");
	}
	if (r == 0 && reader->at < reader->end) {
		take_line(reader);
		r = refuse(reader, "one line more than the table says");
	}
	if (r == 0 && sealed)
		r = err_set(reader->err, -EINVAL,
			"line %u: the document breaks off: hash and signature are missing",
			reader->line);
	return r;
}

static int take_all(struct reader *reader, struct document *document, bool sealed)
{
	char *line = sealed ? take_line(reader) : NULL;
	int r = 0;

	if (sealed && strcmp(line, DOCUMENT_TITLE) != 0)
		return refuse(reader,
			"this is no closed month: it must begin with "
			"\"" DOCUMENT_TITLE "\"");
	while (r == 0 && reader->at < reader->end && !next_is_empty(reader))
		r = take_field(reader, document, take_line(reader));
	return r == 0 ? take_tables(reader, document, sealed) : r;
}

int document_parse(const void *bytes, size_t length, bool sealed, struct document **ret_document,
	struct err *err)
{
	struct document *document = calloc(1, sizeof(*document));
	struct reader reader = {.err = err};
	int r;

	if (document)
		document->text = malloc(length + 1);
	if (!document || !document->text) {
		free(document);
		return err_errno(err, -ENOMEM, "document of %zu bytes", length);
	}
	r = check_text(&reader, bytes, length);
	if (r == 0) {
		memcpy(document->text, bytes, length);
		document->text[length] = '\0';
		reader.start = reader.at = document->text;
		reader.end = document->text + length;
		r = take_all(&reader, document, sealed);
	}
	if (r < 0) {
		document_free(document);
		return r;
	}
	*ret_document = document;
	return 0;
}
