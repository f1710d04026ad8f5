/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/program.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "collector/alert/alarm_file.h"
#include "collector/alert/look.h"
#include "collector/alert/rules.h"
#include "collector/status_socket.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"
#include "common/notify.h"

#define LOOK_MS 2000 /* a slot is a minute; a look at a province takes 5 ms */
#define KEEP_S 300 /* habits are written so often, though nothing happens */
#define STATUS_BYTES (16 * 1024)

struct program {
	const char *state;
	uv_loop_t loop;
	uv_timer_t timer, watchdog;
	uv_signal_t on_term, on_int;
	struct status_socket *status;
	struct office office;
	struct look look;
	struct courier *couriers[ALARM_CHANNELS];
	unsigned channels; /* bits of those that are open */
	int64_t since_s, kept_s;
	char trouble[ERR_TEXT_BYTES]; /* why the last look failed; "" it did not */
	uint64_t gist; /* of what was kept: ids and versions */
};

static int64_t now_s(void)
{
	return clock_utc_us() / 1000000;
}

/* ---- keeping */

/* Under the lock. */
static void keep(void *arg)
{
	struct program *program = arg;
	struct err err;

	if (!program->look.read_file)
		return; /* what is on disk is not in the desk yet */
	if (alarm_file_write(program->state, program->office.desk, &program->look.habits, &err) < 0)
		log_error("%s", err.text);
	program->kept_s = now_s();
}

/* Changes when an alarm comes, goes, or says something new. */
static uint64_t gist_of(struct alarm_desk *desk)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(desk, &count);
	uint64_t gist = count;

	for (size_t i = 0; i < count; i++)
		gist = gist * 31 + alarms[i]->id * 7 + alarms[i]->version + alarms[i]->count;
	return gist;
}

static void keep_if_new(struct program *program)
{
	uint64_t gist;

	pthread_mutex_lock(&program->office.lock);
	alarm_desk_forget(program->office.desk, program->channels, now_s());
	gist = gist_of(program->office.desk);
	if (gist != program->gist || now_s() - program->kept_s >= KEEP_S)
		keep(program);
	program->gist = gist;
	pthread_cond_broadcast(&program->office.news);
	pthread_mutex_unlock(&program->office.lock);
}

static void on_timer(uv_timer_t *timer)
{
	struct program *program = timer->data;
	struct err err = {0};

	if (look_once(&program->look, &err) < 0) {
		if (!program->trouble[0])
			log_warn("alert: cannot look: %s", err.text);
		snprintf(program->trouble, sizeof(program->trouble), "%s", err.text);
		return;
	}
	if (program->trouble[0])
		log_info("alert: looks again");
	program->trouble[0] = '\0';
	keep_if_new(program);
}

/* ---- status */

static void put_counts(struct program *program, struct json *json)
{
	size_t count, by_phase[ALARM_CLOSED + 1] = {0};
	struct alarm *const *alarms = alarm_desk_alarms(program->office.desk, &count);

	for (size_t i = 0; i < count; i++)
		by_phase[alarms[i]->phase]++;
	json_object(json, "alarms");
	for (int phase = 0; phase <= ALARM_CLOSED; phase++)
		json_number(
			json, alarm_phase_name((enum alarm_phase)phase), (int64_t)by_phase[phase]);
	json_object_end(json);
	json_array(json, "channels");
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		if (program->couriers[i])
			courier_status(program->couriers[i], json);
	json_array_end(json);
}

static int write_status(void *arg, struct buf *out)
{
	struct program *program = arg;
	char since[CIVIL_TIME_BYTES];
	struct json json;
	int r;

	civil_format(program->since_s, since);
	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "program", "alert");
	json_text(&json, "version", PANTAU_VERSION);
	json_text(&json, "since", since);
	json_number(&json, "pid", getpid());
	json_text(&json, "trouble", program->trouble[0] ? program->trouble : NULL);
	pthread_mutex_lock(&program->office.lock);
	put_counts(program, &json);
	pthread_mutex_unlock(&program->office.lock);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

/* ---- the loop */

static void on_watchdog(uv_timer_t *timer)
{
	notify_send("WATCHDOG=1");
}

static void on_stop(uv_signal_t *handle, int signal)
{
	struct program *program = handle->data;

	log_info("alert: stopping: %s", signal == SIGTERM ? "asked to terminate" : "interrupted");
	notify_send("STOPPING=1");
	uv_stop(&program->loop);
}

static int open_loop(struct program *program, struct err *err)
{
	uint64_t watchdog_ms = notify_watchdog_ms();
	int r = uv_loop_init(&program->loop);

	if (r < 0)
		return err_set(err, r, "event loop: %s", uv_strerror(r));
	uv_timer_init(&program->loop, &program->timer);
	uv_timer_init(&program->loop, &program->watchdog);
	uv_signal_init(&program->loop, &program->on_term);
	uv_signal_init(&program->loop, &program->on_int);
	program->timer.data = program->on_term.data = program->on_int.data = program;
	uv_signal_start(&program->on_term, on_stop, SIGTERM);
	uv_signal_start(&program->on_int, on_stop, SIGINT);
	if (watchdog_ms)
		uv_timer_start(&program->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
	return 0;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void close_loop(struct program *program)
{
	status_socket_close(program->status);
	uv_walk(&program->loop, close_handle, NULL);
	uv_run(&program->loop, UV_RUN_DEFAULT);
	uv_loop_close(&program->loop);
}

/* ---- life */

static int open_office(struct program *program, const struct settings *settings, struct err *err)
{
	struct alarm_rules rules;
	pthread_condattr_t clock;
	int r = rules_read(settings, &rules, err);

	if (r < 0)
		return r;
	program->office.desk = alarm_desk_new(&rules);
	if (!program->office.desk)
		return err_errno(err, -ENOMEM, "alert");
	program->office.style = (struct notice_style){
		.language = settings->alert_language == SETTINGS_EN ? LANGUAGE_EN : LANGUAGE_ID,
		.url = settings->web_public_url,
	};
	program->office.keep = keep;
	program->office.arg = program;
	pthread_mutex_init(&program->office.lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&program->office.news, &clock);
	pthread_condattr_destroy(&clock);
	return look_init(&program->look, program->state, &program->office, err);
}

static int start_couriers(struct program *program, const struct settings *settings, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ALARM_CHANNELS; i++) {
		if (!channel_kinds[i]->is_wanted(settings))
			continue;
		r = courier_start(&program->office, i, settings, &program->couriers[i], err);
		if (r == 0) {
			program->channels |= 1u << i;
			log_info("alert: messages by %s", channel_kinds[i]->name);
		}
	}
	if (r == 0 && !program->channels)
		r = err_set(err, -EINVAL, "[alert] names nobody to be told: see docs/ALERTS.md");
	return r;
}

static void end_couriers(struct program *program)
{
	pthread_mutex_lock(&program->office.lock);
	__atomic_store_n(&program->office.stopping, true, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&program->office.news);
	pthread_mutex_unlock(&program->office.lock);
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		courier_end(program->couriers[i]);
}

static void close_office(struct program *program)
{
	if (!program->office.desk)
		return;
	end_couriers(program);
	pthread_mutex_lock(&program->office.lock);
	keep(program);
	pthread_mutex_unlock(&program->office.lock);
	look_done(&program->look);
	atlas_free(program->office.atlas);
	alarm_desk_free(program->office.desk);
	pthread_cond_destroy(&program->office.news);
	pthread_mutex_destroy(&program->office.lock);
}

static int start(struct program *program, const struct settings *settings, struct err *err)
{
	const struct status_socket_options status = {
		.state = program->state,
		.name = ALERT_SOCKET,
		.answer_max = STATUS_BYTES,
		.write = write_status,
		.arg = program,
	};
	int r = open_office(program, settings, err);

	if (r == 0)
		r = start_couriers(program, settings, err);
	if (r == 0)
		r = status_socket_new(&program->loop, &status, &program->status, err);
	if (r == 0)
		uv_timer_start(&program->timer, on_timer, 0, LOOK_MS);
	return r;
}

int alert_run(const char *state, const struct settings *settings, struct err *err)
{
	struct program program = {.state = state, .since_s = now_s()};
	int r = open_loop(&program, err);

	if (r < 0)
		return r;
	r = start(&program, settings, err);
	if (r == 0) {
		notify_send("READY=1");
		uv_run(&program.loop, UV_RUN_DEFAULT);
	}
	close_loop(&program);
	close_office(&program);
	return r;
}
