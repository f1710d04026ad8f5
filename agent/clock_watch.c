/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/clock_watch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/clock.h"

struct clock_watch {
	void (*stepped)(void *arg, int64_t step_us);
	void *arg;
	int64_t apart_us; /* UTC minus monotonic */
	int fd;
	uv_poll_t poll;
};

static int64_t clocks_apart(void)
{
	return clock_utc_us() - (int64_t)clock_boot_us();
}

void clock_watch_settle(struct clock_watch *watch)
{
	watch->apart_us = clocks_apart();
}

/* A timer that is never due, but is cancelled when the clock is set. */
static int arm(int fd)
{
	const struct itimerspec never = {.it_value = {.tv_sec = INT_MAX}};

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0
		? -errno
		: 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct clock_watch *watch = poll->data;
	uint64_t expired;
	int64_t step_us;

	if (read(watch->fd, &expired, sizeof(expired)) >= 0 || errno != ECANCELED)
		return;
	arm(watch->fd);
	step_us = clocks_apart() - watch->apart_us;
	clock_watch_settle(watch);
	if (llabs(step_us) >= CLOCK_STEP_MIN_US)
		watch->stepped(watch->arg, step_us);
}

int clock_watch_open(uv_loop_t *loop, void (*stepped)(void *arg, int64_t step_us), void *arg,
	struct clock_watch **ret_watch, struct err *err)
{
	struct clock_watch *watch = calloc(1, sizeof(*watch));
	int status;

	if (!watch)
		return err_errno(err, -ENOMEM, "clock");
	watch->stepped = stepped;
	watch->arg = arg;
	watch->fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	status = watch->fd < 0 ? -errno : arm(watch->fd);
	if (status < 0)
		goto close_fd;
	status = uv_poll_init(loop, &watch->poll, watch->fd);
	if (status < 0)
		goto close_fd;
	clock_watch_settle(watch);
	watch->poll.data = watch;
	uv_poll_start(&watch->poll, UV_READABLE, on_poll);
	*ret_watch = watch;
	return 0;
close_fd:
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
	return err_errno(err, status, "the wall clock cannot be watched");
}

static void on_closed(uv_handle_t *handle)
{
	struct clock_watch *watch = handle->data;

	close(watch->fd);
	free(watch);
}

void clock_watch_close(struct clock_watch *watch)
{
	if (watch)
		uv_close((uv_handle_t *)&watch->poll, on_closed);
}
