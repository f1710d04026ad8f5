/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/ingest/journal.h"
#include "common/file.h"
#include "common/log.h"

#define KEPT_MODE 0640

/* What the worker hands back. */
struct look {
	bool again; /* handed in: read the roster though it looks unchanged */
	struct roster *roster; /* NULL: unchanged, or not readable */
	struct seglog_pos cursor;
	struct stat seen;
	struct err roster_err, cursor_err;
	int roster_result, cursor_result;
};

struct watch {
	char state[PATH_MAX], path[PATH_MAX], kept[PATH_MAX];
	struct watch_events events;
	struct roster *roster;
	struct seglog_pos cursor;
	struct stat seen; /* of the roster's file, when it was last read or found wanting */
	bool again, busy, once_more, closing;
	uint64_t begun, done; /* looks */
	bool roster_bad, cursor_bad; /* said so already */
	uv_timer_t timer;
	uv_work_t work;
	struct look look;
};

/* ---- on the worker */

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int read_roster(const char *path, struct roster **ret_roster, struct err *err)
{
	uint8_t *bytes;
	size_t length;
	int r;

	r = file_read(path, ROSTER_BYTES_MAX, &bytes, &length, err);
	if (r < 0)
		return r;
	r = roster_parse(bytes, length, ret_roster, err);
	if (r < 0)
		err_prefix(err, "%s", path);
	free(bytes);
	return r;
}

/* What was read last without fault, for a start that finds the roster damaged. */
static void keep_roster(const struct watch *watch)
{
	uint8_t *bytes;
	size_t length;

	if (file_read(watch->path, ROSTER_BYTES_MAX, &bytes, &length, NULL) < 0)
		return;
	file_replace(watch->kept, bytes, length, KEPT_MODE, NULL); /* or the one before stays */
	free(bytes);
}

static int look_at_roster(struct watch *watch, struct look *look)
{
	int r;

	if (stat(watch->path, &look->seen) < 0) {
		memset(&look->seen, 0, sizeof(look->seen));
		if (errno != ENOENT)
			return err_errno(&look->roster_err, -errno, "%s", watch->path);
		/* The first time: nobody was issued a certificate yet. Later it is a fault. */
		return watch->roster
			? err_set(&look->roster_err, -ENOENT, "%s is gone", watch->path)
			: roster_new_empty(&look->roster);
	}
	if (watch->roster && !look->again && same_file(&look->seen, &watch->seen))
		return 0;
	r = read_roster(watch->path, &look->roster, &look->roster_err);
	if (r == 0)
		keep_roster(watch);
	return r;
}

static void look_around(struct watch *watch)
{
	struct look *look = &watch->look;

	look->roster = NULL;
	look->roster_result = look_at_roster(watch, look);
	look->cursor_result = journal_read_cursor(watch->state, &look->cursor, &look->cursor_err);
}

static void on_work(uv_work_t *work)
{
	look_around(work->data);
}

/* ---- on the loop */

/* One line when a fault begins; nothing while it lasts. */
static void say(bool *bad, int result, const struct err *err, const char *consequence)
{
	if (result < 0 && !*bad)
		log_error("%s; %s", err->text, consequence);
	*bad = result < 0;
}

static void take_look(struct watch *watch)
{
	struct look *look = &watch->look;

	if (look->cursor_result == 0)
		watch->cursor = look->cursor;
	if (look->roster) {
		struct roster *old = watch->roster;

		watch->roster = look->roster;
		look->roster = NULL;
		if (old && watch->events.roster)
			watch->events.roster(watch->events.arg, watch->roster);
		roster_free(old);
	}
	watch->seen = look->seen;
}

static void begin_look(struct watch *watch);

static void after_work(uv_work_t *work, int status)
{
	struct watch *watch = work->data;
	struct look *look = &watch->look;

	watch->busy = false;
	watch->done = watch->begun;
	say(&watch->roster_bad, look->roster_result, &look->roster_err,
		"the agents known before stay");
	say(&watch->cursor_bad, look->cursor_result, &look->cursor_err,
		"nothing is trimmed until it can be read");
	if (watch->closing) {
		roster_free(look->roster);
		look->roster = NULL;
		return;
	}
	take_look(watch);
	watch->events.looked(watch->events.arg, watch->cursor);
	if (watch->once_more)
		begin_look(watch);
}

static void begin_look(struct watch *watch)
{
	if (watch->busy || watch->closing)
		return;
	watch->once_more = false;
	watch->look.again = watch->again;
	watch->again = false;
	watch->begun++;
	watch->busy = uv_queue_work(watch->timer.loop, &watch->work, on_work, after_work) == 0;
}

static void on_timer(uv_timer_t *timer)
{
	begin_look(timer->data);
}

/* A start with a damaged roster: agents that were known stay known until it is written anew. */
static int fall_back(struct watch *watch)
{
	struct look *look = &watch->look;
	struct err err = {0};
	int r = read_roster(watch->kept, &look->roster, &err);

	if (r == 0) {
		log_error("%s; the agents known before stay", look->roster_err.text);
	} else {
		r = roster_new_empty(&look->roster);
		log_error("%s, and so is what was kept of it: no agent is known until the registry "
			  "writes it anew",
			look->roster_err.text);
	}
	watch->roster_bad = true;
	return r;
}

int watch_new(uv_loop_t *loop, const char *state, const struct watch_events *events,
	struct watch **ret_watch, struct err *err)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return err_set(err, -ENOMEM, "out of memory");
	watch->events = *events;
	r = file_join(watch->path, sizeof(watch->path), state, ROSTER_NAME);
	if (r == 0)
		r = file_join(watch->kept, sizeof(watch->kept), state, ROSTER_KEPT);
	if (r < 0) {
		free(watch);
		return err_errno(err, r, "%.64s...", state);
	}
	memcpy(watch->state, state, strlen(state) + 1);
	look_around(watch);
	r = watch->look.roster_result;
	if (r == -EBADMSG)
		r = fall_back(watch);
	if (r < 0) {
		err_set(err, r, "%s", watch->look.roster_err.text);
		free(watch);
		return r;
	}
	take_look(watch);
	uv_timer_init(loop, &watch->timer);
	watch->timer.data = watch;
	watch->work.data = watch;
	*ret_watch = watch;
	return 0;
}

int watch_start(struct watch *watch)
{
	return uv_timer_start(&watch->timer, on_timer, WATCH_PERIOD_MS, WATCH_PERIOD_MS);
}

void watch_again(struct watch *watch)
{
	watch->again = true;
}

uint64_t watch_request(struct watch *watch)
{
	if (!watch->busy) {
		begin_look(watch);
		return watch->begun;
	}
	watch->once_more = true; /* the one under way may have read the file already */
	return watch->begun + 1;
}

uint64_t watch_looks(const struct watch *watch)
{
	return watch->done;
}

const struct roster *watch_roster(const struct watch *watch)
{
	return watch->roster;
}

struct seglog_pos watch_cursor(const struct watch *watch)
{
	return watch->cursor;
}

void watch_close(struct watch *watch)
{
	if (!watch || watch->closing)
		return;
	watch->closing = true;
	uv_close((uv_handle_t *)&watch->timer, NULL);
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	roster_free(watch->roster);
	free(watch);
}
