/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/edition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/gather.h"

#define PROVISIONAL "sementara"

static int read_issued(
	const struct sla_source *source, struct edition_making *making, struct buf *bytes)
{
	const struct closed_month *issue = &making->edition->about.issue;
	int r = closed_month_read(
		source->ledger, issue->month, issue->revision, bytes, making->err);

	if (r == 0)
		r = document_parse(
			buf_peek(bytes), buf_length(bytes), true, &making->document, making->err);
	if (r < 0)
		return err_prefix(making->err, "%s in the archive", issue->month);
	if (!document_is_whole(making->document, buf_peek(bytes)))
		return err_set(making->err, -EBADMSG,
			"%s in the archive is damaged: its hash does not hold", issue->month);
	return 0;
}

static int gather_now(
	const struct sla_source *source, struct edition_making *making, struct buf *bytes)
{
	const struct edition_about *about = &making->edition->about;
	struct gather gather = {
		.source = source,
		.month = about->month,
		.revision = PROVISIONAL,
		.as_of_s = about->over ? 0 : about->as_of_s, /* each link's own end */
	};
	int r = closing_span(about->month, &gather.span, making->err);

	if (r == 0)
		r = gather_part(&gather, bytes, making->err);
	return r == 0 ? document_parse(buf_peek(bytes), buf_length(bytes), false, &making->document,
				making->err)
		      : r;
}

static int open_document(const struct sla_source *source, struct edition_making *making)
{
	struct edition *edition = making->edition;
	struct buf bytes;
	int r;

	buf_init(&bytes, DOCUMENT_MAX);
	r = edition->about.closed ? read_issued(source, making, &bytes)
				  : gather_now(source, making, &bytes);
	buf_done(&bytes);
	if (r < 0)
		return r;
	for (int i = 0; i < OPEN_TABLES; i++) {
		if (!document_table(making->document, open_tables[i].source))
			return err_set(making->err, -EBADMSG, "%s: the table %s is missing",
				edition->about.month, open_tables[i].source);
	}
	return 0;
}

static int fill(const struct sla_source *source, struct edition_making *making)
{
	const struct edition_about *about = &making->edition->about;
	int r = open_document(source, making);

	if (r == 0)
		r = names_open(
			source, about->closed ? &about->issue : NULL, &making->names, making->err);
	if (r == 0)
		r = edition_render(making);
	return r == 0 ? edition_read_lines(making) : r;
}

static void weigh(struct edition *edition)
{
	edition->bytes = sizeof(*edition) + edition->line_count * sizeof(*edition->lines);
	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++)
			edition->bytes += edition->files[i][k].blob->length;
	}
}

int edition_make(const struct sla_source *source, const struct publisher *publisher,
	const struct edition_about *about, struct edition **ret_edition, struct err *err)
{
	struct edition_making making = {.publisher = publisher, .err = err};
	int r;

	making.edition = calloc(1, sizeof(*making.edition));
	if (!making.edition)
		return err_errno(err, -ENOMEM, "open data of %s", about->month);
	making.edition->about = *about;
	r = fill(source, &making);
	names_free(making.names);
	document_free(making.document);
	if (r < 0) {
		edition_free(making.edition);
		return r;
	}
	weigh(making.edition);
	*ret_edition = making.edition;
	return 0;
}

void edition_free(struct edition *edition)
{
	if (!edition)
		return;
	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++)
			packed_done(&edition->files[i][k]);
	}
	free(edition->lines);
	free(edition);
}

bool edition_same(const struct edition *a, const struct edition *b)
{
	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++) {
			if (strcmp(a->files[i][k].etag, b->files[i][k].etag) != 0)
				return false;
		}
	}
	return true;
}

size_t edition_find(
	const struct edition *edition, const char *desa, const struct edition_line **ret_lines)
{
	size_t low = 0, high = edition->line_count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(edition->lines[middle].desa, desa) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	end = low;
	while (end < edition->line_count && !strcmp(edition->lines[end].desa, desa))
		end++;
	*ret_lines = edition->lines + low;
	return end - low;
}
