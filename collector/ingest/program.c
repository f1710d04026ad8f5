/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/program.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "collector/ingest/acks.h"
#include "collector/ingest/catch_up.h"
#include "collector/ingest/enquiry.h"
#include "collector/ingest/leases.h"
#include "collector/ingest/means.h"
#include "collector/ingest/snapshot.h"
#include "collector/ingest/status.h"
#include "collector/reflector/master.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"
#include "common/notify.h"

#define LATENCY_WINDOW_TICKS 60 /* of a second */
#define STATUS_TICKS 10
#define SECOND_MS 1000
#define LEAVING_TICK_MS 50

struct ingest {
	const struct settings *settings;
	const char *state;
	uv_loop_t loop;
	bool loop_made;
	struct tls_context *tls;
	struct journal *journal;
	struct progress *progress;
	struct journal_start begun;
	struct catch_up *catch_up;
	struct watch *watch;
	struct hub *hub;
	struct commit *commit;
	struct snapshot *snapshot;
	struct leases *leases;
	struct follow *follow;
	struct backlog *backlog;
	struct listener *listener;
	struct status *status;
	struct enquiry *enquiry;
	struct counters counters;
	struct session_shared sessions;
	size_t connections_max;
	uv_timer_t second, watchdog;
	uv_signal_t on_term, on_int, on_hup;
	unsigned ticks;
	bool leaving; /* the batches are safe; the sessions are saying goodbye */
};

/* ---- what happens */

static int on_arrived(void *arg, uv_stream_t *server)
{
	struct ingest *ingest = arg;

	/* one that hears no at once comes again later, at a moment of its own */
	if (stream_is_crowded(&ingest->sessions.stream)) {
		ingest->counters.turned_away++;
		listener_turn_away(&ingest->loop, server);
		return 0;
	}
	if (hub_count(ingest->hub) < ingest->connections_max)
		return session_accept(&ingest->sessions, server);
	ingest->counters.over_limit++;
	listener_turn_away(&ingest->loop, server);
	return 0;
}

static void on_roster(void *arg, const struct roster *roster)
{
	struct ingest *ingest = arg;

	log_info("roster: %zu agents, change %" PRIu64, roster_count(roster),
		roster_sequence(roster));
	hub_each(ingest->hub, session_check_roster, &ingest->sessions);
}

static void on_looked(void *arg, struct seglog_pos cursor)
{
	struct ingest *ingest = arg;

	session_decide_waiting(&ingest->sessions);
	commit_tick(ingest->commit, cursor);
	snapshot_tick(ingest->snapshot, cursor);
}

static void on_durable(void *arg, const struct batch *batch)
{
	struct ingest *ingest = arg;

	acks_deliver(&ingest->sessions, batch);
	if (catch_up_is_done(ingest->catch_up)) /* else a snapshot would lack what is unread */
		snapshot_note(ingest->snapshot, ingest->progress, commit_stats(ingest->commit).end);
}

static void on_caught_up(void *arg)
{
	struct ingest *ingest = arg;
	hub_each(ingest->hub, session_tell_progress, &ingest->sessions);
}

static void on_moved(void *arg)
{
	struct ingest *ingest = arg;

	if (!ingest->sessions.stopping)
		session_resume_paused(&ingest->sessions);
}

static void on_drained(void *arg, size_t lost)
{
	struct ingest *ingest = arg;

	if (lost > 0)
		log_warn("%zu records were not written; their agents keep them", lost);
	hub_each(ingest->hub, session_end_all, &ingest->sessions);
	ingest->leaving = true;
	uv_timer_set_repeat(&ingest->second, LEAVING_TICK_MS);
	uv_timer_again(&ingest->second);
}

/* What the service manager shows. */
static void tell_status(const struct ingest *ingest)
{
	const char *trouble = commit_trouble(ingest->commit);

	if (trouble)
		notify_status("nothing is acknowledged: %s", trouble);
	else
		notify_status("%zu of %zu agents; the ledger is %" PRIu64 " records behind",
			hub_speaking(ingest->hub), roster_count(watch_roster(ingest->watch)),
			commit_stats(ingest->commit).behind);
}

static void on_second(uv_timer_t *timer)
{
	struct ingest *ingest = timer->data;

	hub_each(ingest->hub, session_check_deadline, &ingest->sessions);
	if (ingest->leaving) {
		if (hub_count(ingest->hub) == 0)
			uv_stop(&ingest->loop);
		return;
	}
	means_read_clock(ingest->settings, &ingest->sessions.clock);
	listener_tick(ingest->listener);
	if (ingest->ticks % STATUS_TICKS == 0)
		tell_status(ingest);
	follow_tick(ingest->follow);
	if (++ingest->ticks % LATENCY_WINDOW_TICKS == 0)
		latency_turn(&ingest->counters.ack);
}

static void on_watchdog(uv_timer_t *timer)
{
	notify_send("WATCHDOG=1");
}

/* No new agents, no new records; what was read is made durable and acknowledged, then goodbye. */
static void on_stop(uv_signal_t *handle, int signal)
{
	struct ingest *ingest = handle->data;

	if (ingest->sessions.stopping)
		return;
	log_info("stopping: %s", signal == SIGTERM ? "asked to terminate" : "interrupted");
	notify_send("STOPPING=1");
	ingest->sessions.stopping = true;
	listener_close(ingest->listener);
	commit_drain(ingest->commit);
}

static void on_reload(uv_signal_t *handle, int signal)
{
	watch_again(((const struct ingest *)handle->data)->watch);
}

/* ---- from nothing to running, in this order */

static int open_journal(struct ingest *ingest, struct err *err)
{
	const struct settings *settings = ingest->settings;
	struct journal_options options = {
		.segment_bytes = (size_t)settings->journal_segment_kib * 1024,
		.reserve_bytes = (uint64_t)settings->reserve_mib << 20,
		.reserve_inodes = (uint64_t)settings->reserve_inodes,
		.keep_us = settings->journal_keep_hours * INT64_C(3600000000),
		.max_bytes = (uint64_t)settings->journal_max_mib << 20,
	};
	struct journal_start *begun = &ingest->begun;
	int r = journal_open(ingest->state, &options, &ingest->journal, err);

	if (r == 0)
		r = journal_load(ingest->journal, &ingest->progress, begun, err);
	if (r < 0)
		return r;
	if (begun->snapshot_damaged)
		log_warn("%s/" JOURNAL_MARKS " is damaged: the whole journal is read instead",
			ingest->state);
	if (begun->cursor_damaged)
		log_warn("%s/" JOURNAL_FOLDER "/" JOURNAL_CURSOR
			 " is damaged: nothing is trimmed until the ledger has written it anew",
			ingest->state);
	log_info("journal: what is durable is read from %" PRIu64 " %" PRIu64 " on",
		begun->from.segment, begun->from.record);
	return 0;
}

static int make_catch_up(struct ingest *ingest, struct err *err)
{
	struct catch_up_events events = {ingest, on_caught_up};
	struct replay *replay;
	int r = journal_replay(ingest->journal, &ingest->begun, &replay, err);

	if (r < 0)
		return r;
	r = catch_up_new(&ingest->loop, replay, ingest->progress, &events, &ingest->catch_up);
	return r < 0 ? err_set(err, r, "out of memory") : 0;
}

static int make_loop(struct ingest *ingest, struct err *err)
{
	int r = uv_loop_init(&ingest->loop);

	if (r < 0)
		return err_set(err, r, "event loop: %s", uv_strerror(r));
	ingest->loop_made = true;
	uv_timer_init(&ingest->loop, &ingest->second);
	uv_timer_init(&ingest->loop, &ingest->watchdog);
	uv_signal_init(&ingest->loop, &ingest->on_term);
	uv_signal_init(&ingest->loop, &ingest->on_int);
	uv_signal_init(&ingest->loop, &ingest->on_hup);
	stream_shared_init(&ingest->sessions.stream, &ingest->loop);
	ingest->second.data = ingest->watchdog.data = ingest;
	ingest->on_term.data = ingest->on_int.data = ingest->on_hup.data = ingest;
	return 0;
}

static int make_core(struct ingest *ingest, struct err *err)
{
	struct watch_events watch = {ingest, on_roster, on_looked};
	struct commit_events commit = {ingest, on_durable, on_moved, on_drained};
	const struct leases_limits leases = {(size_t)ingest->settings->speed_tests_at_once,
		(size_t)ingest->settings->speed_tests_per_provider, uv_hrtime()};
	int r;

	if (hub_new(ingest->connections_max, &ingest->hub) < 0 ||
		commit_new(&ingest->loop, ingest->journal, &commit, &ingest->commit) < 0 ||
		snapshot_new(&ingest->loop, ingest->state, &ingest->snapshot) < 0 ||
		backlog_new(&ingest->backlog) < 0 || leases_new(&leases, &ingest->leases) < 0)
		return err_set(err, -ENOMEM, "out of memory");
	r = make_catch_up(ingest, err);
	if (r == 0)
		r = follow_new(&ingest->loop, ingest->state, &ingest->follow, err);
	if (r == 0)
		r = enrol_new(&ingest->loop, ingest->state,
			master_port(ingest->settings->reflector_listen), &ingest->sessions.enrol,
			err);
	return r < 0 ? r : watch_new(&ingest->loop, ingest->state, &watch, &ingest->watch, err);
}

static int make_doors(struct ingest *ingest, struct err *err)
{
	struct session_shared *sessions = &ingest->sessions;
	struct listener_events events = {ingest, on_arrived};
	struct status_sources sources = {.counters = &ingest->counters,
		.hub = ingest->hub,
		.commit = ingest->commit,
		.watch = ingest->watch,
		.leases = ingest->leases,
		.follow = ingest->follow,
		.catch_up = ingest->catch_up,
		.clock = &sessions->clock,
		.since_s = clock_utc_us() / 1000000,
		.before_s = ingest->begun.alive_s};
	const struct enquiry_sources enquiry = {
		ingest->backlog, ingest->progress, ingest->hub, ingest->catch_up};
	int r;

	sessions->stream.tls = ingest->tls;
	sessions->settings = ingest->settings;
	sessions->watch = ingest->watch;
	sessions->hub = ingest->hub;
	sessions->commit = ingest->commit;
	sessions->progress = ingest->progress;
	sessions->leases = ingest->leases;
	sessions->follow = ingest->follow;
	sessions->backlog = ingest->backlog;
	sessions->counters = &ingest->counters;
	r = listener_new(&ingest->loop, ingest->settings->listen, &events, &ingest->listener, err);
	if (r < 0)
		return r;
	sources.listener = ingest->listener;
	r = status_new(&ingest->loop, ingest->state, &sources, &ingest->status, err);
	return r < 0 ? r
		     : enquiry_new(&ingest->loop, ingest->state, &enquiry, &ingest->enquiry, err);
}

static void start(struct ingest *ingest)
{
	uint64_t watchdog_ms = notify_watchdog_ms();

	means_read_clock(ingest->settings, &ingest->sessions.clock);
	watch_start(ingest->watch);
	catch_up_start(ingest->catch_up);
	uv_timer_start(&ingest->second, on_second, SECOND_MS, SECOND_MS);
	if (watchdog_ms > 0)
		uv_timer_start(&ingest->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
	uv_signal_start(&ingest->on_term, on_stop, SIGTERM);
	uv_signal_start(&ingest->on_int, on_stop, SIGINT);
	uv_signal_start(&ingest->on_hup, on_reload, SIGHUP);
	if (!ingest->sessions.clock.trusted)
		log_warn("this machine's clock is not synchronised: agents get no time from here");
	log_info("%zu agents are known", roster_count(watch_roster(ingest->watch)));
	notify_send("READY=1");
}

static int make(struct ingest *ingest, struct err *err)
{
	int r;

	latency_init(&ingest->counters.ack);
	session_shared_init(&ingest->sessions);
	ingest->connections_max = limits_raise((size_t)ingest->settings->connections_max);
	ingest->sessions.stream.held_max = (size_t)ingest->settings->connections_mib << 20;
	r = ingest_tls(ingest->state, &ingest->tls, err);
	if (r == 0)
		r = open_journal(ingest, err);
	if (r == 0)
		r = make_loop(ingest, err);
	if (r == 0)
		r = make_core(ingest, err);
	if (r == 0)
		r = make_doors(ingest, err);
	return r;
}

/* In mirror order; half-built is fine. */
static void unmake(struct ingest *ingest)
{
	enquiry_close(ingest->enquiry);
	status_close(ingest->status);
	listener_close(ingest->listener);
	if (ingest->hub)
		hub_each(ingest->hub, session_close_all, NULL);
	enrol_close(ingest->sessions.enrol);
	watch_close(ingest->watch);
	catch_up_close(ingest->catch_up);
	commit_close(ingest->commit);
	if (ingest->loop_made) {
		uv_close((uv_handle_t *)&ingest->on_hup, NULL);
		uv_close((uv_handle_t *)&ingest->on_int, NULL);
		uv_close((uv_handle_t *)&ingest->on_term, NULL);
		uv_close((uv_handle_t *)&ingest->watchdog, NULL);
		uv_close((uv_handle_t *)&ingest->second, NULL);
		stream_shared_close(&ingest->sessions.stream);
		uv_run(&ingest->loop, UV_RUN_DEFAULT); /* the close callbacks */
		uv_loop_close(&ingest->loop);
	}
	listener_free(ingest->listener);
	session_shared_done(&ingest->sessions);
	watch_free(ingest->watch);
	follow_free(ingest->follow);
	leases_free(ingest->leases);
	backlog_free(ingest->backlog);
	snapshot_free(ingest->snapshot);
	catch_up_free(ingest->catch_up);
	commit_free(ingest->commit);
	hub_free(ingest->hub);
	progress_free(ingest->progress);
	journal_close(ingest->journal);
	tls_context_free(ingest->tls);
	free(ingest);
}

int ingest_run(const char *state, const struct settings *settings, struct err *err)
{
	struct ingest *ingest = calloc(1, sizeof(*ingest));
	int r;

	if (!ingest)
		return err_set(err, -ENOMEM, "out of memory");
	ingest->settings = settings;
	ingest->state = state;
	r = make(ingest, err);
	if (r == 0) {
		start(ingest);
		uv_run(&ingest->loop, UV_RUN_DEFAULT);
	}
	unmake(ingest);
	return r;
}
