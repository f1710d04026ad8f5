/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/snapshot.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "collector/ingest/journal.h"
#include "common/file.h"
#include "common/log.h"

struct snapshot {
	char path[PATH_MAX];
	uv_loop_t *loop;
	uv_work_t work;
	struct buf bytes; /* of the snapshot that waits; empty: none */
	struct seglog_pos place;
	uint64_t segment; /* for which one was taken last */
	bool busy;
	int result;
	struct err err;
};

int snapshot_new(uv_loop_t *loop, const char *state, struct snapshot **ret_snapshot)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	int r;

	if (!snapshot)
		return -ENOMEM;
	r = file_join(snapshot->path, sizeof(snapshot->path), state, JOURNAL_FOLDER);
	if (r == 0) {
		file_sweep(snapshot->path, JOURNAL_MARKS_NAME);
		r = file_join(snapshot->path, sizeof(snapshot->path), state, JOURNAL_MARKS);
	}
	if (r < 0) {
		free(snapshot);
		return r;
	}
	snapshot->loop = loop;
	snapshot->work.data = snapshot;
	buf_init(&snapshot->bytes, PROGRESS_SNAPSHOT_MAX);
	*ret_snapshot = snapshot;
	return 0;
}

void snapshot_note(
	struct snapshot *snapshot, const struct progress *progress, struct seglog_pos end)
{
	int r;

	if (end.segment == snapshot->segment || buf_length(&snapshot->bytes) > 0)
		return;
	r = progress_encode(progress, end, &snapshot->bytes);
	if (r < 0) {
		buf_done(&snapshot->bytes);
		return; /* no memory for it now: the last one stays good */
	}
	snapshot->place = end;
	snapshot->segment = end.segment;
}

static void on_work(uv_work_t *work)
{
	struct snapshot *snapshot = work->data;

	snapshot->result = file_replace(snapshot->path, buf_peek(&snapshot->bytes),
		buf_length(&snapshot->bytes), 0640, &snapshot->err);
}

static void after_work(uv_work_t *work, int status)
{
	struct snapshot *snapshot = work->data;

	snapshot->busy = false;
	buf_done(&snapshot->bytes);
	if (snapshot->result < 0)
		log_warn("%s; the next start will read more of the journal", snapshot->err.text);
}

void snapshot_tick(struct snapshot *snapshot, struct seglog_pos cursor)
{
	if (snapshot->busy || buf_length(&snapshot->bytes) == 0 ||
		seglog_pos_compare(cursor, snapshot->place) < 0)
		return;
	snapshot->busy = uv_queue_work(snapshot->loop, &snapshot->work, on_work, after_work) == 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	buf_done(&snapshot->bytes);
	free(snapshot);
}
