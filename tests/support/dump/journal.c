/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a collector's journal holds, a line a record, for the tests, but for what the
 * collector saw itself:
 *
 *	journal STATE		AGENT RUN SEQUENCE CRC32C REJECTED
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/crc32c.h"
#include "common/file.h"
#include "common/seglog.h"
#include "proto/journal_record.h"

static int print_all(struct seglog_reader *reader)
{
	struct journal_record record;
	struct seglog_pos after;
	const uint8_t *bytes;
	size_t length;
	int r;

	while ((r = seglog_read(reader, &bytes, &length, &after)) > 0) {
		r = journal_record_decode(bytes, length, &record);
		if (r < 0)
			break;
		if (record.sighted)
			continue;
		printf("%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %u\n", record.agent,
			record.key.run, record.key.sequence,
			crc32c(0, record.record, record.record_length), record.reject_code);
	}
	return r;
}

int main(int argc, char **argv)
{
	struct seglog_reader *reader;
	char folder[PATH_MAX];
	struct err err = {0};
	int r = argc == 2 ? file_join(folder, sizeof(folder), argv[1], "journal") : -1;

	if (r < 0) {
		fprintf(stderr, "usage: journal STATE\n");
		return 2;
	}
	r = seglog_reader_open(folder, (struct seglog_pos){0, 0}, &reader, &err);
	if (r < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	r = print_all(reader);
	seglog_reader_close(reader);
	if (r < 0)
		fprintf(stderr, "%s\n", strerror(-r));
	return r < 0;
}
