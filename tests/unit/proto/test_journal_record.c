/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/journal_record.h"

static struct journal_record sample(void)
{
	return (struct journal_record){
		.agent = 7,
		.nonce = 0x1122334455667788,
		.received_utc_us = 1774972800123456,
		.key = {.run = 3, .sequence = 99},
		.reject_code = REJECT_INVALID,
		.wan = "wan2",
		.record = (const uint8_t *)"bytes",
		.record_length = 5,
	};
}

static void layout_is_the_one_in_the_header(void **state)
{
	static const uint8_t wanted[] = {
		1,
		2, /* version, reject code */
		7,
		0,
		0,
		0, /* agent */
		0x88,
		0x77,
		0x66,
		0x55,
		0x44,
		0x33,
		0x22,
		0x11, /* nonce */
		0x40,
		0xc2,
		0x3c,
		0x0f,
		0x54,
		0x4e,
		0x06,
		0x00, /* received */
		3,
		0,
		0,
		0,
		99,
		0,
		0,
		0, /* key */
		4,
		'w',
		'a',
		'n',
		'2',
		'b',
		'y',
		't',
		'e',
		's',
	};
	struct journal_record record = sample();
	struct buf bytes;

	buf_init(&bytes, 100);
	assert_int_equal(journal_record_encode(&record, &bytes), 0);
	assert_int_equal(buf_length(&bytes), sizeof(wanted));
	assert_memory_equal(buf_peek(&bytes), wanted, sizeof(wanted));
	buf_done(&bytes);
}

static void comes_back_as_it_was(void **state)
{
	struct journal_record record = sample(), back;
	struct buf bytes;

	buf_init(&bytes, 1000);
	assert_int_equal(journal_record_encode(&record, &bytes), 0);
	assert_int_equal(journal_record_decode(buf_peek(&bytes), buf_length(&bytes), &back), 0);
	assert_int_equal(back.agent, record.agent);
	assert_true(back.nonce == record.nonce);
	assert_true(back.received_utc_us == record.received_utc_us);
	assert_int_equal(back.key.run, 3);
	assert_int_equal(back.key.sequence, 99);
	assert_int_equal(back.reject_code, REJECT_INVALID);
	assert_string_equal(back.wan, "wan2");
	assert_int_equal(back.record_length, 5);
	assert_memory_equal(back.record, "bytes", 5);
	/* neither WAN nor record */
	record.wan[0] = '\0';
	record.record_length = 0;
	buf_clear(&bytes);
	assert_int_equal(journal_record_encode(&record, &bytes), 0);
	assert_int_equal(journal_record_decode(buf_peek(&bytes), buf_length(&bytes), &back), 0);
	assert_string_equal(back.wan, "");
	assert_int_equal(back.record_length, 0);
	buf_done(&bytes);
}

static void anything_shorter_than_its_head_is_refused(void **state)
{
	struct journal_record record = sample(), back;
	struct buf bytes;
	size_t length;

	buf_init(&bytes, 100);
	assert_int_equal(journal_record_encode(&record, &bytes), 0);
	for (length = 0; length < buf_length(&bytes) - record.record_length; length++)
		assert_int_equal(journal_record_decode(buf_peek(&bytes), length, &back), -EBADMSG);
	buf_done(&bytes);
}

static void version_of_the_future_is_told_from_damage(void **state)
{
	struct journal_record back;

	assert_int_equal(journal_record_decode("\3", 1, &back), -EPROTONOSUPPORT);
	assert_int_equal(journal_record_decode("\0", 1, &back), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_is_the_one_in_the_header),
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(anything_shorter_than_its_head_is_refused),
		cmocka_unit_test(version_of_the_future_is_told_from_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
