/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/closing/document_private.h"
#include "common/utf8.h"

#define LINE_MAX_BYTES 1024 /* of a heading, a hash or a signature */

static int put(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int put(struct buf *out, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof(line))
		return -ENOBUFS;
	return buf_append(out, line, (size_t)length);
}

int document_put_title(struct buf *out)
{
	return put(out, "%s\n", DOCUMENT_TITLE);
}

/* What is no text becomes '?', control characters become spaces: whatever a name holds, the
 * document can be read. */
static void clean_bytes(uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t step = utf8_take(bytes + at, length - at, NULL);
		if (!step)
			bytes[at] = '?';
		else if ((bytes[at] < ' ' && bytes[at] != '\n') || bytes[at] == 0x7f)
			bytes[at] = ' ';
		at += step ? step : 1;
	}
}

static void clean(struct buf *out, size_t from)
{
	clean_bytes(out->bytes + out->start + from, buf_length(out) - from);
}

void document_clean_text(char *text)
{
	clean_bytes((uint8_t *)text, strlen(text));
	for (char *line = strchr(text, '\n'); line; line = strchr(line, '\n'))
		*line = ' ';
}

int document_put_field(struct buf *out, const char *key, const char *value)
{
	size_t from = buf_length(out);
	int r = put(out, "%s: %s\n", key, value);

	if (r == 0)
		clean(out, from);
	return r;
}

int document_put_table(struct buf *out, const char *name, const struct table *table)
{
	size_t from = buf_length(out);
	int r = put(out, "\n[%s] %zu\n", name, table_rows(table));

	if (r == 0)
		r = table_render_csv(table, out);
	if (r == 0)
		clean(out, from);
	return r;
}

int document_seal(struct buf *document, const struct crypto_key *key, struct err *err)
{
	uint8_t digest[SHA256_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
	char hash[2 * SHA256_BYTES + 1], signed_text[2 * CRYPTO_SIGNATURE_BYTES + 1];
	int r = buf_append(document, "\n", 1);

	if (r == 0)
		r = crypto_sha256(buf_peek(document), buf_length(document), digest);
	if (r == 0) {
		hex_format(digest, sizeof(digest), hash);
		r = put(document, "sha256: %s\n", hash);
	}
	if (r < 0)
		return err_errno(err, r, "hash of the document");
	r = crypto_sign(key, buf_peek(document), buf_length(document), signature, err);
	if (r < 0)
		return r;
	hex_format(signature, sizeof(signature), signed_text);
	r = put(document, "signature: %s\n", signed_text);
	return r < 0 ? err_errno(err, r, "signature of the document") : 0;
}
