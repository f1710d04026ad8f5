/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/reflector/program.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "collector/reflector/door.h"
#include "collector/reflector/master.h"
#include "collector/status_socket.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"
#include "common/notify.h"

#define DOORS_MAX 8
#define STATUS_BYTES 4096 /* a dozen numbers and a few addresses */
#define SEPARATORS " ,\t"

struct program {
	const char *state;
	uv_loop_t loop;
	struct reflector *reflector;
	size_t door_count;
	struct door *doors[DOORS_MAX];
	struct status_socket *status;
	int64_t since_s;
	uv_timer_t watchdog;
	uv_signal_t on_term, on_int;
};

/* ---- status */

static int write_status(void *arg, struct buf *out)
{
	static const char *const names[REFLECT_VERDICTS] = {
		[REFLECT_ANSWERED] = "answered",
		[REFLECT_MALFORMED] = "malformed",
		[REFLECT_FORGED] = "forged",
		[REFLECT_LIMITED] = "limited",
		[REFLECT_DOUBLED] = "doubled",
		[REFLECT_FAILED] = "failed",
	};
	const struct program *program = arg;
	const uint64_t *counts = reflector_counts(program->reflector);
	char since[CIVIL_TIME_BYTES];
	struct json json;
	int r;

	civil_format(program->since_s, since);
	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "program", "reflector");
	json_text(&json, "version", PANTAU_VERSION);
	json_text(&json, "since", since);
	json_number(&json, "pid", getpid());
	json_array(&json, "listening");
	for (size_t i = 0; i < program->door_count; i++)
		json_text(&json, NULL, door_text(program->doors[i]));
	json_array_end(&json);
	json_number(&json, "sessions", (int64_t)reflector_sessions(program->reflector));
	for (size_t i = 0; i < REFLECT_VERDICTS; i++)
		json_number(&json, names[i], (int64_t)counts[i]);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

/* ---- stopping: the mirror of starting */

static void on_stop(uv_signal_t *handle, int signal)
{
	struct program *program = handle->data;

	if (uv_is_closing((uv_handle_t *)handle))
		return;
	log_info("stopping: %s", signal == SIGTERM ? "asked to terminate" : "interrupted");
	notify_send("STOPPING=1");
	uv_stop(&program->loop);
}

static void close_all(struct program *program)
{
	status_socket_close(program->status);
	while (program->door_count)
		door_close(program->doors[--program->door_count]);
	uv_close((uv_handle_t *)&program->watchdog, NULL);
	uv_close((uv_handle_t *)&program->on_int, NULL);
	uv_close((uv_handle_t *)&program->on_term, NULL);
	uv_run(&program->loop, UV_RUN_DEFAULT); /* the close callbacks */
	uv_loop_close(&program->loop);
	reflector_free(program->reflector);
}

/* ---- starting */

static void on_watchdog(uv_timer_t *timer)
{
	notify_send("WATCHDOG=1");
}

static void open_signals(struct program *program)
{
	uint64_t watchdog_ms = notify_watchdog_ms();

	uv_timer_init(&program->loop, &program->watchdog);
	uv_signal_init(&program->loop, &program->on_term);
	uv_signal_init(&program->loop, &program->on_int);
	program->on_term.data = program->on_int.data = program;
	uv_signal_start(&program->on_term, on_stop, SIGTERM);
	uv_signal_start(&program->on_int, on_stop, SIGINT);
	if (watchdog_ms > 0)
		uv_timer_start(&program->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
}

static int open_reflector(struct program *program, struct err *err)
{
	uint8_t master[STAMP_MASTER_BYTES];
	uint64_t seed;
	int r = master_read(program->state, master, err);

	if (r == 0 && getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		r = err_errno(err, -EIO, "random numbers");
	if (r == 0)
		r = reflector_new(master, seed, &program->reflector, err);
	explicit_bzero(master, sizeof(master));
	return r;
}

static int open_door(struct program *program, const char *text, struct err *err)
{
	int r = program->door_count == DOORS_MAX
		? err_set(err, -E2BIG, "[reflector] listen: more than %d addresses", DOORS_MAX)
		: door_open(&program->loop, text, program->reflector,
			  &program->doors[program->door_count], err);

	if (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL) {
		log_warn("not listening: %s", err->text);
		return 0;
	}
	if (r == 0)
		log_info("listening on %s", door_text(program->doors[program->door_count++]));
	return r;
}

static int open_doors(struct program *program, const char *addresses, struct err *err)
{
	char list[512], *rest = list, *text;
	int r = 0;

	if (snprintf(list, sizeof(list), "%s", addresses) >= (int)sizeof(list))
		return err_set(err, -E2BIG, "[reflector] listen: too long");
	while (r == 0 && (text = strsep(&rest, SEPARATORS)))
		if (*text)
			r = open_door(program, text, err);
	if (r == 0 && !program->door_count)
		r = err_set(err, -EINVAL, "[reflector] listen: no address to listen on");
	return r;
}

static int start(struct program *program, const struct settings *settings, struct err *err)
{
	const struct status_socket_options status = {
		.state = program->state,
		.name = REFLECTOR_SOCKET,
		.answer_max = STATUS_BYTES,
		.write = write_status,
		.arg = program,
	};
	int r = open_reflector(program, err);

	if (r == 0)
		r = open_doors(program, settings->reflector_listen, err);
	if (r == 0)
		r = status_socket_new(&program->loop, &status, &program->status, err);
	return r;
}

int reflector_run(const char *state, const struct settings *settings, struct err *err)
{
	struct program program = {.state = state, .since_s = clock_utc_us() / 1000000};
	int r = uv_loop_init(&program.loop);

	if (r < 0)
		return err_set(err, r, "event loop: %s", uv_strerror(r));
	open_signals(&program);
	r = start(&program, settings, err);
	if (r == 0) {
		notify_send("READY=1");
		notify_status("answers STAMP on %s", settings->reflector_listen);
		uv_run(&program.loop, UV_RUN_DEFAULT);
	}
	close_all(&program);
	return r;
}
