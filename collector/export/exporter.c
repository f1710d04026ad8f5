/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/exporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/tags.h"
#include "common/log.h"

#define LINES_MAX_BYTES (64 * 1024 * 1024)
/* Of one batch that a server refuses line by line, so many lines are found out and logged one by
 * one; what it refuses beyond is counted by the half-batch. */
#define SEARCHES_MAX 64

struct exporter {
	struct ledger_db *ledger;
	struct tags *tags;
	struct influx *influx;
	unsigned batch;
	int64_t position;
	struct exporter_counts counts;
	/* the present step */
	struct buf lines;
	uint64_t line_count;
	bool removes; /* instead of lines: one row of kind GONE or UNSAID */
	struct influx_points removed;
	int64_t end; /* position after it */
	int rows;
	unsigned searches;
};

/* Stops where lines end and a removal begins, so that their order is kept. */
static int collect(void *arg, const struct outbox_event *event)
{
	struct exporter *exporter = arg;
	const struct line_tags *tags = tags_find(exporter->tags, event->link);
	size_t length = buf_length(&exporter->lines);

	if (event->kind == OUTBOX_GONE || event->kind == OUTBOX_UNSAID) {
		if (exporter->rows)
			return 1;
		exporter->removes = true;
		exporter->removed = (struct influx_points){
			event->link, event->at_s, event->kind == OUTBOX_UNSAID};
	} else if (!tags) {
		/* links are never deleted: somebody put an older registry.db in its place */
		log_warn("export: link %" PRId64 " is not in the registry: its point is left out",
			event->link);
		exporter->counts.refused++;
	} else {
		int r = line_append(&exporter->lines, event, tags);
		if (r < 0)
			return r;
		exporter->line_count += buf_length(&exporter->lines) > length;
	}
	exporter->end = event->id;
	exporter->rows++;
	return exporter->removes;
}

static uint64_t count_lines(const char *lines, size_t length)
{
	uint64_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += lines[i] == '\n';
	return count;
}

/* The end of the line that holds the middle; the whole length when there is but one line. */
static size_t split(const char *lines, size_t length)
{
	const char *feed = memchr(lines + length / 2, '\n', length - length / 2 - 1);

	if (!feed && length > 1)
		feed = memrchr(lines, '\n', length - 1);
	return feed ? (size_t)(feed - lines) + 1 : length;
}

static void refuse(
	struct exporter *exporter, const char *lines, size_t length, const struct err *err)
{
	uint64_t count = count_lines(lines, length);

	exporter->counts.refused += count;
	if (count == 1)
		log_warn("export: refused: %.*s: %s", (int)length - 1, lines, err->text);
	else
		log_warn("export: %" PRIu64 " lines refused: %s", count, err->text);
}

/* Sends the lines; where the server refuses them, halves until it is known which ones. Sending a
 * good line again does no harm. */
static int send_lines(struct exporter *exporter, const char *lines, size_t length, struct err *err)
{
	int r = influx_write(exporter->influx, lines, length, err);
	size_t middle;

	if (r == 0)
		exporter->counts.points += count_lines(lines, length);
	if (r != -EBADMSG)
		return r;
	middle = split(lines, length);
	if (middle == length || exporter->searches >= SEARCHES_MAX) {
		exporter->searches++;
		refuse(exporter, lines, length, err);
		return 0;
	}
	r = send_lines(exporter, lines, middle, err);
	return r < 0 ? r : send_lines(exporter, lines + middle, length - middle, err);
}

static int send_removal(struct exporter *exporter, struct err *err)
{
	int r = influx_delete(exporter->influx, &exporter->removed, err);

	if (r != -EBADMSG)
		return r;
	log_warn("export: link %" PRId64 ": its point at @%" PRId64 " could not be removed: %s",
		exporter->removed.link, exporter->removed.at_s, err->text);
	exporter->counts.refused++;
	return 0;
}

int exporter_step(struct exporter *exporter, struct err *err)
{
	struct exporter_counts before = exporter->counts;
	int r;

	buf_clear(&exporter->lines);
	exporter->removes = false;
	exporter->rows = 0;
	exporter->line_count = 0;
	exporter->searches = 0;
	r = tags_refresh(exporter->tags, err);
	if (r == 0)
		r = ledger_outbox(exporter->ledger,
			(struct outbox_range){exporter->position, (int)exporter->batch}, collect,
			exporter, err);
	if (r < 0)
		return r;
	if (exporter->removes)
		r = send_removal(exporter, err);
	else if (exporter->line_count)
		r = send_lines(exporter, (const char *)buf_peek(&exporter->lines),
			buf_length(&exporter->lines), err);
	else
		r = 0;
	if (r < 0) {
		exporter->counts = before; /* all of it will be sent again */
		return r;
	}
	if (exporter->rows)
		exporter->position = exporter->end;
	return exporter->rows;
}

int exporter_open(const char *state, const struct exporter_settings *settings,
	struct exporter **ret_exporter, struct err *err)
{
	struct exporter *exporter = calloc(1, sizeof(*exporter));
	int r;

	if (!exporter)
		return err_errno(err, -ENOMEM, "%s", state);
	buf_init(&exporter->lines, LINES_MAX_BYTES);
	exporter->batch = settings->batch;
	exporter->position = settings->position;
	r = ledger_db_open(state, &exporter->ledger, err);
	if (r == 0)
		r = tags_open(state, &exporter->tags, err);
	if (r == 0)
		r = influx_open(&settings->influx, settings->stop, settings->stop_arg,
			&exporter->influx, err);
	if (r < 0) {
		exporter_close(exporter);
		return r;
	}
	*ret_exporter = exporter;
	return 0;
}

void exporter_close(struct exporter *exporter)
{
	if (!exporter)
		return;
	influx_close(exporter->influx);
	tags_close(exporter->tags);
	ledger_db_close(exporter->ledger);
	buf_done(&exporter->lines);
	free(exporter);
}

int64_t exporter_position(const struct exporter *exporter)
{
	return exporter->position;
}

struct exporter_counts exporter_counts(const struct exporter *exporter)
{
	return exporter->counts;
}
