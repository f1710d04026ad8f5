/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/sinks.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "collector/ledger/evidence.h"
#include "common/file.h"
#include "proto/codec.h"
#include "proto/journal_record.h"
#include "tests/bench/enrol.h"

#define SEGMENT_BYTES (64 << 20) /* as ingest's */
#define BUFFER_BYTES (1 << 20)
#define PPM 1000000

/* ---- the journal */

int journal_sink_init(struct journal_sink *sink, const char *state, struct err *err)
{
	struct seglog_options options = {SEGMENT_BYTES, BUFFER_BYTES};
	char folder[PATH_MAX];
	int r = file_join(folder, sizeof(folder), state, "journal");

	memset(sink, 0, sizeof(*sink));
	if (r < 0)
		return err_errno(err, r, "%.64s...", state);
	draw_init(&sink->draw, 1);
	buf_init(&sink->record, RECORD_MAX);
	buf_init(&sink->entry, SEGLOG_RECORD_MAX);
	return seglog_open(folder, &options, &sink->log, err);
}

static int append(struct journal_sink *sink)
{
	int r = seglog_append(sink->log, buf_peek(&sink->entry), buf_length(&sink->entry), NULL);

	sink->counts.records++;
	sink->counts.bytes += buf_length(&sink->entry);
	return r;
}

static bool is_held(const struct journal_sink *sink, uint32_t agent, const struct router_told *told)
{
	return agent == sink->hold && told->from_s >= sink->hold_from_s &&
		told->from_s < sink->hold_to_s;
}

static int encode(struct journal_sink *sink, uint32_t agent, const struct router_told *told,
	const struct record *record)
{
	struct journal_record entry = {
		.agent = agent,
		.nonce = told->nonce,
		.received_utc_us = told->arrives_s * 1000000,
		.key = told->key,
		.wan = "wan",
	};
	int r;

	buf_clear(&sink->record);
	buf_clear(&sink->entry);
	r = codec_record_encode(record, &sink->record);
	entry.record = buf_peek(&sink->record);
	entry.record_length = buf_length(&sink->record);
	return r < 0 ? r : journal_record_encode(&entry, &sink->entry);
}

int journal_sink_take(
	void *arg, uint32_t agent, const struct router_told *told, const struct record *record)
{
	struct journal_sink *sink = arg;
	int r;

	if (is_held(sink, agent, told) != sink->held_only)
		return 0;
	r = encode(sink, agent, told, record);
	if (r == 0)
		r = append(sink);
	sink->counts.slots += record->kind == RECORD_SLOT;
	/* its ACK was lost on the way */
	if (r == 0 && draw_bits(&sink->draw) % PPM < sink->duplicate_ppm) {
		sink->counts.duplicates++;
		r = append(sink);
	}
	return r;
}

int journal_sink_end(struct journal_sink *sink, struct seglog_pos *ret_end, struct err *err)
{
	int r = seglog_sync(sink->log);

	if (r < 0)
		return err_errno(err, r, "the journal");
	*ret_end = seglog_end(sink->log);
	return 0;
}

void journal_sink_done(struct journal_sink *sink)
{
	seglog_close(sink->log);
	buf_done(&sink->record);
	buf_done(&sink->entry);
}

/* ---- points */

int point_sink_take(
	void *arg, uint32_t agent, const struct router_told *told, const struct record *record)
{
	struct point_sink *sink = arg;
	char desa[REGION_CODE_BYTES];
	struct evidence evidence;
	int up;

	if (record->kind != RECORD_SLOT)
		return 0;
	evidence = evidence_of(&record->slot);
	up = evidence.lost * 2 <= evidence.made;
	enrol_desa(agent, desa);
	sink->counts.slots++;
	return fprintf(sink->out,
		       "pantau_state,desa=%s,kabupaten=%.5s,kecamatan=%.8s,link=%" PRIu32
		       ",provider=P%u state=%di %" PRId64 "\n",
		       desa, desa, desa, agent, enrol_provider(agent), up, told->from_s) < 0
		? -EIO
		: 0;
}
