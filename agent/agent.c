/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/agent_private.h"

#include <signal.h>
#include <unistd.h>

#include "agent/privileges.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"
#include "common/notify.h"

#define FINISH_MS 2000 /* to deliver the last records before the process ends */

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
	renewal_close(agent->renewal);
	uplink_close(agent->uplink);
	agent_close_witness(agent);
	lending_close(agent->lending);
	remote_close(agent->remote);
	clock_watch_close(agent->clock_watch);
	monitor_close(agent->monitor);
	probers_close(agent->probers);
}

void agent_finished(void *arg)
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
	notify_send("STOPPING=1");
	witness_stop(agent->witness);
	recorder_stop(agent->recorder);
	uplink_finish(agent->uplink, FINISH_MS);
}

/* ---- starting */

int64_t agent_now_s(void *arg)
{
	const struct agent *agent = arg;

	return trusted_time_at(agent->trusted_time, clock_boot_us(), clock_utc_us() / 1000000);
}

static int open_tls(struct agent *agent, struct err *err)
{
	const struct settings *settings = agent->settings;
	const struct identity_paths paths = {
		settings->ca, settings->certificate, settings->key, settings->state_folder};
	int status = identity_open(&paths, &agent->identity, err);
	const struct tls_settings tls = {
		.role = TLS_CLIENT,
		.ca_file = settings->ca,
		.certificate_file = identity_certificate(&agent->identity),
		.key_file = identity_key(&agent->identity),
		.server_name = settings->server_name,
		.now_s = agent_now_s,
		.now_arg = agent,
	};

	return status < 0 ? status : tls_context_new(&tls, &agent->tls, err);
}

/* Everything that may need privileges, and then none are left. */
static int open_privileged(struct agent *agent, const char *path, struct err *err)
{
	const struct settings *settings = agent->settings;
	const char *const folders[] = {
		settings->state_folder, settings->spool_folder, settings->runtime_folder};
	uint8_t boot[BOOT_BYTES];
	int status = agent_open_remote(agent, path, err);

	if (status == 0)
		status = probers_open(&agent->loop, &agent->probers, err);
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

static void open_signals(struct agent *agent)
{
	uv_signal_init(&agent->loop, &agent->terminate);
	uv_signal_init(&agent->loop, &agent->interrupt);
	agent->terminate.data = agent->interrupt.data = agent;
	uv_signal_start(&agent->terminate, on_signal, SIGTERM);
	uv_signal_start(&agent->interrupt, on_signal, SIGINT);
}

static int start(struct agent *agent, const char *path, struct err *err)
{
	const struct settings *settings = agent->settings, *in_force;
	struct recorder_start how = {.software = AGENT_SOFTWARE};
	int status = open_privileged(agent, path, err);

	how.reset = agent->reset;
	if (status == 0)
		status = file_make_folder(settings->runtime_folder, 0755, err);
	if (status == 0)
		status = recorder_open(settings, &how, &agent->recorder, err);
	if (status < 0)
		return status;
	recorder_doubt_clock(agent->recorder);
	status = agent_open_board(agent, err);
	if (status == 0)
		status = agent_open_facts(agent, err);
	if (status == 0)
		status = agent_open_witness(agent, err);
	if (status == 0)
		status = agent_open_uplink(agent, err);
	if (status == 0)
		status = agent_open_renewal(agent, err);
	if (status < 0)
		return status;
	agent_look_at_spool(agent);
	board_write(agent->board);
	notify_send("READY=1");
	in_force = remote_settings(agent->remote);
	log_info(AGENT_SOFTWARE " started: run %u, a round every %lld s, slots of %lld s",
		recorder_run(agent->recorder), in_force->round_s, in_force->slot_s);
	return 0;
}

int agent_run(const struct settings *settings, const char *path, struct err *err)
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
	status = start(&agent, path, err);
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
