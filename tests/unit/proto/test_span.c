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

struct span {
	uint64_t from_us, to_us;
};

/* As the record itself says. */
static struct span span_of(const struct record *record)
{
	switch (record->kind) {
	case RECORD_SLOT:
		return (struct span){record->slot.start_us,
			record->slot.start_us + record->slot.length_ms * 1000ULL};
	case RECORD_DROPPED: return (struct span){record->dropped.from_us, record->dropped.to_us};
	case RECORD_ANCHOR: return (struct span){record->anchor.mono_us, record->anchor.mono_us};
	case RECORD_START: return (struct span){record->start.mono_us, record->start.mono_us};
	case RECORD_STOP: return (struct span){record->stop.mono_us, record->stop.mono_us};
	case RECORD_SPEED: return (struct span){record->speed.start_us, record->speed.start_us};
	case RECORD_HTTP: return (struct span){record->http.start_us, record->http.start_us};
	default: return (struct span){record->observation.mono_us, record->observation.mono_us};
	}
}

static void sample(unsigned which, struct record *ret_record)
{
	switch (which) {
	case 0: sample_slot(ret_record); break;
	case 1: sample_full_slot(ret_record); break;
	case 2: sample_anchor(ret_record); break;
	case 3: sample_dropped(ret_record, 7, 19); break;
	case 4: sample_start(ret_record); break;
	case 5: sample_stop(ret_record); break;
	case 6: sample_speed(ret_record); break;
	case 7: sample_http(ret_record); break;
	default: sample_observation(ret_record); break;
	}
}

static void every_kind_says_when_it_was(void **state)
{
	struct record *record = calloc(1, sizeof(*record));
	struct buf bytes;

	buf_init(&bytes, 1 << 20);
	for (unsigned i = 0; i < 9; i++) {
		struct span wanted, span = {1, 1};

		buf_clear(&bytes);
		sample(i, record);
		sample_encode(record, &bytes);
		wanted = span_of(record);
		assert_int_equal(codec_record_span(buf_peek(&bytes), buf_length(&bytes),
					 &span.from_us, &span.to_us),
			0);
		assert_int_equal(
			codec_record_kind(buf_peek(&bytes), buf_length(&bytes)), record->kind);
		assert_true(wanted.from_us > 0);
		assert_int_equal(span.from_us, wanted.from_us);
		assert_int_equal(span.to_us, wanted.to_us);
	}
	buf_done(&bytes);
	free(record);
}

static void half_a_record_says_nothing(void **state)
{
	struct record *record = calloc(1, sizeof(*record));
	struct buf bytes;

	buf_init(&bytes, 1 << 20);
	sample_slot(record);
	sample_encode(record, &bytes);
	for (size_t length = 0; length < buf_length(&bytes); length++) {
		/* a copy as long as it says, so that a sanitizer sees who reads on */
		uint8_t *cut = malloc(length + !length);
		uint64_t from_us = 1, to_us = 1;

		memcpy(cut, buf_peek(&bytes), length);
		assert_int_equal(codec_record_span(cut, length, &from_us, &to_us), -EBADMSG);
		assert_int_equal(from_us, 1);
		assert_int_equal(codec_record_kind(cut, length), 0);
		free(cut);
	}
	buf_done(&bytes);
	free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_says_when_it_was),
		cmocka_unit_test(half_a_record_says_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
