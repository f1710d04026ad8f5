/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/run_once.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#define PATH "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
#define READ_BYTES 512 /* at a time: samples are short */
#define BURY_MS 10
#define BURIALS_MAX 100 /* one that the kernel holds for longer than a second stays a zombie */
#define SIGNAL_BASE 128 /* as a shell counts */

struct run_once {
	void (*done)(void *arg, const struct run_once_result *result);
	void *arg;
	uv_process_t process;
	uv_pipe_t output;
	uv_timer_t deadline;
	int pid; /* of the process group too; 0: it was never started */
	bool exited, ended; /* `ended`: its output is closed */
	unsigned handles; /* not closed yet */
	unsigned burials; /* tries */
	struct run_once_result result;
	char *bytes;
	size_t limit;
};

/* ---- ending */

static void on_closed(uv_handle_t *handle)
{
	struct run_once *run = handle->data;

	if (--run->handles)
		return;
	run->bytes[run->result.length] = '\0';
	run->result.output = run->bytes;
	if (run->done)
		run->done(run->arg, &run->result);
	free(run->bytes);
	free(run);
}

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void close_all(struct run_once *run)
{
	close_handle((uv_handle_t *)&run->output);
	close_handle((uv_handle_t *)&run->deadline);
	close_handle((uv_handle_t *)&run->process);
}

/* Whom it left behind, once it was reaped itself. They are killed, but not at once dead; and only
 * to the first process, of a jail or a container, are they left: elsewhere nobody is waited for. */
static void bury(uv_timer_t *timer)
{
	struct run_once *run = timer->data;
	pid_t found = 1;

	while (found > 0)
		found = waitpid(-run->pid, NULL, WNOHANG);
	if (found == 0 && run->burials++ < BURIALS_MAX)
		uv_timer_start(timer, bury, BURY_MS, 0);
	else
		close_all(run);
}

/* The loop reaps it: with its handle closed at once it would stay a zombie. */
static void kill_group(struct run_once *run, enum run_once_end end)
{
	if (run->exited && run->ended)
		return;
	run->result.end = end;
	uv_timer_stop(&run->deadline);
	kill(-run->pid, SIGKILL);
	close_handle((uv_handle_t *)&run->output);
	run->ended = true;
	if (run->exited)
		bury(&run->deadline);
}

static void finish_if_over(struct run_once *run)
{
	if (!run->exited || !run->ended)
		return;
	kill(-run->pid, SIGKILL); /* whoever it left behind */
	uv_timer_stop(&run->deadline);
	bury(&run->deadline);
}

/* ---- what happens */

static void on_exited(uv_process_t *process, int64_t status, int signal)
{
	struct run_once *run = process->data;

	run->exited = true;
	run->result.exit_status = signal ? SIGNAL_BASE + signal : (int)status;
	finish_if_over(run);
}

static void on_deadline(uv_timer_t *timer)
{
	kill_group(timer->data, RUN_ONCE_DEADLINE);
}

/* One byte more than it may print shows that it printed too much. */
static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_part)
{
	struct run_once *run = handle->data;
	size_t room = run->limit + 1 - run->result.length;

	*ret_part = uv_buf_init(
		run->bytes + run->result.length, (unsigned)(room < READ_BYTES ? room : READ_BYTES));
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *part)
{
	struct run_once *run = stream->data;

	if (length > 0)
		run->result.length += (size_t)length;
	if (run->result.length > run->limit) {
		run->result.length = run->limit;
		kill_group(run, RUN_ONCE_TOO_MUCH);
	} else if (length < 0 && !run->ended) {
		run->ended = true;
		uv_read_stop(stream);
		finish_if_over(run);
	}
}

/* ---- life */

static int spawn(struct run_once *run, const struct run_once_settings *settings)
{
	char path[] = PATH, *environment[] = {path, NULL};
	uv_stdio_container_t streams[] = {{.flags = UV_IGNORE},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
			.data.stream = (uv_stream_t *)&run->output},
		{.flags = UV_IGNORE}};
	const uv_process_options_t options = {
		.exit_cb = on_exited,
		.file = settings->argv[0],
		.args = (char **)(uintptr_t)settings->argv,
		.env = environment,
		.cwd = settings->folder ? settings->folder : "/",
		.flags = UV_PROCESS_DETACHED, /* a session, and with it a group */
		.stdio_count = 3,
		.stdio = streams,
	};

	return uv_spawn(settings->loop, &run->process, &options);
}

int run_once_start(const struct run_once_settings *settings,
	void (*done)(void *arg, const struct run_once_result *result), void *arg,
	struct run_once **ret_run)
{
	struct run_once *run = calloc(1, sizeof(*run));
	int status;

	if (!run)
		return -ENOMEM;
	run->limit = settings->output_bytes_max;
	run->bytes = malloc(run->limit + 2); /* the byte too many, and the 0 */
	if (!run->bytes) {
		free(run);
		return -ENOMEM;
	}
	uv_pipe_init(settings->loop, &run->output, 0);
	uv_timer_init(settings->loop, &run->deadline);
	run->process.data = run->output.data = run->deadline.data = run;
	run->handles = 3;
	status = spawn(run, settings);
	if (status < 0) {
		close_all(run); /* libuv wants the process's handle closed too */
		return status;
	}
	run->pid = run->process.pid;
	run->done = done;
	run->arg = arg;
	uv_timer_start(&run->deadline, on_deadline, settings->deadline_ms, 0);
	uv_read_start((uv_stream_t *)&run->output, on_room, on_read);
	*ret_run = run;
	return 0;
}

void run_once_cancel(struct run_once *run)
{
	if (!run)
		return;
	run->done = NULL;
	kill_group(run, RUN_ONCE_DEADLINE);
}
