/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/exporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/tags.h"
#include "common/log.h"

#define LINES_MAX_BYTES (64 * 1024 * 1024)
#define LINES_ENOUGH_BYTES (2 * 1024 * 1024) /* a request; one row of slots takes half of it */
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
	bool removes; /* instead of lines: what one row of kind GONE or UNSAID says */
	struct influx_points *removed;
	size_t removed_count, removed_room;
	int64_t end; /* position after it */
	int rows;
	unsigned searches;
};

static int add_removal(struct exporter *exporter, const struct outbox_event *event)
{
	if (exporter->removed_count == exporter->removed_room) {
		size_t room = exporter->removed_room ? exporter->removed_room * 2 : 16;
		struct influx_points *removed = realloc(exporter->removed, room * sizeof(*removed));
		if (!removed)
			return -ENOMEM;
		exporter->removed = removed;
		exporter->removed_room = room;
	}
	exporter->removes = true;
	exporter->removed[exporter->removed_count++] = (struct influx_points){
		event->link, event->at_s, event->kind == OUTBOX_UNSAID};
	return 0;
}

static int add_line(struct exporter *exporter, const struct outbox_event *event)
{
	const struct line_tags *tags;
	size_t length = buf_length(&exporter->lines);
	int r;

	if (event->kind == OUTBOX_NEWS || event->kind == OUTBOX_NONE)
		return 0; /* slots that will be said, or are none any more */
	tags = tags_find(exporter->tags, event->link);
	if (!tags) {
		/* links are never deleted: somebody put an older registry.db in its place */
		log_warn("export: link %" PRId64 " is not in the registry: its point is left out",
			event->link);
		exporter->counts.refused++;
		return 0;
	}
	r = line_append(&exporter->lines, event, tags);
	exporter->line_count += buf_length(&exporter->lines) > length;
	return r;
}

/* Stops where lines end and a removal begins, or the other way round, so that their order is kept.
 * A row may say several things; it is taken as a whole. */
static int collect(void *arg, const struct outbox_event *event)
{
	struct exporter *exporter = arg;
	bool removal = event->kind == OUTBOX_GONE || event->kind == OUTBOX_UNSAID;
	bool more = exporter->rows && event->id == exporter->end;
	int r;

	if (exporter->rows && !more &&
		(removal || exporter->removes || buf_length(&exporter->lines) > LINES_ENOUGH_BYTES))
		return 1;
	r = removal ? add_removal(exporter, event) : add_line(exporter, event);
	if (r < 0)
		return r;
	exporter->rows += !more;
	exporter->end = event->id;
	return 0;
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

static int send_removal(
	struct exporter *exporter, const struct influx_points *points, struct err *err)
{
	int r = influx_delete(exporter->influx, points, err);

	if (r != -EBADMSG)
		return r;
	log_warn("export: link %" PRId64 ": its point at @%" PRId64 " could not be removed: %s",
		points->link, points->at_s, err->text);
	exporter->counts.refused++;
	return 0;
}

static int send_removals(struct exporter *exporter, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < exporter->removed_count; i++)
		r = send_removal(exporter, &exporter->removed[i], err);
	return r;
}

int exporter_step(struct exporter *exporter, struct err *err)
{
	struct exporter_counts before = exporter->counts;
	int r;

	buf_clear(&exporter->lines);
	exporter->removes = false;
	exporter->removed_count = 0;
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
		r = send_removals(exporter, err);
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
	free(exporter->removed);
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
