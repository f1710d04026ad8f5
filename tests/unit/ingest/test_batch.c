/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/batch.h"

static void add(struct batch *batch, uint32_t agent, const char *bytes, const char *why)
{
	struct batch_entry entry = {.agent = agent, .why = (char *)(uintptr_t)why};
	struct journal_record record = {.agent = agent,
		.key = {3, 4},
		.record = (const uint8_t *)bytes,
		.record_length = strlen(bytes)};

	assert_int_equal(batch_add(batch, &entry, &record), 0);
	assert_true(entry.length > strlen(bytes));
}

static void records_stand_one_behind_the_other(void **state)
{
	struct journal_record record;
	struct batch batch;
	const uint8_t *at;
	char why[] = "too long";

	batch_init(&batch);
	add(&batch, 7, "first", NULL);
	add(&batch, 8, "the second", why);
	memset(why, 'x', sizeof(why) - 1); /* it was copied */
	assert_int_equal(batch.count, 2);
	at = buf_peek(&batch.bytes);
	assert_int_equal(journal_record_decode(at, batch.entries[0].length, &record), 0);
	assert_int_equal(record.agent, 7);
	assert_memory_equal(record.record, "first", record.record_length);
	at += batch.entries[0].length;
	assert_int_equal(journal_record_decode(at, batch.entries[1].length, &record), 0);
	assert_int_equal(record.agent, 8);
	assert_memory_equal(record.record, "the second", record.record_length);
	assert_null(batch.entries[0].why);
	assert_string_equal(batch.entries[1].why, "too long");
	assert_int_equal(
		batch.entries[0].length + batch.entries[1].length, buf_length(&batch.bytes));
	batch_done(&batch);
}

static void size_counts_what_small_records_really_take(void **state)
{
	struct batch batch;

	batch_init(&batch);
	assert_int_equal(batch_size(&batch), 0);
	add(&batch, 7, "x", NULL);
	assert_true(batch_size(&batch) >= sizeof(struct batch_entry) + 1);
	batch_done(&batch);
}

static void memory_of_a_burst_is_given_back_but_not_that_of_every_day(void **state)
{
	static char big[16000];
	struct batch batch;

	memset(big, 'b', sizeof(big) - 1);
	batch_init(&batch);
	add(&batch, 7, "x", "why");
	batch_clear(&batch);
	assert_int_equal(batch_size(&batch), 0);
	assert_non_null(batch.bytes.bytes);
	assert_non_null(batch.entries);
	for (int i = 0; i < 20000; i++)
		add(&batch, 7, i % 100 ? "x" : big, i % 100 ? NULL : "why");
	batch_clear(&batch);
	assert_null(batch.bytes.bytes);
	assert_null(batch.entries);
	add(&batch, 7, "x", NULL);
	batch_done(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_stand_one_behind_the_other),
		cmocka_unit_test(size_counts_what_small_records_really_take),
		cmocka_unit_test(memory_of_a_burst_is_given_back_but_not_that_of_every_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
