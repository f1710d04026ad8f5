/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/follow.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define PERIOD_TICKS \
	3 /* a person who asks sees it within seconds; a storm is written now and then */
#define FILE_MODE 0640

struct follow {
	char path[PATH_MAX];
	uv_loop_t *loop;
	uv_work_t work;
	struct followers *followers;
	struct buf bytes; /* being written */
	unsigned ticks; /* since the last write began */
	bool dirty, busy;
	int result;
	struct err err;
};

int follow_new(uv_loop_t *loop, const char *state, struct follow **ret_follow, struct err *err)
{
	struct follow *follow = calloc(1, sizeof(*follow));
	struct err why;
	int r;

	if (!follow)
		return err_set(err, -ENOMEM, "out of memory");
	follow->loop = loop;
	follow->work.data = follow;
	buf_init(&follow->bytes, FOLLOWERS_BYTES_MAX);
	r = file_join(follow->path, sizeof(follow->path), state, FOLLOWERS_FOLDER);
	if (r == 0) {
		file_sweep(follow->path, FOLLOWERS_FILE);
		r = file_join(follow->path, sizeof(follow->path), state, FOLLOWERS_NAME);
	}
	if (r == 0)
		r = followers_read(state, &follow->followers, &why);
	if (r == -EBADMSG) {
		log_warn("%s; it is begun anew", why.text);
		file_replace(follow->path, "{\"agents\":[]}", 13, FILE_MODE, NULL);
		r = followers_read(state, &follow->followers, &why);
	}
	if (r < 0) {
		free(follow);
		return err_errno(err, r, "%.64s/" FOLLOWERS_NAME, state);
	}
	*ret_follow = follow;
	return 0;
}

void follow_take(struct follow *follow, uint32_t agent, const struct following *said)
{
	const struct follower follower = {agent, *said, clock_utc_us() / 1000000};
	int news = followers_take(follow->followers, &follower);

	if (news <= 0)
		return;
	follow->dirty = true;
	if (said->refused)
		log_warn("agent-%u would not take configuration %u: %s", agent, said->refused,
			said->trouble);
	else
		log_info("agent-%u follows configuration %u", agent, said->version);
}

static void on_work(uv_work_t *work)
{
	struct follow *follow = work->data;

	follow->result = file_replace(follow->path, buf_peek(&follow->bytes),
		buf_length(&follow->bytes), FILE_MODE, &follow->err);
}

static void after_work(uv_work_t *work, int status)
{
	struct follow *follow = work->data;

	follow->busy = false;
	buf_done(&follow->bytes);
	if (follow->result < 0) {
		log_warn("%s", follow->err.text);
		follow->dirty = true;
	}
}

void follow_tick(struct follow *follow)
{
	follow->ticks++;
	if (!follow->dirty || follow->busy || follow->ticks < PERIOD_TICKS)
		return;
	follow->ticks = 0;
	if (followers_encode(follow->followers, &follow->bytes) < 0) {
		buf_done(&follow->bytes);
		return; /* no memory for it now */
	}
	follow->busy = uv_queue_work(follow->loop, &follow->work, on_work, after_work) == 0;
	follow->dirty = !follow->busy;
}

size_t follow_refusing(const struct follow *follow)
{
	return followers_refusing(follow->followers);
}

void follow_free(struct follow *follow)
{
	if (!follow)
		return;
	if (follow->dirty && followers_encode(follow->followers, &follow->bytes) == 0)
		on_work(&follow->work);
	buf_done(&follow->bytes);
	followers_free(follow->followers);
	free(follow);
}
