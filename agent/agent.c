/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/agent.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/board.h"
#include "agent/clock_watch.h"
#include "agent/core/pace.h"
#include "agent/net/monitor.h"
#include "agent/privileges.h"
#include "agent/recorder.h"
#include "agent/reset.h"
#include "agent/trusted_time.h"
#include "agent/uplink.h"
#include "agent/witness.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define SOFTWARE "pantau-agent " PANTAU_VERSION
#define LEASE_RETRY_S 60
#define MS_PER_S 1000
#define FINISH_MS 2000 /* to deliver the last records before the process ends */

struct agent { /* in the order in which it is made */
	const struct settings *settings;
	uv_loop_t loop;
	struct probers *probers;
	int netlink; /* for asking; -1: not open */
	enum reset reset; /* how the machine came to start */
	struct trusted_time *trusted_time;
	struct tls_context *tls;
	struct recorder *recorder;
	struct monitor *monitor;
	struct clock_watch *clock_watch;
	struct witness *witness;
	struct uplink *uplink;
	uv_timer_t spool_timer; /* when records have to be on flash */
	uv_signal_t terminate, interrupt;
	bool stopping;
	struct board *board;
	bool was_told_time; /* by a collector */
};

/* ---- what flows where */

static void on_facts(void *arg, struct board_facts *ret_facts)
{
	const struct agent *agent = arg;
	uint64_t error_us;

	ret_facts->spool = spool_figures(recorder_spool(agent->recorder));
	if (agent->uplink)
		ret_facts->uplink = uplink_figures(agent->uplink);
	ret_facts->clock_known = agent->was_told_time || clock_utc_synchronised(&error_us);
}

static void on_spool_timer(uv_timer_t *timer);

/* Writes what is due, and comes again when something is. */
static void look_at_spool(struct agent *agent)
{
	uint64_t wait_ms = recorder_turn(agent->recorder);

	if (wait_ms == UINT64_MAX)
		uv_timer_stop(&agent->spool_timer);
	else
		uv_timer_start(&agent->spool_timer, on_spool_timer, wait_ms, 0);
}

static void on_spool_timer(uv_timer_t *timer)
{
	look_at_spool(timer->data);
}

static void on_slot(void *arg, const struct slot *slot, const char *interface)
{
	struct agent *agent = arg;

	recorder_slot(agent->recorder, slot);
	look_at_spool(agent);
	if (agent->uplink)
		uplink_wake(agent->uplink, pace_is_urgent(slot));
	board_slot(agent->board, slot, interface);
}

static void on_turn(void *arg, uint64_t now_us)
{
	struct agent *agent = arg;

	recorder_look_at_clock(agent->recorder);
	clock_watch_settle(agent->clock_watch);
}

static void on_link(void *arg, const struct link *link)
{
	struct agent *agent = arg;

	witness_take_link(agent->witness, link);
}

static void on_changed(void *arg)
{
	struct agent *agent = arg;

	witness_take_change(agent->witness);
}

static void on_stepped(void *arg, int64_t step_us)
{
	struct agent *agent = arg;

	log_warn("the clock was set by %+lld.%03lld s", (long long)step_us / 1000000,
		(long long)(step_us < 0 ? -step_us : step_us) / 1000 % 1000);
	witness_take_step(agent->witness, step_us);
	recorder_look_at_clock(agent->recorder);
}

static void on_time(void *arg, const struct time_answer *answer, uint64_t now_us, bool first)
{
	struct agent *agent = arg;
	struct err err;

	recorder_time(agent->recorder, answer, now_us, first);
	agent->was_told_time |= answer->present;
	if (answer->present &&
		trusted_time_learn(
			agent->trusted_time, now_us, answer->sent_utc_us / 1000000, &err) < 0)
		log_warn("%s", err.text);
}

static const char *on_wan_of(void *arg, const struct sockaddr *own)
{
	struct agent *agent = arg;

	return witness_wan_of(agent->witness, own);
}

static void on_record(void *arg, const struct record *record)
{
	struct agent *agent = arg;

	recorder_add(agent->recorder, record);
	look_at_spool(agent);
	board_record(agent->board, record);
	if (agent->uplink)
		uplink_wake(agent->uplink, board_is_waited_for(record));
}

static void on_uplink_changed(void *arg)
{
	struct agent *agent = arg;

	board_write(agent->board);
}

/* Nobody lends anything yet: a test that needs a lease is not begun. */
static uint32_t on_lease_ask(void *arg, const char *wan,
	void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand)
{
	answer(errand, false, LEASE_RETRY_S);
	return 0;
}

static void on_lease_return(void *arg, uint32_t number)
{
}

/* ---- stopping: the mirror of starting */

static void close_all(struct agent *agent)
{
	if (uv_is_closing((uv_handle_t *)&agent->terminate))
		return;
	uv_close((uv_handle_t *)&agent->spool_timer, NULL);
	uv_close((uv_handle_t *)&agent->interrupt, NULL);
	uv_close((uv_handle_t *)&agent->terminate, NULL);
	/* Without its handle a signal would kill: the end is near and in order. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	uplink_close(agent->uplink);
	witness_close(agent->witness);
	agent->witness = NULL;
	clock_watch_close(agent->clock_watch);
	monitor_close(agent->monitor);
	probers_close(agent->probers);
}

static void on_finished(void *arg)
{
	close_all(arg);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct agent *agent = handle->data;

	if (agent->stopping) {
		close_all(agent); /* asked twice: at once */
		return;
	}
	agent->stopping = true;
	log_info("stopping");
	witness_stop(agent->witness);
	recorder_stop(agent->recorder);
	uplink_finish(agent->uplink, FINISH_MS);
}

/* ---- starting */

static int64_t now_s(void *arg)
{
	const struct agent *agent = arg;

	return trusted_time_at(agent->trusted_time, clock_boot_us(), clock_utc_us() / 1000000);
}

static int open_tls(struct agent *agent, struct err *err)
{
	const struct settings *settings = agent->settings;
	const struct tls_settings tls = {
		.role = TLS_CLIENT,
		.ca_file = settings->ca,
		.certificate_file = settings->certificate,
		.key_file = settings->key,
		.server_name = settings->server_name,
		.now_s = now_s,
		.now_arg = agent,
	};

	return tls_context_new(&tls, &agent->tls, err);
}

/* Everything that may need privileges, and then none are left. */
static int open_privileged(struct agent *agent, struct err *err)
{
	const struct settings *settings = agent->settings;
	const char *const folders[] = {
		settings->state_folder, settings->spool_folder, settings->runtime_folder};
	uint8_t boot[BOOT_BYTES];
	int status = probers_open(&agent->loop, &agent->probers, err);

	if (status == 0)
		status = file_make_folder(settings->state_folder, 0750, err);
	if (status == 0 && clock_boot_id(boot) == 0)
		agent->reset = reset_find("", settings->state_folder, boot);
	if (status == 0)
		status = trusted_time_open(settings->state_folder, &agent->trusted_time, err);
	if (status == 0)
		status = open_tls(agent, err);
	if (status == 0)
		status = privileges_drop(settings->user, folders, 3, err);
	return status;
}

static int open_facts(struct agent *agent, struct err *err)
{
	const struct monitor_events events = {.arg = agent, .link = on_link, .changed = on_changed};
	int status;

	agent->netlink = netlink_open(0);
	if (agent->netlink < 0)
		return err_errno(err, agent->netlink, "rtnetlink");
	status = monitor_open(&agent->loop, &events, &agent->monitor, err);
	if (status < 0)
		return status;
	return clock_watch_open(&agent->loop, on_stepped, agent, &agent->clock_watch, err);
}

static int open_witness(struct agent *agent, struct err *err)
{
	const struct witness_settings settings = {
		.loop = &agent->loop,
		.settings = agent->settings,
		.probers = agent->probers,
		.boot = recorder_boot(agent->recorder),
		.netlink = agent->netlink,
	};
	const struct witness_events events = {
		.arg = agent,
		.slot = on_slot,
		.turn = on_turn,
		.record = on_record,
		.lease_ask = on_lease_ask,
		.lease_return = on_lease_return,
	};

	return witness_open(&settings, &events, &agent->witness, err);
}

static int open_uplink(struct agent *agent, struct err *err)
{
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	struct sender_source source = spool_source(recorder_spool(agent->recorder));
	const struct uplink_events events = {
		.arg = agent,
		.wan_of = on_wan_of,
		.time = on_time,
		.changed = on_uplink_changed,
		.finished = on_finished,
	};
	struct uplink_settings uplink = {
		.loop = &agent->loop,
		.tls = agent->tls,
		.collectors = collectors,
		.software = SOFTWARE,
		.boot = recorder_boot(agent->recorder),
		.state_folder = agent->settings->state_folder,
		.report_ms = (uint64_t)agent->settings->report_s * MS_PER_S,
		.slot_ms = (uint64_t)agent->settings->slot_s * MS_PER_S,
	};
	int status = settings_collectors(agent->settings, collectors, &uplink.collector_count, err);

	if (status < 0)
		return status;
	status = uplink_new(&uplink, &source, &events, &agent->uplink);
	return status < 0 ? err_errno(err, status, "uplink") : 0;
}

static int open_board(struct agent *agent, struct err *err)
{
	const struct board_settings settings = {
		.settings = agent->settings,
		.software = SOFTWARE,
		.run = recorder_run(agent->recorder),
		.arg = agent,
		.facts = on_facts,
	};
	int status = board_new(&settings, &agent->board);

	return status < 0 ? err_errno(err, status, "status") : 0;
}

static void open_signals(struct agent *agent)
{
	uv_signal_init(&agent->loop, &agent->terminate);
	uv_signal_init(&agent->loop, &agent->interrupt);
	agent->terminate.data = agent->interrupt.data = agent;
	uv_signal_start(&agent->terminate, on_signal, SIGTERM);
	uv_signal_start(&agent->interrupt, on_signal, SIGINT);
}

static int start(struct agent *agent, struct err *err)
{
	const struct settings *settings = agent->settings;
	struct recorder_start how = {.software = SOFTWARE};
	int status = open_privileged(agent, err);

	how.reset = agent->reset;
	if (status == 0)
		status = file_make_folder(settings->runtime_folder, 0755, err);
	if (status == 0)
		status = recorder_open(settings, &how, &agent->recorder, err);
	if (status < 0)
		return status;
	recorder_look_at_clock(agent->recorder);
	status = open_board(agent, err);
	if (status == 0)
		status = open_facts(agent, err);
	if (status == 0)
		status = open_witness(agent, err);
	if (status == 0)
		status = open_uplink(agent, err);
	if (status < 0)
		return status;
	look_at_spool(agent);
	board_write(agent->board);
	log_info(SOFTWARE " started: run %u, a round every %lld s, slots of %lld s",
		recorder_run(agent->recorder), settings->round_s, settings->slot_s);
	return 0;
}

int agent_run(const struct settings *settings, struct err *err)
{
	struct agent agent = {.settings = settings, .netlink = -1};
	int status = uv_loop_init(&agent.loop);

	if (status < 0)
		return err_errno(err, status, "event loop");
	/* A peer that went away is an error of the write, not a reason to die. */
	signal(SIGPIPE, SIG_IGN);
	uv_timer_init(&agent.loop, &agent.spool_timer);
	agent.spool_timer.data = &agent;
	open_signals(&agent);
	status = start(&agent, err);
	if (status < 0)
		close_all(&agent);
	uv_run(&agent.loop, UV_RUN_DEFAULT); /* until the last handle is closed */
	board_free(agent.board);
	recorder_close(agent.recorder);
	tls_context_free(agent.tls);
	trusted_time_close(agent.trusted_time);
	if (agent.netlink >= 0)
		close(agent.netlink);
	uv_loop_close(&agent.loop);
	if (status == 0)
		log_info("stopped");
	return status;
}
