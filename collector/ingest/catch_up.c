/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/catch_up.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/log.h"

struct catch_up {
	struct replay *replay;
	struct progress *progress;
	struct catch_up_events events;
	uv_timer_t retry;
	uv_work_t work;
	int result;
	uint64_t records, began_ms;
	bool done, failing, closing;
};

static void read_on(struct catch_up *catch_up);

static void on_work(uv_work_t *work)
{
	struct catch_up *catch_up = work->data;

	catch_up->result = replay_read(catch_up->replay);
}

static void on_retry(uv_timer_t *timer)
{
	read_on(timer->data);
}

static void finish(struct catch_up *catch_up)
{
	uint64_t damaged = replay_damaged(catch_up->replay);

	catch_up->done = true;
	if (damaged > 0)
		log_error("journal: %" PRIu64 " damaged stretches; what was lost in them is asked "
			  "for again",
			damaged);
	log_info("journal: %" PRIu64 " records read back in %" PRIu64 " ms", catch_up->records,
		uv_now(catch_up->retry.loop) - catch_up->began_ms);
	replay_free(catch_up->replay);
	catch_up->replay = NULL;
	catch_up->events.done(catch_up->events.arg);
}

/* What was not read is claimed by nobody, so service goes on. */
static void fail(struct catch_up *catch_up, int result)
{
	if (!catch_up->failing)
		log_error("the journal cannot be read: %s; agents are asked again for what is in "
			  "it",
			uv_strerror(result));
	catch_up->failing = true;
	uv_timer_start(&catch_up->retry, on_retry, CATCH_UP_RETRY_MS, 0);
}

static void after_work(uv_work_t *work, int status)
{
	struct catch_up *catch_up = work->data;
	int r = catch_up->result;

	catch_up->records = replay_records(catch_up->replay);
	if (catch_up->closing)
		return;
	if (r > 0 && replay_merge(catch_up->replay, catch_up->progress) < 0)
		r = -ENOMEM;
	if (r < 0)
		fail(catch_up, r);
	else if (r > 0)
		read_on(catch_up);
	else
		finish(catch_up);
}

static void read_on(struct catch_up *catch_up)
{
	int r = uv_queue_work(catch_up->retry.loop, &catch_up->work, on_work, after_work);

	if (r < 0)
		fail(catch_up, r);
}

int catch_up_new(uv_loop_t *loop, struct replay *replay, struct progress *progress,
	const struct catch_up_events *events, struct catch_up **ret_catch_up)
{
	struct catch_up *catch_up = calloc(1, sizeof(*catch_up));

	if (!catch_up) {
		replay_free(replay);
		return -ENOMEM;
	}
	catch_up->replay = replay;
	catch_up->progress = progress;
	catch_up->events = *events;
	uv_timer_init(loop, &catch_up->retry);
	catch_up->retry.data = catch_up->work.data = catch_up;
	*ret_catch_up = catch_up;
	return 0;
}

void catch_up_start(struct catch_up *catch_up)
{
	catch_up->began_ms = uv_now(catch_up->retry.loop);
	read_on(catch_up);
}

bool catch_up_is_done(const struct catch_up *catch_up)
{
	return catch_up->done;
}

uint64_t catch_up_records(const struct catch_up *catch_up)
{
	return catch_up->records;
}

void catch_up_close(struct catch_up *catch_up)
{
	if (!catch_up || catch_up->closing)
		return;
	catch_up->closing = true;
	uv_close((uv_handle_t *)&catch_up->retry, NULL);
}

void catch_up_free(struct catch_up *catch_up)
{
	if (!catch_up)
		return;
	replay_free(catch_up->replay);
	free(catch_up);
}
