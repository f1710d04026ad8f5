/* SPDX-License-Identifier: Apache-2.0 */
/* One line of line protocol, read by other rules than ours is written by: strictly, and as either
 * family of stores understands a backslash. Knows no type of the exporter. */
#ifndef PANTAU_TESTS_FUZZ_LINE_READER_H
#define PANTAU_TESTS_FUZZ_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_ITEMS_MAX 16
#define LINE_TEXT_BYTES 256

enum line_rule {
	LINE_BEFORE, /* InfluxDB: a character is escaped when the one before it is a backslash */
	LINE_ODD, /* VictoriaMetrics: when an odd number of backslashes stands before it */
};

struct line_point {
	char measurement[LINE_TEXT_BYTES];
	size_t tag_count, field_count;
	struct line_tag {
		char key[LINE_TEXT_BYTES], value[LINE_TEXT_BYTES];
	} tags[LINE_ITEMS_MAX];
	struct line_field { /* whole numbers: we write no others */
		char key[LINE_TEXT_BYTES];
		uint64_t value;
	} fields[LINE_ITEMS_MAX];
	int64_t time;
};

/* A line without its line feed. False: a store would refuse it. */
bool line_read(const char *line, enum line_rule rule, struct line_point *ret_point);

#endif
