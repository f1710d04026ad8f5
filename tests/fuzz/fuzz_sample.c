/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the helper printed: refused, or a record that a collector would take. */
#include <errno.h>
#include <string.h>

#include "agent/errands/sample_text.h"
#include "common/buf.h"
#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

static struct record record, before;

static void check_taken(int status, bool outcome)
{
	struct buf out;
	struct err err;

	FUZZ_CHECK(status == 0 || status == -ENODATA || status == -EBADMSG);
	if (status == -EBADMSG)
		FUZZ_CHECK(memcmp(&record, &before, sizeof(record)) == 0);
	FUZZ_CHECK((status == 0) == outcome);
	if (status != 0)
		return;
	buf_init(&out, RECORD_MAX);
	FUZZ_CHECK(codec_record_encode(&record, &out) == 0);
	FUZZ_CHECK(codec_record_decode(buf_peek(&out), buf_length(&out), &before, &err) == 0);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct sample_detail detail;
	int status;

	memset(&record, 0, sizeof(record));
	record.kind = RECORD_HTTP;
	strcpy(record.http.wan, "wan");
	before = record;
	status = sample_text_http(text, size, &record.http, &detail);
	check_taken(status, record.http.outcome != 0);
	memset(&record, 0, sizeof(record));
	record.kind = RECORD_SPEED;
	strcpy(record.speed.wan, "wan");
	before = record;
	status = sample_text_speed(text, size, &record.speed, &detail);
	check_taken(status, record.speed.outcome != 0);
	return 0;
}
