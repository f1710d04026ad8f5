/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any file of evidence. Digests keep chance from making sound parts, so the input is a script: a
 * byte that says what part comes, two that say how long it is, then what it holds; the digests are
 * put right. A first byte of 0xff: the rest is the file as it is.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive/archive_check.h"
#include "collector/archive/part.h"
#include "collector/archive/row_text.h"
#include "common/buf.h"
#include "tests/fuzz/fuzz.h"

#define FILE_LIMIT (1024 * 1024)

struct script {
	const uint8_t *data;
	size_t size;
	struct buf file;
	uint32_t number;
};

static void add_part(struct script *script)
{
	uint8_t what = script->data[0];
	size_t wanted = script->data[1] | (size_t)script->data[2] << 8;
	size_t length = wanted < script->size - 3 ? wanted : script->size - 3;
	struct part_head head = {
		.kind = (enum part_kind)(PART_ABOUT + what % 4),
		.coding = what & 16 ? PART_ZSTD : PART_PLAIN,
		.number = script->number++,
		.stored_bytes = (uint32_t)length,
		.plain_bytes = (uint32_t)(what & 32 ? length * 3 : length),
	};
	uint8_t *room;

	FUZZ_CHECK(buf_reserve(&script->file, PART_HEAD_BYTES + length, &room) == 0);
	part_head_encode(&head, room);
	memcpy(room + PART_HEAD_BYTES, script->data + 3, length);
	FUZZ_CHECK(part_seal(room, length, head.digest) == 0);
	buf_commit(&script->file, PART_HEAD_BYTES + length);
	script->data += 3 + length;
	script->size -= 3 + length;
}

static void make_file(struct script *script)
{
	if (script->size && script->data[0] == 0xff) {
		FUZZ_CHECK(buf_append(&script->file, script->data + 1, script->size - 1) == 0);
		return;
	}
	FUZZ_CHECK(buf_append(&script->file, EVIDENCE_MAGIC, EVIDENCE_MAGIC_BYTES) == 0);
	while (script->size >= 3 && buf_length(&script->file) < FILE_LIMIT / 2)
		add_part(script);
}

/* What was read can be written, and comes back the same. */
static int write_again(void *arg, const struct table_row *row, struct err *err)
{
	struct buf first, second;
	struct row_text *text;
	struct table_row again;

	buf_init(&first, FILE_LIMIT * 8);
	buf_init(&second, FILE_LIMIT * 8);
	FUZZ_CHECK(row_text_front(row, &first) == 0 && row_text_write(row, &first) == 0);
	FUZZ_CHECK(row_text_open(buf_peek(&first), buf_length(&first), &text, err) == 0);
	FUZZ_CHECK(row_text_next(text, &again, err) == 1);
	FUZZ_CHECK(row_text_front(&again, &second) == 0 && row_text_write(&again, &second) == 0);
	FUZZ_CHECK(buf_length(&first) == buf_length(&second));
	FUZZ_CHECK(!memcmp(buf_peek(&first), buf_peek(&second), buf_length(&first)));
	FUZZ_CHECK(row_text_next(text, &again, err) == 0);
	row_text_close(text);
	buf_done(&first);
	buf_done(&second);
	++*(int64_t *)arg;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = {.data = data, .size = size};
	struct archive_summary summary;
	char path[64];
	struct err err = {0};
	int64_t rows = 0;
	int fd, r;

	if (size > FILE_LIMIT / 4)
		return 0;
	snprintf(path, sizeof path, "%s/pantau-fuzz.XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	buf_init(&script.file, FILE_LIMIT);
	make_file(&script);
	fd = mkstemp(path);
	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(write(fd, buf_peek(&script.file), buf_length(&script.file)) ==
		(ssize_t)buf_length(&script.file));
	FUZZ_CHECK(close(fd) == 0);
	r = archive_check(path, write_again, &rows, &summary, &err);
	FUZZ_CHECK(r <= 0 && (r == 0 || err.text[0]));
	FUZZ_CHECK(r < 0 || summary.rows == rows);
	FUZZ_CHECK(unlink(path) == 0);
	buf_done(&script.file);
	return 0;
}
