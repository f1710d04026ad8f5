/* SPDX-License-Identifier: Apache-2.0 */
#include "web/batch.h"

#include <errno.h>
#include <stdlib.h>

#include "web/limits.h"
#include "web/live_json.h"
#include "web/sse.h"

struct gather { /* what the rows of a batch hold for the page */
	int64_t first, last;
	struct ledger_live changes[EVENTS_BATCH];
	size_t change_count;
	int64_t touched[EVENTS_LINKS]; /* links with new figures, each once */
	size_t touched_count;
};

void batch_init(struct batch *batch)
{
	*batch = (struct batch){0};
	buf_init(&batch->text, EVENTS_BATCH_BYTES);
}

void batch_done(struct batch *batch)
{
	buf_done(&batch->text);
}

bool batch_has_gap(const struct batch *batch)
{
	return batch->first > batch->after + 1;
}

static void touch(struct gather *gather, int64_t link)
{
	for (size_t i = 0; i < gather->touched_count; i++) {
		if (gather->touched[i] == link)
			return;
	}
	/* those beyond show theirs with their next slot */
	if (gather->touched_count < EVENTS_LINKS)
		gather->touched[gather->touched_count++] = link;
}

/* The reader asks for EVENTS_BATCH rows at most, each of one change at most. */
static int gather_row(void *arg, const struct outbox_event *event)
{
	struct gather *gather = arg;

	if (gather->first == 0)
		gather->first = event->id;
	gather->last = event->id;
	switch (event->kind) {
	case OUTBOX_LIVE: gather->changes[gather->change_count++] = event->live; break;
	case OUTBOX_SLOT:
	case OUTBOX_NEWS:
	case OUTBOX_GONE: touch(gather, event->link); break;
	case OUTBOX_NONE:
	case OUTBOX_WAN:
	case OUTBOX_STATE:
	case OUTBOX_SPEED:
	case OUTBOX_DAY:
	case OUTBOX_UNSAID: break;
	}
	return 0;
}

static int write_change(
	struct buf *text, struct buf *scratch, const struct ledger_live *live, int64_t id)
{
	struct json json;
	int r;

	buf_clear(scratch);
	json_init(&json, scratch);
	json_object(&json, NULL);
	json_number(&json, "link", live->link);
	live_json(&json, live);
	json_object_end(&json);
	r = json_end(&json);
	if (r < 0)
		return r;
	return sse_event(text, "state", id, buf_peek(scratch), buf_length(scratch));
}

/* The figures as they are now: one event for all links that reported. */
static int write_touched(struct ledger_db *db, const struct gather *gather, struct buf *text,
	struct buf *scratch, struct err *err)
{
	struct json json;
	int r;

	buf_clear(scratch);
	json_init(&json, scratch);
	json_object(&json, NULL);
	json_array(&json, "links");
	for (size_t i = 0; i < gather->touched_count; i++) {
		struct ledger_live live;

		r = ledger_live_get(db, gather->touched[i], &live, err);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		json_object(&json, NULL);
		json_number(&json, "link", live.link);
		live_json_figures(&json, &live);
		json_object_end(&json);
	}
	json_array_end(&json);
	json_object_end(&json);
	r = json_end(&json);
	if (r == 0)
		r = sse_event(text, "slots", gather->last, buf_peek(scratch), buf_length(scratch));
	return r < 0 ? err_errno(err, r, "events") : 0;
}

static int write_all(
	struct ledger_db *db, const struct gather *gather, struct buf *text, struct err *err)
{
	struct buf scratch;
	int r = 0;

	buf_init(&scratch, EVENTS_BATCH_BYTES);
	for (size_t i = 0; i < gather->change_count && r == 0; i++) {
		bool last = gather->touched_count == 0 && i + 1 == gather->change_count;

		r = write_change(
			text, &scratch, &gather->changes[i], last ? gather->last : SSE_NO_ID);
		if (r < 0)
			err_errno(err, r, "events");
	}
	if (r == 0 && gather->touched_count > 0)
		r = write_touched(db, gather, text, &scratch, err);
	buf_done(&scratch);
	return r;
}

int batch_read(struct ledger_db *db, int64_t after, struct batch *batch, struct err *err)
{
	struct gather *gather = calloc(1, sizeof(*gather));
	struct batch read;
	int r;

	if (!gather)
		return err_errno(err, -ENOMEM, "events");
	batch_init(&read);
	r = ledger_read_begin(db, err);
	if (r < 0)
		goto free_gather;
	r = ledger_outbox(db, (struct outbox_range){after, EVENTS_BATCH}, gather_row, gather, err);
	if (r == 0)
		r = write_all(db, gather, &read.text, err);
	ledger_read_end(db);
	if (r < 0)
		goto free_gather;
	batch_done(batch);
	read.after = after;
	read.first = gather->first;
	read.last = gather->first ? gather->last : after;
	*batch = read;
	batch_init(&read);

free_gather:
	batch_done(&read);
	free(gather);
	return r;
}
