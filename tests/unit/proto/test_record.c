/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "samples.h"

struct bench { /* what most cases need */
	struct record record, back;
	struct buf bytes;
	struct err err;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	buf_init(&bench->bytes, 1 << 20);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	buf_done(&bench->bytes);
	free(bench);
	return 0;
}

/* Encodes bench->record and decodes it into bench->back. */
static int there_and_back(struct bench *bench)
{
	buf_clear(&bench->bytes);
	assert_int_equal(codec_record_encode(&bench->record, &bench->bytes), 0);
	return codec_record_decode(
		buf_peek(&bench->bytes), buf_length(&bench->bytes), &bench->back, &bench->err);
}

static void every_kind_comes_back_as_it_was(void **state)
{
	struct bench *bench = *state;
	int i;

	for (i = 0; i < 10; i++) {
		switch (i) {
		case 0: sample_slot(&bench->record); break;
		case 1: sample_full_slot(&bench->record); break;
		case 2: sample_anchor(&bench->record); break;
		case 3: sample_dropped(&bench->record, 7, 19); break;
		case 4: sample_start(&bench->record); break;
		case 5: sample_stop(&bench->record); break;
		case 6: sample_speed(&bench->record); break;
		case 7: sample_http(&bench->record); break;
		case 8: sample_observation(&bench->record); break;
		case 9: sample_full_observation(&bench->record); break;
		}
		assert_int_equal(there_and_back(bench), 0);
		assert_memory_equal(&bench->back, &bench->record, sizeof(bench->record));
	}
}

static void same_record_gives_the_same_bytes(void **state)
{
	struct bench *bench = *state;
	struct buf again;

	sample_slot(&bench->record);
	assert_int_equal(there_and_back(bench), 0);
	buf_init(&again, RECORD_MAX);
	assert_int_equal(codec_record_encode(&bench->back, &again), 0);
	assert_int_equal(buf_length(&again), buf_length(&bench->bytes));
	assert_memory_equal(buf_peek(&again), buf_peek(&bench->bytes), buf_length(&again));
	buf_done(&again);
}

static void fullest_slot_fits_a_record(void **state)
{
	struct bench *bench = *state;

	sample_full_slot(&bench->record);
	assert_int_equal(there_and_back(bench), 0);
	assert_true(buf_length(&bench->bytes) <= RECORD_MAX);
}

static void expect(struct bench *bench, int code, const char *words)
{
	struct record untouched;

	memset(&bench->back, 0x5a, sizeof(bench->back));
	memset(&untouched, 0x5a, sizeof(untouched));
	assert_int_equal(there_and_back(bench), code);
	assert_string_equal(bench->err.text, words);
	assert_memory_equal(&bench->back, &untouched, sizeof(untouched));
}

static void slot_out_of_range_is_refused_with_words(void **state)
{
	struct bench *bench = *state;
	struct slot *slot = &bench->record.slot;

	sample_slot(&bench->record);
	slot->length_ms = 90000;
	expect(bench, REJECT_INVALID, "slot.length_ms = 90000: must be 1000 to 60000");
	slot->length_ms = 999;
	expect(bench, REJECT_INVALID, "slot.length_ms = 999: must be 1000 to 60000");
	sample_slot(&bench->record);
	slot->start_us = MONO_MAX_US + 1;
	expect(bench, REJECT_INVALID,
		"slot.start_us = 3162240000000001: must be 0 to 3162240000000000");
	sample_slot(&bench->record);
	strcpy(slot->wan, "WAN\n1");
	expect(bench, REJECT_INVALID,
		"slot.wan = \"WAN?1\": must be 1 to 16 of a-z, 0-9, '_', '.', '-'");
	slot->wan[0] = '\0';
	expect(bench, REJECT_INVALID,
		"slot.wan = \"\": must be 1 to 16 of a-z, 0-9, '_', '.', '-'");
	sample_slot(&bench->record);
	slot->rounds_due = 61;
	expect(bench, REJECT_INVALID, "slot.rounds_due = 61: must be 0 to 60");
}

static void target_out_of_range_is_refused_with_words(void **state)
{
	struct bench *bench = *state;
	struct slot *slot = &bench->record.slot;

	sample_slot(&bench->record);
	slot->targets[2].class = (enum target_class)5;
	expect(bench, REJECT_UNSUPPORTED,
		"slot.targets[2]: class = 5: not known here (1 to 4 are)");
	sample_slot(&bench->record);
	slot->targets[1].address.length = 5;
	expect(bench, REJECT_INVALID, "slot.targets[1]: address has 5 bytes: must be 4 or 16");
	slot->targets[1].address.length = 0;
	expect(bench, REJECT_INVALID, "slot.targets[1]: address has 0 bytes: must be 4 or 16");
}

static void probe_out_of_range_is_refused_with_words(void **state)
{
	struct bench *bench = *state;
	struct slot *slot = &bench->record.slot;

	sample_slot(&bench->record);
	slot->probes[3].target = 4;
	expect(bench, REJECT_INVALID, "slot.probes[3]: target = 4: the slot has 4 targets");
	sample_slot(&bench->record);
	slot->probes[0].rtt_us = RTT_MAX_US + 1;
	expect(bench, REJECT_INVALID, "slot.probes[0]: rtt_us = 3000001: must be 0 to 3000000");
	sample_slot(&bench->record);
	slot->probes[5].rtt_us = 1;
	expect(bench, REJECT_INVALID,
		"slot.probes[5]: rtt_us of a probe without an answer = 1: must be 0 to 0");
	sample_slot(&bench->record);
	slot->probes[1].round = SLOT_ROUNDS_MAX;
	expect(bench, REJECT_INVALID, "slot.probes[1]: round = 60: must be 0 to 59");
	sample_slot(&bench->record);
	slot->probes[1].offset_ms = OFFSET_MAX_MS + 1;
	expect(bench, REJECT_INVALID, "slot.probes[1]: offset_ms = 120001: must be 0 to 120000");
}

static void unknown_enum_value_is_unsupported(void **state)
{
	struct bench *bench = *state;
	struct slot *slot = &bench->record.slot;

	sample_slot(&bench->record);
	slot->probes[0].kind = 4;
	expect(bench, REJECT_UNSUPPORTED, "slot.probes[0]: kind = 4: not known here (1 to 3 are)");
	sample_slot(&bench->record);
	slot->probes[0].outcome = 0;
	expect(bench, REJECT_UNSUPPORTED,
		"slot.probes[0]: outcome = 0: not known here (1 to 3 are)");
	sample_slot(&bench->record);
	slot->probes[6].refusal = 5;
	expect(bench, REJECT_UNSUPPORTED,
		"slot.probes[6]: refusal = 5: not known here (0 to 4 are)");
	sample_slot(&bench->record);
	slot->facts.carrier = 3;
	expect(bench, REJECT_UNSUPPORTED, "slot.facts.carrier = 3: not known here (0 to 2 are)");
	sample_slot(&bench->record);
	slot->facts.gateway = 3;
	expect(bench, REJECT_UNSUPPORTED, "slot.facts.gateway = 3: not known here (0 to 2 are)");
	sample_slot(&bench->record);
	slot->events[0].kind = 9;
	expect(bench, REJECT_UNSUPPORTED, "slot.events[0]: kind = 9: not known here (1 to 3 are)");
	sample_anchor(&bench->record);
	bench->record.anchor.source = 4;
	expect(bench, REJECT_UNSUPPORTED, "anchor.source = 4: not known here (1 to 3 are)");
}

static void clock_in_1970_is_refused_by_number(void **state)
{
	struct bench *bench = *state;

	sample_anchor(&bench->record);
	bench->record.anchor.utc_us = 42000000;
	expect(bench, REJECT_INVALID,
		"anchor.utc_us = 42000000: must be 1577836800000000 to 4102444800000000 (2020 to "
		"2099)");
	bench->record.anchor.utc_us = INT64_MIN;
	assert_int_equal(there_and_back(bench), REJECT_INVALID);
	bench->record.anchor.utc_us = UTC_MIN_US;
	assert_int_equal(there_and_back(bench), 0);
	bench->record.anchor.error_us = ANCHOR_ERROR_MAX_US + 1;
	expect(bench, REJECT_INVALID, "anchor.error_us = 86400000001: must be 0 to 86400000000");
}

static void gap_record_out_of_range_is_refused(void **state)
{
	struct bench *bench = *state;
	struct dropped *dropped = &bench->record.dropped;

	sample_dropped(&bench->record, 7, 19);
	dropped->records = 20;
	expect(bench, REJECT_INVALID, "dropped.records = 20: must be 1 to 19");
	sample_dropped(&bench->record, 7, 19);
	dropped->from_us = dropped->to_us + 1;
	expect(bench, REJECT_INVALID, "dropped.from_us = 600000001: must be 0 to 600000000");
	sample_dropped(&bench->record, 7, 19);
	dropped->last = 0;
	expect(bench, REJECT_INVALID, "dropped.last = 0: must be 1 to 4294967295");
}

static void software_and_reset_have_their_range(void **state)
{
	struct bench *bench = *state;

	sample_start(&bench->record);
	strcpy(bench->record.start.software, "agent\x1b[31m");
	expect(bench, REJECT_INVALID,
		"start.software = \"agent?[31m\": must be printable ASCII, at most 64 bytes");
	sample_start(&bench->record);
	bench->record.start.reset = RESET_COUNT;
	expect(bench, REJECT_UNSUPPORTED, "start.reset = 4: not known here (0 to 3 are)");
}

static int decode(struct bench *bench, const char *bytes, size_t length)
{
	return codec_record_decode(bytes, length, &bench->back, &bench->err);
}

static void garbage_is_malformed(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(decode(bench, "\xff\xff\xff\xff", 4), REJECT_MALFORMED);
	assert_string_equal(bench->err.text, "record: not a protobuf message of this kind");
	/* a slot cut short */
	sample_slot(&bench->record);
	sample_encode(&bench->record, &bench->bytes);
	assert_int_equal(
		decode(bench, (const char *)buf_peek(&bench->bytes), buf_length(&bench->bytes) - 1),
		REJECT_MALFORMED);
	/* start_us as a string */
	assert_int_equal(decode(bench, "\x0a\x03\x12\x01x", 5), REJECT_MALFORMED);
}

static void record_of_no_known_kind_is_unsupported(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(decode(bench, "", 0), REJECT_UNSUPPORTED);
	/* field 9, a kind of the future */
	assert_int_equal(decode(bench, "\x4a\x02\x08\x01", 4), REJECT_UNSUPPORTED);
	assert_string_equal(bench->err.text, "record: no body of a kind that is known here");
}

static void unknown_fields_are_passed_over(void **state)
{
	struct bench *bench = *state;
	/* stop { boot, mono_us = 5, field 15 = 1 }, then field 10 of Record = "new" */
	static const char bytes[] = "\x2a\x16\x0a\x10"
				    "0123456789abcdef"
				    "\x10\x05\x78\x01\x52\x03new";

	assert_int_equal(decode(bench, bytes, sizeof(bytes) - 1), 0);
	assert_int_equal(bench->back.kind, RECORD_STOP);
	assert_int_equal(bench->back.stop.mono_us, 5);
}

static void short_boot_is_invalid(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(decode(bench, "\x2a\x05\x0a\x03six", 7), REJECT_INVALID);
	assert_string_equal(bench->err.text, "stop.boot has 3 bytes: must be 16");
	assert_int_equal(decode(bench, "\x2a\x00", 2), REJECT_INVALID);
}

static void too_many_of_anything_is_invalid(void **state)
{
	struct bench *bench = *state;
	char bytes[RECORD_MAX + 1];
	size_t at = 0;

	/* a slot of empty probes: { boot, length 60,000, wan "ww", then (0x3a 0x00)... } */
	memcpy(bytes, "\x0a\x80\x7d\x0a\x10", 5);
	memcpy(bytes + 5, "0123456789abcdef\x18\xe0\xd4\x03\x22\x02ww", 24);
	for (at = 29; at < 3 + 16000; at += 2)
		memcpy(bytes + at, "\x3a\x00", 2);
	assert_int_equal(at, 3 + 16000);
	/* 7,987 probes cost the arena more than its budget, which is its own way of saying no */
	assert_int_equal(decode(bench, bytes, at), REJECT_INVALID);
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(decode(bench, bytes, sizeof(bytes)), REJECT_INVALID);
	assert_string_equal(bench->err.text, "record's bytes = 16385: must be 1 to 16384");
}

static void encoder_refuses_what_its_arrays_cannot_hold(void **state)
{
	struct bench *bench = *state;

	sample_slot(&bench->record);
	bench->record.slot.probe_count = SLOT_PROBES_MAX + 1;
	assert_int_equal(codec_record_encode(&bench->record, &bench->bytes), -EINVAL);
	bench->record.kind = (enum record_kind)9;
	assert_int_equal(codec_record_encode(&bench->record, &bench->bytes), -EINVAL);
	assert_int_equal(buf_length(&bench->bytes), 0);
}

static void encoder_leaves_a_full_buffer_alone(void **state)
{
	struct bench *bench = *state;
	struct buf small;

	buf_init(&small, 10);
	sample_stop(&bench->record);
	assert_int_equal(codec_record_encode(&bench->record, &small), -ENOBUFS);
	assert_int_equal(buf_length(&small), 0);
	buf_done(&small);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_kind_comes_back_as_it_was),
		CASE(same_record_gives_the_same_bytes),
		CASE(fullest_slot_fits_a_record),
		CASE(slot_out_of_range_is_refused_with_words),
		CASE(target_out_of_range_is_refused_with_words),
		CASE(probe_out_of_range_is_refused_with_words),
		CASE(unknown_enum_value_is_unsupported),
		CASE(clock_in_1970_is_refused_by_number),
		CASE(gap_record_out_of_range_is_refused),
		CASE(software_and_reset_have_their_range),
		CASE(garbage_is_malformed),
		CASE(record_of_no_known_kind_is_unsupported),
		CASE(unknown_fields_are_passed_over),
		CASE(short_boot_is_invalid),
		CASE(too_many_of_anything_is_invalid),
		CASE(encoder_refuses_what_its_arrays_cannot_hold),
		CASE(encoder_leaves_a_full_buffer_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
