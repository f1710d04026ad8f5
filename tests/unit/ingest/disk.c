/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/journal.h"
#include "common/file.h"

void disk_init(struct disk *disk)
{
	struct err err;

	snprintf(disk->state, sizeof(disk->state), "/tmp/pantau-test-ingest-XXXXXX");
	assert_non_null(mkdtemp(disk->state));
	assert_int_equal(file_join(disk->journal, DISK_PATH, disk->state, JOURNAL_FOLDER), 0);
	assert_int_equal(file_make_folder(disk->journal, 0750, &err), 0);
}

void disk_done(struct disk *disk)
{
	char command[DISK_PATH + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", disk->state);
	assert_int_equal(system(command), 0);
}

void disk_fill(struct batch *batch, uint32_t agent, uint32_t sequence, int64_t received_us)
{
	static const char bytes[] = "these are the bytes of a record";
	struct batch_entry entry = {.agent = agent, .key = {1, sequence}, .last = sequence};
	struct journal_record record = {.agent = agent,
		.nonce = 5,
		.received_utc_us = received_us,
		.key = {1, sequence},
		.reject_code = REJECT_MALFORMED,
		.record = (const uint8_t *)bytes,
		.record_length = sizeof(bytes)};

	assert_int_equal(batch_add(batch, &entry, &record), 0);
}

void disk_write(const struct disk *disk, const char *name, const void *bytes, size_t length)
{
	char path[DISK_PATH];
	struct err err;

	assert_int_equal(file_join(path, sizeof(path), disk->state, name), 0);
	assert_int_equal(file_replace(path, bytes, length, 0640, &err), 0);
}

void disk_set_cursor(const struct disk *disk, struct seglog_pos cursor)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%llu %llu\n", (unsigned long long)cursor.segment,
		(unsigned long long)cursor.record);

	disk_write(disk, JOURNAL_FOLDER "/" JOURNAL_CURSOR, text, (size_t)length);
}

void disk_damage(const struct disk *disk, const char *name)
{
	char path[DISK_PATH];
	FILE *file;
	long middle;
	int byte;

	assert_int_equal(file_join(path, sizeof(path), disk->state, name), 0);
	file = fopen(path, "r+b");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	middle = ftell(file) / 2;
	fseek(file, middle, SEEK_SET);
	byte = fgetc(file);
	fseek(file, middle, SEEK_SET);
	fputc(byte ^ 0x55, file);
	assert_int_equal(fclose(file), 0);
}
