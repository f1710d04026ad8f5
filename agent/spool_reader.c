/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/spool_format.h"
#include "common/seglog.h"

struct spool_reader {
	char *folder;
	struct held *held;
	struct seglog_reader *log; /* NULL before the first rewind */
	struct entry ahead; /* read, not handed out; record NULL: none */
	struct record_key given; /* handed out last */
	struct buf gap; /* the Dropped record handed out last */
	struct record *record; /* one being looked into or built */
};

int spool_reader_new(const char *folder, struct held *held, struct spool_reader **ret_reader)
{
	struct spool_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	reader->held = held;
	buf_init(&reader->gap, RECORD_MAX);
	reader->folder = strdup(folder);
	reader->record = calloc(1, sizeof(*reader->record));
	if (!reader->folder || !reader->record) {
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
	buf_done(&reader->gap);
	free(reader->record);
	free(reader->folder);
	free(reader);
}

void spool_reader_rewind(struct spool_reader *reader)
{
	seglog_reader_close(reader->log);
	reader->log = NULL;
	reader->ahead.record = NULL;
	reader->given = (struct record_key){0, 0};
	/* Without a reader there is nothing to give; the next session tries again. */
	seglog_reader_open(reader->folder, (struct seglog_pos){0, 0}, &reader->log, NULL);
}

static struct held_span read_span(struct spool_reader *reader, const struct entry *entry)
{
	if (codec_record_decode(entry->record, entry->record_length, reader->record, NULL) != 0)
		return (struct held_span){0, 0};
	return spool_record_span(reader->record);
}

static bool follows(struct record_key before, struct record_key after)
{
	return before.run == after.run && before.sequence + 1 == after.sequence;
}

/* Reads on to the next record that is to be sent, unless one is ahead already. */
static void look_ahead(struct spool_reader *reader)
{
	struct seglog_pos after;
	const uint8_t *bytes;
	size_t length;

	if (reader->ahead.record && !held_has(reader->held, reader->ahead.key))
		reader->ahead.record = NULL; /* dropped meanwhile */
	while (!reader->ahead.record && reader->log &&
		seglog_read(reader->log, &bytes, &length, &after) > 0) {
		if (!spool_record_parse(bytes, length, &reader->ahead) ||
			!held_has(reader->held, reader->ahead.key)) {
			reader->ahead.record = NULL;
			continue;
		}
		if (!follows(reader->given, reader->ahead.key))
			held_miss(reader->held, reader->given, reader->ahead.key,
				read_span(reader, &reader->ahead));
	}
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
