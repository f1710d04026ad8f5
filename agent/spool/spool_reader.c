/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_reader.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/spool/spool_private.h"

struct spool_reader {
	const struct spool_log *far, *near;
	struct held *held;
	struct seglog_reader *log; /* of one of the two; NULL: neither */
	bool in_near;
	struct seglog_pos far_at; /* where to read on in `far` */
	struct spool_walk walk; /* over the log record read last */
	struct entry ahead; /* read, not handed out; record NULL: none */
	struct record_key given; /* handed out last */
	struct buf gap; /* the Dropped record handed out last */
	struct record *record; /* one being looked into or built */
};

int spool_reader_new(const struct spool_log *far, const struct spool_log *near, struct held *held,
	struct spool_reader **ret_reader)
{
	struct spool_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	reader->far = far;
	reader->near = near;
	reader->held = held;
	spool_walk_init(&reader->walk);
	buf_init(&reader->gap, RECORD_MAX);
	reader->record = calloc(1, sizeof(*reader->record));
	if (!reader->record) {
		spool_reader_free(reader);
		return -ENOMEM;
	}
	*ret_reader = reader;
	return 0;
}

void spool_reader_free(struct spool_reader *reader)
{
	if (!reader)
		return;
	seglog_reader_close(reader->log);
	spool_walk_done(&reader->walk);
	buf_done(&reader->gap);
	free(reader->record);
	free(reader);
}

/* Without a log there is nothing to give; the next session tries again. */
static void open_log(struct spool_reader *reader, bool near, struct seglog_pos at)
{
	seglog_reader_close(reader->log);
	reader->log = NULL;
	reader->in_near = near;
	reader->ahead.record = NULL;
	spool_walk_done(&reader->walk);
	if (seglog_reader_open(
		    near ? reader->near->folder : reader->far->folder, at, &reader->log, NULL) == 0)
		seglog_reader_set_window(reader->log, SPOOL_WINDOW_BYTES);
}

void spool_reader_rewind(struct spool_reader *reader)
{
	reader->given = (struct record_key){0, 0};
	reader->far_at = (struct seglog_pos){0, 0};
	open_log(reader, false, reader->far_at);
}

void spool_reader_moved(struct spool_reader *reader)
{
	if (reader->in_near)
		open_log(reader, false, reader->far_at);
}

/* The next log record, of either log. false: there is none for now. */
static bool read_log(struct spool_reader *reader)
{
	struct seglog_pos after;
	const uint8_t *bytes;
	size_t length;
	int status;

	for (;;) {
		status = reader->log ? seglog_read(reader->log, &bytes, &length, &after) : -EIO;
		if (status < 0 || (status == 0 && reader->in_near))
			return false;
		if (status == 0) {
			open_log(reader, true, (struct seglog_pos){0, 0});
			continue;
		}
		if (!reader->in_near)
			reader->far_at = after;
		/* What is no record, or makes no sense, is found out by the numbers. */
		if (spool_walk_begin(&reader->walk, bytes, length) == 0)
			return true;
	}
}

static bool follows(struct record_key before, struct record_key after)
{
	return before.run == after.run && before.sequence + 1 == after.sequence;
}

/* Whether the walk comes to one that is to be sent: not given yet, and held. */
static bool walk_on(struct spool_reader *reader)
{
	while (spool_walk_next(&reader->walk, &reader->ahead))
		if (record_key_compare(reader->ahead.key, reader->given) > 0 &&
			held_has(reader->held, reader->ahead.key))
			return true;
	reader->ahead.record = NULL;
	return false;
}

/* Reads on to the next record that is to be sent, unless one is ahead already. */
static void look_ahead(struct spool_reader *reader)
{
	if (reader->ahead.record && !held_has(reader->held, reader->ahead.key))
		reader->ahead.record = NULL; /* dropped meanwhile */
	if (reader->ahead.record)
		return;
	while (!walk_on(reader))
		if (!read_log(reader))
			return;
	if (!follows(reader->given, reader->ahead.key))
		held_miss(reader->held, reader->given, reader->ahead.key,
			spool_read_span(&reader->ahead));
}

static int give_gap(struct spool_reader *reader, struct record_key key, const struct dropped *gap,
	struct entry *ret_entry)
{
	reader->record->kind = RECORD_DROPPED;
	reader->record->dropped = *gap;
	buf_clear(&reader->gap);
	if (codec_record_encode(reader->record, &reader->gap) < 0)
		return 0;
	held_gap_handed_out(reader->held, key);
	*ret_entry = (struct entry){
		.key = key,
		.record = buf_peek(&reader->gap),
		.record_length = buf_length(&reader->gap),
	};
	reader->given = key;
	return 1;
}

int spool_reader_next(struct spool_reader *reader, struct entry *ret_entry)
{
	struct record_key key;
	struct dropped gap;

	look_ahead(reader);
	if (held_gap_after(reader->held, reader->given, &key, &gap) &&
		(!reader->ahead.record || record_key_compare(key, reader->ahead.key) < 0))
		return give_gap(reader, key, &gap, ret_entry);
	if (!reader->ahead.record)
		return 0;
	*ret_entry = reader->ahead;
	reader->given = reader->ahead.key;
	reader->ahead.record = NULL;
	return 1;
}
