/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/started.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/ingest/disk.h"

struct progress *started_read(struct journal *journal, struct started *ret)
{
	struct progress *progress;
	struct replay *replay;
	struct err err;
	int r;

	assert_int_equal(journal_load(journal, &progress, &ret->start, &err), 0);
	assert_int_equal(journal_replay(journal, &ret->start, &replay, &err), 0);
	while ((r = replay_read(replay)) == 1)
		assert_int_equal(replay_merge(replay, progress), 0);
	assert_int_equal(r, 0);
	ret->records = replay_records(replay);
	ret->damaged = replay_damaged(replay);
	replay_free(replay);
	return progress;
}

void started_write(struct journal *journal, uint32_t first, uint32_t last, int64_t received_us)
{
	struct batch batch;
	struct err err;

	batch_init(&batch);
	for (uint32_t sequence = first; sequence <= last; sequence++)
		disk_fill(&batch, 7, sequence, received_us);
	assert_int_equal(journal_write(journal, &batch, &err), 0);
	batch_done(&batch);
}
