/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/parcel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/log.h"

#define LINES_MAX_BYTES (64 * 1024 * 1024) /* one row of slots takes a few MB at most */
#define REMOVALS_MAX 1000
#define ROWS_MAX 50000 /* a row may say nothing to a store: the wall's changes */
#define MEANWHILE_LINES 256 /* 50 KB: a fraction of what a socket holds */

struct filling {
	struct parcel *parcel;
	const struct parcel_source *source;
	uint64_t row_from, row_most; /* lines before the present row; of the longest one */
	uint64_t passed; /* rows that say nothing to the store */
	uint64_t told; /* meanwhile() was called at so many lines */
};

void parcel_init(struct parcel *parcel)
{
	*parcel = (struct parcel){0};
	buf_init(&parcel->lines, LINES_MAX_BYTES);
}

void parcel_done(struct parcel *parcel)
{
	buf_done(&parcel->lines);
	free(parcel->removed);
}

/* The slots of one row that says "unsaid" lie in a span of which nothing else was said. */
static int add_removal(struct parcel *parcel, const struct outbox_event *event, bool same_row)
{
	if (same_row && event->kind == OUTBOX_UNSAID && parcel->removed_count) {
		parcel->removed[parcel->removed_count - 1].to_s = event->at_s + 1;
		return 0;
	}
	if (parcel->removed_count == parcel->removed_room) {
		size_t room = parcel->removed_room ? parcel->removed_room * 2 : 16;
		struct influx_points *removed = realloc(parcel->removed, room * sizeof(*removed));
		if (!removed)
			return -ENOMEM;
		parcel->removed = removed;
		parcel->removed_room = room;
	}
	parcel->removes = true;
	parcel->removed[parcel->removed_count++] = (struct influx_points){event->link, event->at_s,
		event->at_s + 1, event->kind == OUTBOX_UNSAID ? INFLUX_STATE : INFLUX_SLOT};
	return 0;
}

static int add_line(struct filling *filling, const struct outbox_event *event)
{
	struct parcel *parcel = filling->parcel;
	size_t length = buf_length(&parcel->lines);
	const struct line_head *head;
	int r;

	head = tags_find(filling->source->tags, event->link);
	if (!head) {
		/* links are never deleted: somebody put an older registry.db in its place */
		log_warn("export: link %" PRId64 " is not in the registry: its point is left out",
			event->link);
		parcel->unknown++;
		return 0;
	}
	r = line_append(&parcel->lines, event, head);
	parcel->line_count += buf_length(&parcel->lines) > length;
	/* the point of before stays beside it */
	parcel->unremoved += event->kind == OUTBOX_DAY && event->day.again &&
		!filling->source->removes;
	if (event->at_s < parcel->from_s)
		parcel->from_s = event->at_s;
	if (event->at_s > parcel->to_s)
		parcel->to_s = event->at_s;
	if (event->kind == OUTBOX_SLOT)
		parcel->sample = (struct influx_points){
			event->link, event->at_s, event->at_s + 1, INFLUX_SLOT};
	if (parcel->line_count >= filling->told + MEANWHILE_LINES) {
		filling->told = parcel->line_count;
		filling->source->meanwhile(filling->source->arg);
	}
	return r;
}

static bool takes_back(const struct outbox_event *event)
{
	return event->kind == OUTBOX_GONE || event->kind == OUTBOX_UNSAID;
}

static bool is_removal(const struct filling *filling, const struct outbox_event *event)
{
	return filling->source->removes && takes_back(event);
}

/* Slots that will be said, or are none any more; what the wall shows; what stays for want of a way
 * to remove it. */
static bool is_no_point(const struct filling *filling, const struct outbox_event *event)
{
	return (takes_back(event) && !filling->source->removes) || event->kind == OUTBOX_NEWS ||
		event->kind == OUTBOX_NONE || event->kind == OUTBOX_LIVE;
}

/* Stops where lines end and removals begin, or the other way round, so that their order is kept. A
 * row may say several things; it is taken as a whole, and the next one may be as long as the
 * longest so far: what is left over of a request would cost as much as a whole one. */
static bool begins_another(const struct filling *filling, const struct outbox_event *event)
{
	const struct parcel *parcel = filling->parcel;

	if (parcel->line_count + filling->row_most > filling->source->lines ||
		parcel->removed_count >= REMOVALS_MAX)
		return true;
	if (is_no_point(filling, event))
		return false;
	return is_removal(filling, event) ? parcel->line_count > 0 : parcel->removes;
}

/* Of such rows there may be thousands in a row: what is on its way goes on. */
static void pass_over(struct filling *filling, const struct outbox_event *event, bool more)
{
	filling->parcel->unremoved += takes_back(event) && !more;
	if (++filling->passed % MEANWHILE_LINES == 0)
		filling->source->meanwhile(filling->source->arg);
}

static int collect(void *arg, const struct outbox_event *event)
{
	struct filling *filling = arg;
	struct parcel *parcel = filling->parcel;
	bool more = parcel->rows && event->id == parcel->end;
	uint64_t lines = parcel->line_count;
	int r = 0;

	if (parcel->rows && !more && begins_another(filling, event))
		return 1;
	if (is_removal(filling, event))
		r = add_removal(parcel, event, more);
	else if (!is_no_point(filling, event))
		r = add_line(filling, event);
	else
		pass_over(filling, event, more);
	if (r < 0)
		return r;
	if (!more)
		filling->row_from = lines;
	if (parcel->line_count - filling->row_from > filling->row_most)
		filling->row_most = parcel->line_count - filling->row_from;
	parcel->rows += !more;
	parcel->end = event->id;
	return 0;
}

int parcel_fill(struct parcel *parcel, const struct parcel_source *source, struct err *err)
{
	struct filling filling = {.parcel = parcel, .source = source};
	int r;

	buf_clear(&parcel->lines);
	parcel->line_count = parcel->unknown = parcel->unremoved = 0;
	parcel->removes = false;
	parcel->removed_count = 0;
	parcel->rows = 0;
	parcel->end = source->after;
	parcel->from_s = INT64_MAX;
	parcel->to_s = 0;
	parcel->sample.link = 0;
	/* one moment: rows of states and of slots that are gone speak of what else is there */
	r = ledger_read_begin(source->ledger, err);
	if (r < 0)
		return r;
	r = ledger_outbox(source->ledger, (struct outbox_range){source->after, ROWS_MAX}, collect,
		&filling, err);
	ledger_read_end(source->ledger);
	return r < 0 ? r : 0;
}
