/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the library leaves out of the PDF's catalogue: that the document is tagged, and its
 * language. The catalogue is the last object of the file, so that nothing but the place of the
 * table behind it moves:
 *
 *	7833 0 obj << /Type /Catalog ... | >> endobj xref ... startxref N %%EOF
 *	                                 ^ here          and N grows
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/paper/paper.h"

#define TAIL_BYTES 64 /* startxref, its number, the end mark */

static const char catalogue[] = "<< /Type /Catalog";
static const char catalogue_end[] = "\n>>\nendobj\nxref\n";
static const char table_place[] = "startxref\n";

/* The last place of the text; NULL: it is not there. */
static const uint8_t *find_last(const uint8_t *bytes, size_t length, const char *text)
{
	size_t size = strlen(text);

	for (size_t at = length < size ? 0 : length - size + 1; at-- > 0;) {
		if (!memcmp(bytes + at, text, size))
			return bytes + at;
	}
	return NULL;
}

static int append(struct buf *out, const void *bytes, const uint8_t *end)
{
	return buf_append(out, bytes, (size_t)(end - (const uint8_t *)bytes));
}

int catalogue_complete(const struct buf *pdf, const char *language, struct buf *out)
{
	const uint8_t *bytes = buf_peek(pdf), *end = bytes + buf_length(pdf);
	const uint8_t *begin = find_last(bytes, buf_length(pdf), catalogue);
	const uint8_t *close = begin
		? memmem(begin, (size_t)(end - begin), catalogue_end, sizeof(catalogue_end) - 1)
		: NULL;
	const uint8_t *place = find_last(bytes, buf_length(pdf), table_place);
	char facts[160], tail[TAIL_BYTES];
	int64_t table;
	int length, r;

	if (!close || !place || place < close)
		return -EBADMSG;
	length = snprintf(facts, sizeof(facts),
		"\n   /MarkInfo << /Marked true >>\n   /Lang (%s)\n"
		"   /ViewerPreferences << /DisplayDocTitle true >>",
		language);
	table = strtoll((const char *)place + sizeof(table_place) - 1, NULL, 10) + length;
	snprintf(tail, sizeof(tail), "%s%" PRId64 "\n%%%%EOF\n", table_place, table);
	r = append(out, bytes, close);
	if (r == 0)
		r = buf_append(out, facts, (size_t)length);
	if (r == 0)
		r = append(out, close, place);
	return r == 0 ? buf_append(out, tail, strlen(tail)) : r;
}
