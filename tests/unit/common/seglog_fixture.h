/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of seglog share: a folder of their own, and records that are 32-bit numbers, so
 * that a missing, doubled or invented one shows.
 */
#ifndef PANTAU_TESTS_SEGLOG_FIXTURE_H
#define PANTAU_TESTS_SEGLOG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/seglog.h"
#include "common/seglog_scan.h"

#define NUMBER_RECORD_BYTES (SEGLOG_HEADER_BYTES + 4)

struct fixture {
	char base[32]; /* the folder made for the test */
	char folder[48]; /* the log's, inside it */
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

struct seglog *fixture_open(struct fixture *f, size_t segment_bytes, size_t buffer_bytes);
struct seglog_reader *fixture_reader(struct fixture *f, struct seglog_pos from);
void fixture_path(struct fixture *f, uint64_t segment, char ret_path[96]);
uint64_t fixture_file_bytes(struct fixture *f, uint64_t segment);
/* Puts these bytes in the place of a segment. */
void fixture_write_segment(struct fixture *f, uint64_t segment, const void *bytes, size_t length);
/* Puts bytes behind what is there. */
void fixture_append_segment(struct fixture *f, uint64_t segment, const void *bytes, size_t length);
/* The whole of a segment, in a new allocation. */
uint8_t *fixture_read_segment(struct fixture *f, uint64_t segment, size_t *ret_length);

void append_number(struct seglog *log, uint32_t number, struct seglog_pos *ret_after);
void append_numbers(struct seglog *log, uint32_t from, uint32_t to);
/* The next number, or -1 when there is nothing more for now. */
int64_t read_number(struct seglog_reader *reader);
void expect_numbers(struct seglog_reader *reader, uint32_t from, uint32_t to);
void expect_nothing(struct seglog_reader *reader);

#endif
