/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A closed month as text (docs/CLOSED-MONTH.md): fields, tables, a hash and a signature.
 *
 *	pantau closed month 1		line 1: what it is, and the format's version
 *	month: 2026-01			fields
 *	...
 *					an empty line before each table
 *	[rows] 3			a table, and how many records it has
 *	period,as_of,link,...		its columns
 *	2026-01,2026-01-31T16:...	a record a line, as CSV
 *
 *	sha256: 9f2c...			of everything above this line: the document's hash
 *	signature: 51aa...		Ed25519, of everything above this line
 *
 * Reading is pure and takes any bytes; it accepts only what the writer writes. What a field or a
 * table means is verify.h's business.
 */
#ifndef PANTAU_CLOSING_DOCUMENT_H
#define PANTAU_CLOSING_DOCUMENT_H

#include "collector/report/table.h"
#include "common/buf.h"
#include "common/crypto.h"
#include "common/crypto_sign.h"
#include "common/err.h"

#define DOCUMENT_VERSION 1
#define DOCUMENT_TITLE "pantau closed month 1"
#define DOCUMENT_MAX (512u * 1024 * 1024) /* a month of all villages of the country: 100 MB */
#define DOCUMENT_FIELDS_MAX 64
#define DOCUMENT_TABLES_MAX 32
#define DOCUMENT_COLUMNS_MAX 256

#define TABLE_LINKS "links"
#define TABLE_CONTRACTS "contracts"
#define TABLE_EXCLUSIONS "exclusions"
#define TABLE_DECISIONS "decisions"
#define TABLE_ROWS "rows"
#define TABLE_DESA "desa"
#define TABLE_KECAMATAN "kecamatan"
#define TABLE_KABUPATEN "kabupaten"
#define TABLE_PROVIDERS "providers"
#define TABLE_OUTAGES "outages"
#define TABLE_HIGH_LOSS "high_loss"
#define TABLE_EVIDENCE "evidence"
#define TABLE_NOTES "notes"
#define TABLE_CHANGES "changes"

/* ---- writing: pieces of text one after the other, sealed at the end */

int document_put_title(struct buf *out);
/* The value is one line. What is no text in it, or in a cell, is replaced. */
int document_put_field(struct buf *out, const char *key, const char *value);
int document_put_table(struct buf *out, const char *name, const struct table *table);
/* A line of text in place, as a cell is written. */
void document_clean_text(char *text);
/* Hash and signature under what is there. */
int document_seal(struct buf *document, const struct crypto_key *key, struct err *err);

/* ---- reading */

struct document_table {
	const char *name;
	unsigned line; /* of its heading, from 1; its first record is two lines below */
	size_t column_count, row_count;
	const char *const *keys;
	const char *const *cells; /* row by row */
};

struct document;

/* The whole document, or (sealed false) fields and tables without title, hash and signature: what
 * is to be sealed yet. Copies. -EINVAL with "line N: ...", -ENOMEM. */
int document_parse(const void *bytes, size_t length, bool sealed, struct document **ret_document,
	struct err *err);
void document_free(struct document *document);

/* NULL: there is none of this name. Borrowed. */
const char *document_field(const struct document *document, const char *key);
/* The nth field, in order; false beyond the last. */
bool document_nth_field(
	const struct document *document, size_t n, const char **ret_key, const char **ret_value);
unsigned document_field_line(const struct document *document, const char *key); /* 0: none */
const struct document_table *document_table(const struct document *document, const char *name);
/* The nth table, in order; NULL beyond the last. */
const struct document_table *document_nth_table(const struct document *document, size_t n);
/* The column's place; -1: there is none of this name. */
int document_column(const struct document_table *table, const char *key);
/* "" for column -1. */
const char *document_cell(const struct document_table *table, size_t row, int column);
unsigned document_row_line(const struct document_table *table, size_t row);

struct document_seal { /* of a sealed one */
	size_t hashed_bytes, signed_bytes; /* from the beginning */
	unsigned hash_line;
	char hash[2 * SHA256_BYTES + 1];
	char signature[2 * CRYPTO_SIGNATURE_BYTES + 1];
};
const struct document_seal *document_seal_of(const struct document *document);
/* Whether the bytes, of which this is the document, are those that its hash was made of. */
bool document_is_whole(const struct document *document, const void *bytes);

#endif
