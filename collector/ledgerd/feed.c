/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/feed.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define JOURNAL_FOLDER "journal"
#define CURSOR_FILE "ledger.cursor"
#define CURSOR_MODE 0644
#define CURSOR_US 1000000 /* it only tells ingest what it may trim */

struct feed {
	char folder[PATH_MAX], cursor_path[PATH_MAX];
	struct seglog_reader *reader; /* NULL: to be opened */
	bool waits; /* `waiting` is there */
	struct feed_record waiting;
	struct seglog_pos cursor; /* in the ledger */
	bool exactly; /* the reader is to begin at the cursor */
	struct seglog_pos known; /* up to here damage was named */
	struct seglog_pos told; /* in the cursor's file */
	uint64_t told_us;
	uint64_t damaged; /* as of the last look */
};

int feed_new(const char *state, struct seglog_pos cursor, struct feed **ret_feed, struct err *err)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	int r;

	if (!feed)
		return err_errno(err, -ENOMEM, "%s", state);
	feed->cursor = cursor;
	/* what lies there may be of a ledger that is gone: it is told anew, even that of nothing */
	feed->told = (struct seglog_pos){UINT64_MAX, UINT64_MAX};
	r = file_join(feed->folder, sizeof(feed->folder), state, JOURNAL_FOLDER);
	if (r == 0)
		r = file_join(
			feed->cursor_path, sizeof(feed->cursor_path), feed->folder, CURSOR_FILE);
	if (r < 0) {
		feed_free(feed);
		return err_errno(err, r, "%s", state);
	}
	file_sweep(feed->folder, CURSOR_FILE);
	*ret_feed = feed;
	return 0;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	seglog_reader_close(feed->reader);
	free(feed);
}

/* After a restore the journal may be a new one, whose numbers begin again: then our place in the
 * old one says nothing, and what we have already is passed over by its key. */
static int check_cursor(struct feed *feed)
{
	uint64_t newest;
	int r = seglog_newest(feed->folder, &newest);

	if (r < 0 || newest >= feed->cursor.segment)
		return r;
	log_warn("ledger: the journal ends at segment %" PRIu64 ", the ledger had read to %" PRIu64
		 " of another one: it is read from its beginning",
		newest, feed->cursor.segment);
	feed->cursor = (struct seglog_pos){0, 0};
	return 0;
}

/*
 * From the beginning of the cursor's segment: what a power cut took from the journal's end after
 * we had read it will be sent again, and may now lie before the cursor. Whatever we have is passed
 * over by its key.
 */
static int open_reader(struct feed *feed, struct err *err)
{
	struct seglog_pos from;
	int r;

	if (feed->reader)
		return 0;
	r = check_cursor(feed);
	if (r < 0)
		return err_errno(err, r, "%s", feed->folder);
	from = (struct seglog_pos){.segment = feed->cursor.segment};
	if (feed->exactly)
		from = feed->cursor;
	feed->exactly = false;
	feed->damaged = 0;
	return seglog_reader_open(feed->folder, from, &feed->reader, err);
}

static void note_damage(struct feed *feed)
{
	uint64_t damaged = seglog_reader_damaged(feed->reader);
	bool known = seglog_pos_compare(feed->waiting.after, feed->known) <= 0;

	if (damaged > feed->damaged && !known)
		log_error("ledger: passed over %" PRIu64 " damaged places of the journal",
			damaged - feed->damaged);
	feed->damaged = damaged;
}

int feed_peek(struct feed *feed, struct feed_record *ret_record, struct err *err)
{
	struct feed_record *waiting = &feed->waiting;
	int got, r = open_reader(feed, err);

	if (r < 0)
		return r;
	if (!feed->waits) {
		got = seglog_read(feed->reader, &waiting->bytes, &waiting->length, &waiting->after);
		note_damage(feed);
		if (got < 0)
			return err_errno(err, got, "%s", feed->folder);
		if (!got)
			return 0;
		feed->waits = true;
	}
	waiting->again = seglog_pos_compare(waiting->after, feed->cursor) <= 0;
	*ret_record = *waiting;
	return 1;
}

void feed_next(struct feed *feed)
{
	feed->waits = false;
}

void feed_commit(struct feed *feed, struct seglog_pos cursor)
{
	feed->cursor = cursor;
}

void feed_back(struct feed *feed)
{
	seglog_reader_close(feed->reader);
	feed->reader = NULL;
	feed->waits = false;
}

void feed_rewind(struct feed *feed, struct seglog_pos known)
{
	feed_back(feed);
	feed->exactly = true;
	feed->known = known;
}

struct seglog_pos feed_cursor(const struct feed *feed)
{
	return feed->cursor;
}

int feed_tell(struct feed *feed, bool now, struct err *err)
{
	uint64_t at_us = clock_boot_us();
	char text[48];
	int r;

	if (!seglog_pos_compare(feed->cursor, feed->told) ||
		(!now && at_us - feed->told_us < CURSOR_US))
		return 0;
	snprintf(text, sizeof(text), "%" PRIu64 " %" PRIu64 "\n", feed->cursor.segment,
		feed->cursor.record);
	r = file_replace(feed->cursor_path, text, strlen(text), CURSOR_MODE, err);
	if (r == -ENOENT)
		return 0; /* there is no journal yet, so nobody to be told */
	if (r < 0)
		return r;
	feed->told = feed->cursor;
	feed->told_us = at_us;
	return 0;
}
