/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/compare.h"
#include "collector/closing/gather.h"
#include "collector/closing/verify_private.h"
#include "common/civil.h"

#define WORDS_BYTES 400

void fault(struct verifier *verifier, unsigned line, const char *format, ...)
{
	char words[WORDS_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	verifier->count++;
	if (verifier->faults->each)
		verifier->faults->each(verifier->faults->arg, line, words);
}

/* ---- a table against what it must be */

static void compare_row(struct verifier *verifier, const struct document_table *table,
	const struct document_table *must, size_t row)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const char *is = document_cell(table, row, (int)i);
		const char *wanted = document_cell(must, row, (int)i);

		if (strcmp(is, wanted) != 0)
			fault(verifier, document_row_line(table, row),
				"%s = '%.60s': must be '%.60s'", table->keys[i], is, wanted);
	}
}

static void compare_tables(struct verifier *verifier, const struct document_table *table,
	const struct document_table *must)
{
	bool same = table->column_count == must->column_count &&
		table->row_count == must->row_count;

	for (size_t i = 0; same && i < table->column_count; i++)
		same = !strcmp(table->keys[i], must->keys[i]);
	if (!same) {
		fault(verifier, table->line + 1,
			"these are not the columns of `pantau sla` as this program knows them");
		return;
	}
	for (size_t i = 0; i < table->row_count; i++)
		compare_row(verifier, table, must, i);
}

int verify_cells(
	struct verifier *verifier, const struct document_table *table, struct table *expected)
{
	struct document *must = NULL;
	struct buf text;
	int r;

	buf_init(&text, DOCUMENT_MAX);
	r = document_put_table(&text, "must", expected);
	if (r == 0)
		r = document_parse(buf_peek(&text), buf_length(&text), false, &must, NULL);
	if (r == 0)
		compare_tables(verifier, table, document_table(must, "must"));
	document_free(must);
	buf_done(&text);
	table_free(expected);
	return r;
}

/* ---- hash, signature, key */

static void check_hash(struct verifier *verifier, const struct verify_wish *wish)
{
	if (!document_is_whole(verifier->document, wish->bytes))
		fault(verifier, document_seal_of(verifier->document)->hash_line,
			"the hash is not that of the lines above: something in this document was "
			"changed after it was issued");
}

static void check_signature(struct verifier *verifier, const struct verify_wish *wish)
{
	const struct document_seal *seal = document_seal_of(verifier->document);
	const char *key = document_field(verifier->document, "key");
	uint8_t public[CRYPTO_PUBLIC_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
	const struct crypto_signed claim = {wish->bytes, seal->signed_bytes, signature, public};

	if (!key || hex_parse(key, public, sizeof(public)) < 0) {
		fault(verifier, document_field_line(verifier->document, "key"),
			"the field key must be an Ed25519 public key, %d digits",
			2 * CRYPTO_PUBLIC_BYTES);
		return;
	}
	hex_parse(seal->signature, signature, sizeof(signature));
	if (wish->public && memcmp(wish->public, public, sizeof(public)) != 0)
		fault(verifier, document_field_line(verifier->document, "key"),
			"signed with another key than the one that you gave");
	if (!crypto_verify(&claim))
		fault(verifier, seal->hash_line + 1,
			"the signature is not that of this document by the key that it names");
}

/* ---- fields */

static const char *const field_keys[] = {"month", "revision", "name", "as_of", "closed", "by",
	"grace_days", "generator", "registry", "number", "previous", "month_before", "revises",
	"key", NULL};

static const char *const table_names[] = {TABLE_LINKS, TABLE_CONTRACTS, TABLE_EXCLUSIONS,
	TABLE_DECISIONS, TABLE_ROWS, TABLE_DESA, TABLE_KECAMATAN, TABLE_KABUPATEN, TABLE_PROVIDERS,
	TABLE_OUTAGES, TABLE_HIGH_LOSS, TABLE_EVIDENCE, TABLE_NOTES, TABLE_CHANGES, NULL};

/* All fields and all tables, in their order. */
static void check_shape(struct verifier *verifier)
{
	const struct document *document = verifier->document;
	const struct document_table *table;
	const char *key = NULL, *value;
	size_t n = 0;

	for (; field_keys[n]; n++) {
		if (!document_nth_field(document, n, &key, &value) ||
			strcmp(key, field_keys[n]) != 0) {
			fault(verifier, (unsigned)n + 2, "the field %s must stand here",
				field_keys[n]);
			return;
		}
	}
	if (document_nth_field(document, n, &key, &value))
		fault(verifier, (unsigned)n + 2, "the field %.40s is unknown", key);
	for (n = 0; table_names[n]; n++) {
		table = document_nth_table(document, n);
		if (!table || strcmp(table->name, table_names[n]) != 0) {
			fault(verifier, table ? table->line : 0, "the table %s must stand here",
				table_names[n]);
			return;
		}
	}
	table = document_nth_table(document, n);
	if (table)
		fault(verifier, table->line, "the table %.40s is unknown", table->name);
}

static void check_time(struct verifier *verifier, const char *key)
{
	const char *value = document_field(verifier->document, key);
	char again[CIVIL_TIME_BYTES] = "";
	int64_t time_s;

	if (civil_parse(value, 0, &time_s, NULL) == 0)
		civil_format(time_s, again);
	if (strcmp(value, again) != 0)
		fault(verifier, document_field_line(verifier->document, key),
			"%s = '%.40s' is no time", key, value);
}

static bool is_hash(const char *text)
{
	uint8_t digest[SHA256_BYTES];

	return hex_parse(text, digest, sizeof(digest)) == 0;
}

/* Whole numbers from 0, without a leading one. */
static bool is_number(const char *text)
{
	size_t length = strlen(text);

	return length && length <= 18 && strspn(text, "0123456789") == length &&
		(text[0] != '0' || length == 1);
}

static void check_numbers(struct verifier *verifier)
{
	static const char *const keys[] = {"revision", "grace_days", "registry", "number"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!is_number(document_field(verifier->document, keys[i])))
			fault(verifier, document_field_line(verifier->document, keys[i]),
				"%s must be a whole number", keys[i]);
	}
}

static void check_revision(struct verifier *verifier)
{
	const struct document *document = verifier->document;
	const struct document_table *changes = document_table(document, TABLE_CHANGES);
	const char *revision = document_field(document, "revision");
	int64_t number = is_number(revision) ? strtoll(revision, NULL, 10) : 0;
	char name[REVISION_NAME_BYTES];

	revision_name(number, name);
	if (strcmp(document_field(document, "name"), name) != 0)
		fault(verifier, document_field_line(document, "name"),
			"revision %s has the name '%s'", revision, name);
	if (is_hash(document_field(document, "revises")) != (number > 0))
		fault(verifier, document_field_line(document, "revises"),
			"a revision names the hash of the one before it, the first one has '-'");
	if ((number > 0) != (changes->row_count > 0))
		fault(verifier, changes->line,
			"a revision lists what changed, the first one nothing");
}

static void check_fields(struct verifier *verifier)
{
	const struct document *document = verifier->document;
	const char *previous = document_field(document, "previous");
	bool first = !strcmp(document_field(document, "number"), "1");
	struct span span;

	if (closing_span(verifier->month, &span, NULL) < 0)
		fault(verifier, document_field_line(document, "month"), "'%.20s' is no month",
			verifier->month);
	check_time(verifier, "as_of");
	check_time(verifier, "closed");
	check_numbers(verifier);
	check_revision(verifier);
	if (first ? strcmp(previous, "-") != 0 : !is_hash(previous))
		fault(verifier, document_field_line(document, "previous"),
			"number 1 follows none ('-'), every other one a hash");
}

/* ---- the chain */

/* "2025-12 0 HASH" */
static const char *hash_in(const char *month_before)
{
	const char *space = strrchr(month_before, ' ');

	return space ? space + 1 : month_before;
}

static const char *relation(const struct document *document, const char *hash)
{
	if (!strcmp(document_field(document, "revises"), hash))
		return "the revision before";
	if (!strcmp(hash_in(document_field(document, "month_before")), hash))
		return "the month before";
	if (!strcmp(document_field(document, "previous"), hash))
		return "the document issued before";
	return NULL;
}

/* Both documents are here: the list of changes must be what differs between them. */
static int check_changes(struct verifier *verifier, const struct document *previous)
{
	const struct document_table *table = document_table(verifier->document, TABLE_CHANGES);
	struct table *changes = changes_new();
	int before = verifier->count;
	int r = changes ? changes_find(previous, verifier->document, changes) : -ENOMEM;

	if (r == 0 && table_rows(changes) != table->row_count)
		fault(verifier, table->line,
			"the revision before differs in %zu cells, and %zu are listed",
			table_rows(changes), table->row_count);
	if (r == 0 && verifier->count == before)
		return verify_cells(verifier, table, changes);
	table_free(changes);
	return r;
}

static int check_chain(
	struct verifier *verifier, const struct verify_wish *wish, struct verify_found *found)
{
	struct document *previous;
	struct err err = {0};
	const char *key;
	int r;

	if (!wish->previous)
		return 0;
	r = document_parse(wish->previous, wish->previous_length, true, &previous, &err);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		fault(verifier, 0, "the previous document: %s", err.text);
		return 0;
	}
	found->follows = relation(verifier->document, document_seal_of(previous)->hash);
	if (!found->follows)
		fault(verifier, document_field_line(verifier->document, "previous"),
			"it follows another document than the one that you gave");
	key = document_field(previous, "key");
	if (!key || strcmp(key, found->public) != 0)
		fault(verifier, document_field_line(verifier->document, "key"),
			"signed with another key than the previous document");
	if (found->follows && document_nth_table(previous, 0) &&
		!strcmp(document_field(verifier->document, "revises"),
			document_seal_of(previous)->hash))
		r = check_changes(verifier, previous);
	document_free(previous);
	return r;
}

/* ---- all of it */

static void copy(char *ret_text, size_t size, const char *text)
{
	snprintf(ret_text, size, "%s", text ? text : "");
}

static void describe(const struct document *document, struct verify_found *found)
{
	const struct document_table *rows = document_table(document, TABLE_ROWS);
	const struct document_table *changes = document_table(document, TABLE_CHANGES);

	copy(found->month, sizeof(found->month), document_field(document, "month"));
	copy(found->name, sizeof(found->name), document_field(document, "name"));
	copy(found->closed, sizeof(found->closed), document_field(document, "closed"));
	copy(found->by, sizeof(found->by), document_field(document, "by"));
	copy(found->public, sizeof(found->public), document_field(document, "key"));
	copy(found->hash, sizeof(found->hash), document_seal_of(document)->hash);
	found->rows = rows ? rows->row_count : 0;
	found->changes = changes ? changes->row_count : 0;
}

static int check_all(
	struct verifier *verifier, const struct verify_wish *wish, struct verify_found *found)
{
	int r, before;

	describe(verifier->document, found);
	check_hash(verifier, wish);
	check_signature(verifier, wish);
	before = verifier->count;
	check_shape(verifier);
	/* what is not there cannot be checked */
	if (verifier->count > before)
		return 0;
	verifier->month = document_field(verifier->document, "month");
	verifier->name = document_field(verifier->document, "name");
	check_fields(verifier);
	r = verify_rows(verifier);
	if (r == 0)
		r = verify_groups(verifier);
	return r == 0 ? check_chain(verifier, wish, found) : r;
}

int closing_verify(const struct verify_wish *wish, const struct verify_faults *faults,
	struct verify_found *ret_found)
{
	struct verifier verifier = {.faults = faults};
	struct verify_found found = {{0}};
	struct document *document;
	struct err err = {0};
	int r = document_parse(wish->bytes, wish->length, true, &document, &err);

	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		fault(&verifier, 0, "%s", err.text);
		*ret_found = found;
		return verifier.count;
	}
	verifier.document = document;
	r = check_all(&verifier, wish, &found);
	free(verifier.links);
	free(verifier.contracts);
	free(verifier.items);
	document_free(document);
	if (r < 0)
		return -ENOMEM;
	*ret_found = found;
	return verifier.count;
}
