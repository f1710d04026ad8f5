/* SPDX-License-Identifier: Apache-2.0 */
/* The document that a report is read from: as issued, or made now for this kabupaten alone. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "collector/report/monthly/data.h"

#define PROVISIONAL "sementara"

static int read_issued(struct report_making *making, struct buf *bytes)
{
	const struct closed_month *issue = &making->report->issue;
	struct document **document = &making->report->document;
	int r = closed_month_read(
		making->source->ledger, issue->month, issue->revision, bytes, making->err);

	if (r == 0)
		r = document_parse(buf_peek(bytes), buf_length(bytes), true, document, making->err);
	if (r < 0)
		return err_prefix(making->err, "%s in the archive", issue->month);
	if (!document_is_whole(*document, buf_peek(bytes)))
		return err_set(making->err, -EBADMSG,
			"%s in the archive is damaged: its hash does not hold. Restore ledger.db "
			"from the backup",
			issue->month);
	return 0;
}

static int gather_now(struct report_making *making, struct buf *bytes)
{
	const struct registry_filter filter = {.kabupaten = making->ask->kabupaten};
	struct gather gather = {
		.source = making->source,
		.month = making->report->month,
		.revision = PROVISIONAL,
		.filter = &filter,
		.as_of_s = making->ask->as_of_s,
		.no_quality = making->ask->no_quality,
	};
	int r = closing_span(gather.month, &gather.span, making->err);

	if (r == 0)
		r = gather_part(&gather, bytes, making->err);
	return r == 0 ? document_parse(buf_peek(bytes), buf_length(bytes), false,
				&making->report->document, making->err)
		      : r;
}

/* 1: it was issued, and is to be printed so; 0: it is to be counted. */
static int find_issue(struct report_making *making)
{
	const struct report_ask *ask = making->ask;
	int r = -ENOENT;

	if (ask->live)
		return 0;
	if (making->source->ledger)
		r = closed_month_find(making->source->ledger, ask->month, ask->revision,
			&making->report->issue, making->err);
	if (r == -ENOENT && ask->revision == CLOSED_LATEST)
		return 0;
	if (r == -ENOENT)
		err_set(making->err, r, "%s has no revision %" PRId64, ask->month, ask->revision);
	return r == 0 ? 1 : r;
}

static int check_tables(const struct report_making *making)
{
	static const char *const needed[] = {TABLE_LINKS, TABLE_CONTRACTS, TABLE_EXCLUSIONS,
		TABLE_DECISIONS, TABLE_ROWS, TABLE_DESA, TABLE_OUTAGES};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (!document_table(making->report->document, needed[i]))
			return err_set(making->err, -EBADMSG, "%s: the table %s is missing",
				making->ask->month, needed[i]);
	}
	return 0;
}

int report_open(struct report_making *making)
{
	struct report *report = making->report;
	struct span span;
	struct buf bytes;
	int r = closing_span(making->ask->month, &span, making->err);

	if (r < 0)
		return r;
	snprintf(report->month, sizeof(report->month), "%s", making->ask->month);
	r = find_issue(making);
	if (r < 0)
		return r;
	report->closed = r > 0;
	buf_init(&bytes, DOCUMENT_MAX);
	r = report->closed ? read_issued(making, &bytes) : gather_now(making, &bytes);
	buf_done(&bytes);
	if (r < 0)
		return r;
	if (report->closed)
		revision_name(report->issue.revision, report->revision);
	else
		strcpy(report->revision, PROVISIONAL);
	return check_tables(making);
}
