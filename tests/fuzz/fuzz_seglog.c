/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any segment file: read, recovered by a writer, appended to and read again.
 *
 * A checksum keeps chance from making sound records, so the input is a script that makes the file,
 * step by step: one byte that says what to do, one that says how much, then bytes.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/file.h"
#include "common/seglog.h"
#include "common/seglog_folder.h"
#include "common/seglog_scan.h"
#include "tests/fuzz/fuzz.h"

#define SEGMENT 3
#define FILE_LIMIT (1024 * 1024)

enum step {
	STEP_RECORD, /* a sound record */
	STEP_SKIP, /* a sound record, after numbers that are missing */
	STEP_STALE, /* a record of another segment */
	STEP_RAW, /* bytes as they are */
	STEP_FLIP, /* damage in what is there */
	STEP_COUNT,
};

struct script {
	const uint8_t *data;
	size_t size;
	struct buf file;
	uint32_t next, sound; /* numbers */
	bool pristine; /* nothing but sound records in order */
};

static void add_record(struct script *script, uint64_t segment, uint32_t number, size_t length)
{
	uint8_t header[SEGLOG_HEADER_BYTES];

	seglog_header_write(header, segment, number, script->data, length);
	FUZZ_CHECK(buf_append(&script->file, header, sizeof header) == 0);
	FUZZ_CHECK(buf_append(&script->file, script->data, length) == 0);
}

static void flip(struct script *script, uint8_t where)
{
	size_t length = buf_length(&script->file);

	if (length > 0)
		script->file.bytes[script->file.start + length * where / 256] ^= 0x20;
}

static void run_step(struct script *script, enum step step, uint8_t amount)
{
	size_t length = amount < script->size ? amount : script->size;

	script->pristine = script->pristine && step == STEP_RECORD;
	if (step == STEP_SKIP)
		script->next += amount;
	if (step == STEP_RECORD || step == STEP_SKIP) {
		add_record(script, SEGMENT, script->next++, length);
		script->sound++;
	} else if (step == STEP_STALE) {
		add_record(script, SEGMENT - 1, script->next, length);
	} else if (step == STEP_RAW) {
		FUZZ_CHECK(buf_append(&script->file, script->data, length) == 0);
	} else {
		flip(script, amount);
		length = 0;
	}
	script->data += length;
	script->size -= length;
}

static void make_file(struct script *script)
{
	while (script->size >= 2 && buf_length(&script->file) < FILE_LIMIT / 2) {
		enum step step = script->data[0] % STEP_COUNT;
		uint8_t amount = script->data[1];

		script->data += 2;
		script->size -= 2;
		run_step(script, step, amount);
	}
}

/* Reads to the end; how many records there are. */
static uint32_t read_all(const char *folder)
{
	struct seglog_pos last = {0, 0}, after;
	struct seglog_reader *reader;
	const uint8_t *bytes;
	uint32_t count = 0;
	size_t length, i;
	unsigned sum = 0;

	FUZZ_CHECK(seglog_reader_open(folder, last, &reader, NULL) == 0);
	while (seglog_read(reader, &bytes, &length, &after) == 1) {
		FUZZ_CHECK(seglog_pos_compare(after, last) > 0);
		for (i = 0; i < length; i++)
			sum += bytes[i]; /* every byte may be touched */
		last = after;
		count++;
	}
	FUZZ_CHECK(sum < UINT32_MAX);
	seglog_reader_close(reader);
	return count;
}

static void try_folder(const char *folder, const struct script *script)
{
	struct seglog_options options = {.segment_bytes = FILE_LIMIT};
	uint32_t before = read_all(folder);
	struct seglog *log;

	FUZZ_CHECK(before <= script->sound || !script->pristine);
	FUZZ_CHECK(!script->pristine || before == script->sound);
	FUZZ_CHECK(seglog_open(folder, &options, &log, NULL) == 0);
	FUZZ_CHECK(read_all(folder) == before); /* recovery loses nothing */
	FUZZ_CHECK(seglog_append(log, "new", 3, NULL) == 0);
	FUZZ_CHECK(read_all(folder) == before + 1);
	FUZZ_CHECK(seglog_drop_oldest(log) == 0 && seglog_drop_oldest(log) == 0);
	seglog_close(log);
}

static void write_segment(const char *folder, const struct buf *file)
{
	char name[SEGLOG_NAME_BYTES], path[96];
	FILE *out;

	seglog_name(SEGMENT, name);
	FUZZ_CHECK(file_join(path, sizeof path, folder, name) == 0);
	out = fopen(path, "w");
	FUZZ_CHECK(out);
	FUZZ_CHECK(fwrite(buf_peek(file), 1, buf_length(file), out) == buf_length(file));
	FUZZ_CHECK(fclose(out) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = {.data = data, .size = size, .pristine = true};
	char folder[64], lock[96];

	/* In memory where there is such a place: a search tries thousands a second. */
	snprintf(folder, sizeof folder, "%s/pantau-fuzz.XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	buf_init(&script.file, FILE_LIMIT);
	make_file(&script);
	FUZZ_CHECK(mkdtemp(folder));
	write_segment(folder, &script.file);
	try_folder(folder, &script);
	FUZZ_CHECK(file_join(lock, sizeof lock, folder, "lock") == 0);
	FUZZ_CHECK(unlink(lock) == 0 && rmdir(folder) == 0);
	buf_done(&script.file);
	return 0;
}
