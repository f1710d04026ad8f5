/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/archive/archive_reader.h"
#include "collector/archive/archive_writer.h"
#include "collector/archive/items.h"
#include "common/file.h"

struct sheet { /* a file of evidence on disk and in memory */
	char path[64];
	uint8_t *bytes;
	size_t length;
};

static struct archive_text text(const char *words)
{
	return (struct archive_text){words, strlen(words)};
}

static void must(int result)
{
	assert_int_equal(result, 0);
}

/* about, `rows` parts of rows, facts, end. */
static void write_sheet(struct sheet *sheet, unsigned rows)
{
	struct archive_writer *writer;
	struct err err = {0};
	int fd;

	strcpy(sheet->path, "/tmp/pantau-archive-XXXXXX");
	fd = mkstemp(sheet->path);
	assert_true(fd >= 0);
	must(archive_writer_new(fd, sheet->path, &writer, &err));
	must(archive_begin(writer, PART_ABOUT, text(""), &err));
	must(archive_put(writer, text("{\"about\":1}"), &err));
	for (unsigned i = 0; i < rows; i++) {
		must(archive_begin(writer, PART_ROWS, text("front\n"), &err));
		must(archive_put(writer, text("row\n"), &err));
	}
	must(archive_begin(writer, PART_FACTS, text(""), &err));
	must(archive_put(writer, text("facts, which repeat: facts, facts, facts"), &err));
	must(archive_begin(writer, PART_END, text(""), &err));
	must(archive_put(writer, text("{}"), &err));
	must(archive_flush(writer, &err));
	assert_int_equal(archive_parts(writer), rows + 3);
	archive_writer_free(writer);
	must(close(fd));
	must(file_read(sheet->path, 1 << 20, &sheet->bytes, &sheet->length, &err));
}

static void put_back(const struct sheet *sheet, const uint8_t *bytes, size_t length)
{
	int fd = open(sheet->path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	must(close(fd));
}

static void drop_sheet(struct sheet *sheet)
{
	must(unlink(sheet->path));
	free(sheet->bytes);
}

/* All parts to the end: how many, or the error. */
static int read_sheet(const struct sheet *sheet, struct err *err)
{
	struct archive_reader *reader;
	struct archive_part part;
	int count = 0, r = archive_reader_open(sheet->path, &reader, err);

	if (r < 0)
		return r;
	while ((r = archive_read(reader, &part, err)) > 0) {
		assert_int_equal(part.number, count);
		count++;
	}
	archive_reader_close(reader);
	return r < 0 ? r : count;
}

static void file_comes_back_as_it_was_written(void **state)
{
	static const enum part_kind kinds[] = {
		PART_ABOUT, PART_ROWS, PART_ROWS, PART_FACTS, PART_END};
	static const char *const texts[] = {"{\"about\":1}", "front\nrow\n", "front\nrow\n",
		"facts, which repeat: facts, facts, facts", "{}"};
	struct archive_reader *reader;
	struct archive_part part;
	struct sheet sheet;
	struct err err = {0};

	write_sheet(&sheet, 2);
	must(archive_reader_open(sheet.path, &reader, &err));
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(archive_read(reader, &part, &err), 1);
		assert_int_equal(part.kind, kinds[i]);
		assert_string_equal((const char *)part.bytes, texts[i]);
	}
	assert_int_equal(archive_read(reader, &part, &err), 0);
	assert_int_equal(archive_read_bytes(reader), sheet.length);
	archive_reader_close(reader);
	drop_sheet(&sheet);
}

static void every_flipped_bit_is_found(void **state)
{
	struct sheet sheet;
	struct err err = {0};

	write_sheet(&sheet, 1);
	for (size_t at = 0; at < sheet.length; at++) {
		for (unsigned bit = 0; bit < 8; bit += at % 3 + 1) {
			sheet.bytes[at] ^= (uint8_t)(1u << bit);
			put_back(&sheet, sheet.bytes, sheet.length);
			assert_int_equal(read_sheet(&sheet, &err), -EBADMSG);
			sheet.bytes[at] ^= (uint8_t)(1u << bit);
		}
	}
	put_back(&sheet, sheet.bytes, sheet.length);
	assert_int_equal(read_sheet(&sheet, &err), 4);
	drop_sheet(&sheet);
}

static void every_cut_is_found(void **state)
{
	struct sheet sheet;
	struct err err = {0};

	write_sheet(&sheet, 1);
	for (size_t length = 0; length < sheet.length; length++) {
		put_back(&sheet, sheet.bytes, length);
		assert_int_equal(read_sheet(&sheet, &err), -EBADMSG);
	}
	drop_sheet(&sheet);
}

static void bytes_behind_the_end_are_found(void **state)
{
	struct sheet sheet;
	struct err err = {0};

	write_sheet(&sheet, 1);
	sheet.bytes[sheet.length] = 'x'; /* file_read() left a 0 there */
	put_back(&sheet, sheet.bytes, sheet.length + 1);
	assert_int_equal(read_sheet(&sheet, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "1 bytes behind the last part"));
	drop_sheet(&sheet);
}

/* Where a part begins: its magic. */
static size_t part_at(const struct sheet *sheet, unsigned number)
{
	size_t at = EVIDENCE_MAGIC_BYTES;
	struct part_head head;

	while (number--) {
		must(part_head_decode(sheet->bytes + at, &head));
		at += PART_HEAD_BYTES + head.stored_bytes;
	}
	return at;
}

static void a_part_taken_out_is_found(void **state)
{
	struct sheet sheet;
	struct err err = {0};
	size_t from, to;

	write_sheet(&sheet, 2);
	from = part_at(&sheet, 1);
	to = part_at(&sheet, 2);
	memmove(sheet.bytes + from, sheet.bytes + to, sheet.length - to);
	put_back(&sheet, sheet.bytes, sheet.length - (to - from));
	assert_int_equal(read_sheet(&sheet, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "bears another number"));
	drop_sheet(&sheet);
}

static void damage_is_told_with_its_place(void **state)
{
	char words[80];
	struct sheet sheet;
	struct err err = {0};
	size_t from, to;

	write_sheet(&sheet, 2);
	from = part_at(&sheet, 2);
	to = part_at(&sheet, 3);
	sheet.bytes[to - 1] ^= 4;
	put_back(&sheet, sheet.bytes, sheet.length);
	assert_int_equal(read_sheet(&sheet, &err), -EBADMSG);
	snprintf(words, sizeof(words), "part 2, bytes %zu to %zu: does not match", from, to - 1);
	assert_non_null(strstr(err.text, words));
	drop_sheet(&sheet);
}

static void a_damaged_part_can_be_passed_over(void **state)
{
	struct archive_reader *reader;
	struct archive_part part;
	struct sheet sheet;
	struct err err = {0};

	write_sheet(&sheet, 1);
	sheet.bytes[part_at(&sheet, 3) - 1] ^= 1; /* the facts */
	put_back(&sheet, sheet.bytes, sheet.length);
	must(archive_reader_open(sheet.path, &reader, &err));
	assert_int_equal(archive_read_only(reader, PART_FACTS, &part, &err), 1);
	assert_int_equal(part.length, 0); /* not asked for */
	assert_int_equal(archive_read_only(reader, PART_FACTS, &part, &err), 1);
	assert_int_equal(archive_read_only(reader, PART_FACTS, &part, &err), -EBADMSG);
	must(archive_skip_damaged(reader, &err));
	assert_int_equal(archive_read_only(reader, PART_FACTS, &part, &err), 1);
	assert_int_equal(part.kind, PART_END);
	assert_int_equal(archive_read_only(reader, PART_FACTS, &part, &err), 0);
	archive_reader_close(reader);
	drop_sheet(&sheet);
}

static void many_items_make_many_parts_each_with_its_front(void **state)
{
	static char item[5000];
	struct archive_writer *writer;
	struct archive_reader *reader;
	struct archive_part part;
	char path[] = "/tmp/pantau-archive-XXXXXX";
	struct err err = {0};
	size_t items = 0;
	int fd = mkstemp(path);

	memset(item, 'i', sizeof(item));
	must(archive_writer_new(fd, path, &writer, &err));
	must(archive_begin(writer, PART_ABOUT, text("{}"), &err));
	must(archive_put(writer, text(""), &err));
	must(archive_begin(writer, PART_ROWS, text("front"), &err));
	for (unsigned i = 0; i < 200; i++)
		must(archive_put(writer, (struct archive_text){item, sizeof(item)}, &err));
	must(archive_begin(writer, PART_END, text("{}"), &err));
	must(archive_put(writer, text(""), &err));
	must(archive_flush(writer, &err));
	assert_int_equal(archive_parts(writer), 2 + 4); /* 52 items fit in 256 KiB */
	archive_writer_free(writer);
	close(fd);
	must(archive_reader_open(path, &reader, &err));
	while (archive_read(reader, &part, &err) > 0) {
		if (part.kind != PART_ROWS)
			continue;
		assert_true(part.length <= PART_FILL_BYTES);
		assert_memory_equal(part.bytes, "front", 5);
		items += (part.length - 5) / sizeof(item);
	}
	assert_int_equal(items, 200);
	archive_reader_close(reader);
	must(unlink(path));
}

static void an_item_larger_than_a_part_is_refused(void **state)
{
	struct archive_writer *writer;
	struct err err = {0};
	int fd = open("/dev/null", O_WRONLY);
	char *item = calloc(1, PART_PLAIN_MAX + 1);

	assert_non_null(item);
	must(archive_writer_new(fd, "null", &writer, &err));
	must(archive_begin(writer, PART_FACTS, text(""), &err));
	assert_int_equal(archive_put(writer, (struct archive_text){item, PART_PLAIN_MAX + 1}, &err),
		-EMSGSIZE);
	must(archive_put(writer, (struct archive_text){item, PART_PLAIN_MAX}, &err));
	must(archive_flush(writer, &err));
	archive_writer_free(writer);
	free(item);
	close(fd);
}

static void a_full_disk_is_said(void **state)
{
	struct archive_writer *writer;
	struct err err = {0};
	int fd = open("/dev/full", O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(archive_writer_new(fd, "full", &writer, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "full: No space left"));
	close(fd);
}

static void items_come_back_and_a_cut_one_is_found(void **state)
{
	struct buf out;
	struct item item;

	buf_init(&out, 4096);
	must(item_write(ITEM_RECORD, "one", 3, &out));
	must(item_write(ITEM_RECORD, "", 0, &out));
	must(item_write((enum item_kind)9, "three", 5, &out));
	for (size_t length = 0; length <= buf_length(&out); length++) {
		struct items items = {buf_peek(&out), length, 0, 0};
		int r;
		while ((r = items_next(&items, &item)) > 0)
			;
		assert_int_equal(r,
			length == 0 || length == 8 || length == 13 || length == buf_length(&out)
				? 0
				: -EBADMSG);
	}
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_comes_back_as_it_was_written),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(every_cut_is_found),
		cmocka_unit_test(bytes_behind_the_end_are_found),
		cmocka_unit_test(a_part_taken_out_is_found),
		cmocka_unit_test(damage_is_told_with_its_place),
		cmocka_unit_test(a_damaged_part_can_be_passed_over),
		cmocka_unit_test(many_items_make_many_parts_each_with_its_front),
		cmocka_unit_test(an_item_larger_than_a_part_is_refused),
		cmocka_unit_test(a_full_disk_is_said),
		cmocka_unit_test(items_come_back_and_a_cut_one_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
