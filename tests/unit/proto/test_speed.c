/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "samples.h"

/* The code of what a collector says to this record, and its words. */
static int offered(const struct record *record, struct record *ret_back, struct err *err)
{
	struct buf bytes;
	int code;

	buf_init(&bytes, 1 << 16);
	assert_int_equal(codec_record_encode(record, &bytes), 0);
	code = codec_record_decode(buf_peek(&bytes), buf_length(&bytes), ret_back, err);
	buf_done(&bytes);
	return code;
}

static void expect(const struct record *record, int code, const char *words)
{
	struct record *back = malloc(sizeof(*back));
	struct err err = {.text = ""};

	assert_int_equal(offered(record, back, &err), code);
	assert_string_equal(err.text, words);
	free(back);
}

#define EXPECT(change, code, words)                        \
	do {                                               \
		struct record *bad = malloc(sizeof(*bad)); \
		sample_speed(bad);                         \
		bad->speed.change;                         \
		expect(bad, code, words);                  \
		free(bad);                                 \
	} while (0)

static void one_direction_or_none_comes_back(void **state)
{
	struct record *record = malloc(sizeof(*record)), *back = malloc(sizeof(*back));
	struct err err = {0};

	sample_speed(record);
	memset(&record->speed.up, 0, sizeof(record->speed.up));
	assert_int_equal(offered(record, back, &err), 0);
	assert_memory_equal(record, back, sizeof(*record));
	record->speed.outcome = SPEED_FAILED;
	record->speed.reason = SPEED_REASON_INTERRUPTED;
	assert_int_equal(offered(record, back, &err), 0);
	assert_memory_equal(record, back, sizeof(*record));
	memset(&record->speed.down, 0, sizeof(record->speed.down));
	record->speed.outcome = SPEED_SKIPPED;
	record->speed.reason = SPEED_REASON_BUSY;
	record->speed.address.length = 0;
	memset(record->speed.address.bytes, 0, sizeof(record->speed.address.bytes));
	assert_int_equal(offered(record, back, &err), 0);
	assert_memory_equal(record, back, sizeof(*record));
	free(back);
	free(record);
}

static void every_field_has_its_limit(void **state)
{
	EXPECT(wan[0] = 0, REJECT_INVALID,
		"speed.wan = \"\": must be 1 to 16 of a-z, 0-9, '_', '.', '-'");
	EXPECT(start_us = MONO_MAX_US + 1, REJECT_INVALID,
		"speed.start_us = 3162240000000001: must be 0 to 3162240000000000");
	EXPECT(server[2] = 7, REJECT_INVALID,
		"speed.server = \"ht?ps://speed.example/10M\": must be printable ASCII, at most "
		"128 bytes");
	EXPECT(address.length = 5, REJECT_INVALID,
		"speed.address has 5 bytes: must be 4 or 16, or none");
	EXPECT(down.kbps = SPEED_KBPS_MAX + 1, REJECT_INVALID,
		"speed.down.kbps = 100000001: must be 0 to 100000000");
	EXPECT(up.bytes = SPEED_BYTES_MAX + 1, REJECT_INVALID,
		"speed.up.bytes = 8796093022209: must be 1 to 8796093022208");
	EXPECT(up.duration_ms = 0, REJECT_INVALID, "speed.up.duration_ms = 0: must be 1 to 600000");
	EXPECT(down.rtt_us = SPEED_RTT_MAX_US + 1, REJECT_INVALID,
		"speed.down.rtt_us = 60000001: must be 0 to 60000000");
	EXPECT(rtt_idle_us = SPEED_RTT_MAX_US + 1, REJECT_INVALID,
		"speed.rtt_idle_us = 60000001: must be 0 to 60000000");
	EXPECT(rtt_loaded_us = UINT32_MAX, REJECT_INVALID,
		"speed.rtt_loaded_us = 4294967295: must be 0 to 60000000");
}

static void an_outcome_of_the_future_is_unsupported(void **state)
{
	EXPECT(outcome = 4, REJECT_UNSUPPORTED, "speed.outcome = 4: not known here (1 to 3 are)");
	EXPECT(outcome = 0, REJECT_UNSUPPORTED, "speed.outcome = 0: not known here (1 to 3 are)");
	EXPECT(reason = SPEED_REASON_COUNT, REJECT_UNSUPPORTED,
		"speed.reason = 12: not known here (0 to 11 are)");
}

static void outcome_reason_and_figures_agree(void **state)
{
	EXPECT(reason = SPEED_REASON_BUSY, REJECT_INVALID,
		"speed.reason = 1: belongs to a test that was skipped or failed");
	EXPECT(outcome = SPEED_FAILED, REJECT_INVALID,
		"speed.reason = 0: belongs to a test that was done");
	EXPECT(outcome = SPEED_SKIPPED; bad->speed.reason = SPEED_REASON_BUDGET, REJECT_INVALID,
		"speed: a test that was skipped has no figure");
	EXPECT(down.bytes = 0; bad->speed.up.bytes = 0, REJECT_INVALID,
		"speed: a test that was done has a figure");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_direction_or_none_comes_back),
		cmocka_unit_test(every_field_has_its_limit),
		cmocka_unit_test(an_outcome_of_the_future_is_unsupported),
		cmocka_unit_test(outcome_reason_and_figures_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
