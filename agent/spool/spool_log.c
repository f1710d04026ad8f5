/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_private.h"

#include <errno.h>

#include "agent/spool/spool_format.h"

int spool_log_scan(const struct spool_log *log, const struct spool_scan *scan)
{
	struct seglog_reader *reader;
	struct spool_taken taken;
	int status = seglog_reader_open(log->folder, scan->from, &reader, NULL);

	if (status < 0)
		return status;
	seglog_reader_set_window(reader, SPOOL_WINDOW_BYTES);
	while ((status = seglog_read(reader, &taken.bytes, &taken.length, &taken.after)) > 0 &&
		taken.after.segment <= scan->last) {
		status = scan->take(scan->arg, &taken);
		if (status < 0)
			break;
	}
	if (scan->ret_damaged)
		*scan->ret_damaged += seglog_reader_damaged(reader);
	seglog_reader_close(reader);
	return status < 0 ? status : 0;
}

struct held_span spool_read_span(const struct entry *entry)
{
	struct held_span span = {0, 0};

	codec_record_span(entry->record, entry->record_length, &span.from_us, &span.to_us);
	return span;
}

int spool_append_state(struct spool *spool, struct spool_log *log, uint32_t from_run)
{
	struct seglog_pos at;
	int status = log->log ? 0 : -EROFS;

	if (status < 0)
		return status;
	buf_clear(&spool->state);
	status = spool_state_encode(spool->held, from_run, &spool->state);
	if (status == 0)
		status = seglog_append(
			log->log, buf_peek(&spool->state), buf_length(&spool->state), &at);
	if (status == 0 && log == &spool->far)
		spool->told_run = UINT32_MAX;
	if (status == 0 && log == &spool->far && from_run == 0)
		spool->segment = at.segment;
	buf_done(&spool->state);
	return status;
}
