/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/seglog.h"
#include "proto/codec.h"
#include "proto/journal_record.h"
#include "tests/sim/fail.h"

#define SEGMENT_BYTES (8 << 20)
#define BUFFER_BYTES (1 << 20)
#define RECORD_BYTES (64 * 1024)

static void fill(struct record *record, const struct fact *fact, uint64_t nonce)
{
	record->kind = fact->kind;
	memcpy(record->slot.boot, fact->boot, BOOT_BYTES); /* every kind begins with it */
	switch (fact->kind) {
	case RECORD_ANCHOR:
		record->anchor.mono_us = fact->from_us;
		record->anchor.utc_us = fact->utc_us;
		record->anchor.error_us = fact->error_us;
		record->anchor.source = ANCHOR_NTP;
		break;
	case RECORD_DROPPED:
		record->dropped.last = fact->last;
		record->dropped.records = fact->last - fact->key.sequence + 1;
		record->dropped.from_us = fact->from_us;
		record->dropped.to_us = fact->to_us;
		break;
	case RECORD_START:
		record->start.mono_us = fact->from_us;
		record->start.nonce = nonce;
		record->start.reset = fact->reset;
		snprintf(record->start.software, SOFTWARE_MAX, "pantau-agent months");
		break;
	default: record->stop.mono_us = fact->from_us; break;
	}
}

void journal_encode(const struct fact *fact, uint64_t nonce, uint64_t seed, struct buf *out)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		sim_fail(seed, "no memory");
	fill(record, fact, nonce);
	if (codec_record_encode(record, out) < 0)
		sim_fail(seed, "a record cannot be encoded");
	free(record);
}

static void append(const struct keep *keep, const struct journal_plan *plan, size_t arrival,
	struct seglog *log)
{
	size_t at = keep->arrived[arrival];
	const struct letter *letter = &keep->letters[at];
	struct journal_record record = {
		.agent = plan->agent,
		.key = keep->facts.items[at].key,
		.received_utc_us = plan->utc_at_zero_us + (int64_t)keep->arrived_us[arrival],
		.record = buf_peek(&keep->bytes) + letter->offset,
		.record_length = letter->length,
	};
	struct buf bytes;

	record.nonce = keep_nonce(keep, record.key.run);
	buf_init(&bytes, RECORD_BYTES);
	if (journal_record_encode(&record, &bytes) < 0 ||
		seglog_append(log, buf_peek(&bytes), buf_length(&bytes), NULL) < 0)
		sim_fail(keep->seed, "the journal cannot be written");
	buf_done(&bytes);
}

void journal_write(const struct keep *keep, const struct journal_plan *plan)
{
	const struct seglog_options options = {
		.segment_bytes = SEGMENT_BYTES, .buffer_bytes = BUFFER_BYTES};
	struct seglog_pos end;
	struct seglog *log;
	struct err err;

	if (seglog_open(plan->folder, &options, &log, &err) < 0)
		sim_fail(keep->seed, "%s", err.text);
	for (size_t i = 0; i < keep->arrived_count; i++)
		append(keep, plan, i, log);
	if (seglog_sync(log) < 0)
		sim_fail(keep->seed, "the journal cannot be written");
	end = seglog_end(log);
	printf("end %" PRIu64 " %" PRIu64 "\n", end.segment, end.record);
	seglog_close(log);
}
