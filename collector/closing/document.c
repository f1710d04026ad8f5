/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/document.h"

#include <stdlib.h>
#include <string.h>

#include "collector/closing/document_private.h"

void document_free(struct document *document)
{
	if (!document)
		return;
	for (size_t i = 0; i < document->table_count; i++) {
		free(document->tables[i].keys);
		free(document->tables[i].cells);
	}
	free(document->text);
	free(document);
}

static const struct field *find_field(const struct document *document, const char *key)
{
	for (size_t i = 0; i < document->field_count; i++) {
		if (!strcmp(document->fields[i].key, key))
			return &document->fields[i];
	}
	return NULL;
}

const char *document_field(const struct document *document, const char *key)
{
	const struct field *field = find_field(document, key);

	return field ? field->value : NULL;
}

bool document_nth_field(
	const struct document *document, size_t n, const char **ret_key, const char **ret_value)
{
	if (n >= document->field_count)
		return false;
	*ret_key = document->fields[n].key;
	*ret_value = document->fields[n].value;
	return true;
}

unsigned document_field_line(const struct document *document, const char *key)
{
	const struct field *field = find_field(document, key);

	return field ? field->line : 0;
}

const struct document_table *document_table(const struct document *document, const char *name)
{
	for (size_t i = 0; i < document->table_count; i++) {
		if (!strcmp(document->tables[i].shown.name, name))
			return &document->tables[i].shown;
	}
	return NULL;
}

const struct document_table *document_nth_table(const struct document *document, size_t n)
{
	return n < document->table_count ? &document->tables[n].shown : NULL;
}

int document_column(const struct document_table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (!strcmp(table->keys[i], key))
			return (int)i;
	}
	return -1;
}

const char *document_cell(const struct document_table *table, size_t row, int column)
{
	return column < 0 ? "" : table->cells[row * table->column_count + (size_t)column];
}

unsigned document_row_line(const struct document_table *table, size_t row)
{
	return table->line + 2 + (unsigned)row;
}

const struct document_seal *document_seal_of(const struct document *document)
{
	return &document->seal;
}

bool document_is_whole(const struct document *document, const void *bytes)
{
	uint8_t digest[SHA256_BYTES];
	char hash[2 * SHA256_BYTES + 1];

	if (crypto_sha256(bytes, document->seal.hashed_bytes, digest) < 0)
		return false;
	hex_format(digest, sizeof(digest), hash);
	return !strcmp(hash, document->seal.hash);
}
