/* SPDX-License-Identifier: Apache-2.0 */
/* What flows where in the agent: each part is opened with the callbacks that lead to the others. */
#include "agent/agent_private.h"

#include <errno.h>

#include "agent/core/pace.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/notify.h"

/* ---- to the status, the spool, the uplink */

static void on_facts(void *arg, struct board_facts *ret_facts)
{
	const struct agent *agent = arg;
	uint64_t error_us;

	ret_facts->spool = spool_figures(recorder_spool(agent->recorder));
	if (agent->uplink)
		ret_facts->uplink = uplink_figures(agent->uplink);
	ret_facts->certificate_expires_s = agent->identity.expires_s;
	if (agent->renewal)
		ret_facts->renewal = renewal_state(agent->renewal);
	ret_facts->clock_known = agent->was_told_time || clock_utc_synchronised(&error_us);
}

static void on_spool_timer(uv_timer_t *timer);

void agent_look_at_spool(struct agent *agent)
{
	uint64_t wait_ms = recorder_turn(agent->recorder);

	if (wait_ms == UINT64_MAX)
		uv_timer_stop(&agent->spool_timer);
	else
		uv_timer_start(&agent->spool_timer, on_spool_timer, wait_ms, 0);
}

static void on_spool_timer(uv_timer_t *timer)
{
	agent_look_at_spool(timer->data);
}

static void on_slot(void *arg, const struct slot *slot, const char *interface)
{
	struct agent *agent = arg;

	recorder_slot(agent->recorder, slot);
	agent_look_at_spool(agent);
	if (agent->uplink)
		uplink_wake(agent->uplink, pace_is_urgent(slot));
	board_slot(agent->board, slot, interface);
}

static void on_sketch(void *arg, const struct slot *slot)
{
	struct agent *agent = arg;

	recorder_sketch(agent->recorder, slot);
	agent_look_at_spool(agent);
}

static void on_turn(void *arg, uint64_t now_us)
{
	struct agent *agent = arg;

	agent->was_told_time |= recorder_look_at_clock(agent->recorder);
	clock_watch_settle(agent->clock_watch);
	/* Not for a loop that turns, but for slots that are made: at least one a minute. */
	notify_send("WATCHDOG=1");
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
	recorder_doubt_clock(agent->recorder);
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
	agent_look_at_spool(agent);
	board_record(agent->board, record);
	if (agent->uplink)
		uplink_wake(agent->uplink, board_is_waited_for(record));
}

static void on_uplink_changed(void *arg)
{
	struct agent *agent = arg;

	board_write(agent->board);
}

/* ---- between the errands and the collector: leases */

static uint32_t on_lease_ask(void *arg, const char *wan,
	void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand)
{
	struct agent *agent = arg;

	return lending_ask(agent->lending, wan, answer, errand);
}

static void on_lease_return(void *arg, uint32_t number)
{
	struct agent *agent = arg;

	lending_return(agent->lending, number);
}

static int on_lease_request(void *arg, uint32_t number, const char *wan)
{
	struct agent *agent = arg;

	return agent->uplink ? uplink_lease_request(agent->uplink, number, wan) : -ENOTCONN;
}

static int on_lease_back(void *arg, uint32_t number)
{
	struct agent *agent = arg;

	return agent->uplink ? uplink_lease_return(agent->uplink, number) : -ENOTCONN;
}

static void on_lease(void *arg, const struct lease *lease)
{
	struct agent *agent = arg;

	lending_take(agent->lending, lease);
}

/* ---- what the collector asks for */

static void on_configured(void *arg, const struct configuration *configuration)
{
	struct agent *agent = arg;

	remote_take(agent->remote, configuration);
}

static void on_heard(void *arg)
{
	struct agent *agent = arg;

	remote_heard(agent->remote);
}

static void on_ask(void *arg)
{
	struct agent *agent = arg;

	if (agent->uplink)
		uplink_ask(agent->uplink);
}

static void on_remote_changed(void *arg)
{
	struct agent *agent = arg;
	struct remote_said said = remote_said(agent->remote);

	if (agent->uplink)
		uplink_set_configuration(agent->uplink, said.followed, said.refused, said.trouble);
}

/* ---- opening */

int agent_open_board(struct agent *agent, struct err *err)
{
	const struct board_settings settings = {
		.settings = remote_settings(agent->remote),
		.software = AGENT_SOFTWARE,
		.run = recorder_run(agent->recorder),
		.arg = agent,
		.facts = on_facts,
	};
	int status = board_new(&settings, &agent->board);

	return status < 0 ? err_errno(err, status, "status") : 0;
}

int agent_open_facts(struct agent *agent, struct err *err)
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

static int open_witness(struct agent *agent, const struct settings *in_force, struct err *err)
{
	const struct witness_settings settings = {
		.loop = &agent->loop,
		.settings = in_force,
		.probers = agent->probers,
		.boot = recorder_boot(agent->recorder),
		.netlink = agent->netlink,
	};
	const struct witness_events events = {
		.arg = agent,
		.slot = on_slot,
		.sketch = on_sketch,
		.turn = on_turn,
		.record = on_record,
		.lease_ask = on_lease_ask,
		.lease_return = on_lease_return,
	};

	return witness_open(&settings, &events, &agent->witness, err);
}

int agent_open_witness(struct agent *agent, struct err *err)
{
	return open_witness(agent, remote_settings(agent->remote), err);
}

void agent_close_witness(struct agent *agent)
{
	witness_close(agent->witness);
	agent->witness = NULL;
	lending_clear(agent->lending);
}

/* In the running process: the slots are cut here and go on under the other settings. */
static int on_apply(void *arg, const struct settings *settings, struct err *err)
{
	struct agent *agent = arg;
	struct err other;
	int status;

	if (agent->stopping)
		return err_set(err, -ECANCELED, "the agent is about to end");
	witness_stop(agent->witness);
	agent_close_witness(agent);
	status = open_witness(agent, settings, err);
	if (status < 0) {
		if (agent_open_witness(agent, &other) < 0)
			log_error("nothing is measured: %s", other.text);
		return status;
	}
	log_set_level((enum log_level)settings->log_level);
	board_configure(agent->board, settings);
	if (agent->uplink)
		uplink_set_pace(agent->uplink, (uint64_t)settings->report_s * MS_PER_S,
			(uint64_t)settings->slot_s * MS_PER_S);
	return 0;
}

int agent_open_remote(struct agent *agent, const char *path, struct err *err)
{
	const struct remote_events events = {
		.arg = agent, .apply = on_apply, .changed = on_remote_changed, .ask = on_ask};
	const struct lending_events lending = {
		.arg = agent, .request = on_lease_request, .give_back = on_lease_back};
	int status = remote_open(&agent->loop, path, &events, &agent->remote, err);

	if (status < 0)
		return status;
	log_set_level((enum log_level)remote_settings(agent->remote)->log_level);
	status = lending_new(&agent->loop, &lending, &agent->lending);
	return status < 0 ? err_errno(err, status, "leases") : 0;
}

int agent_open_uplink(struct agent *agent, struct err *err)
{
	const struct settings *in_force = remote_settings(agent->remote);
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	struct sender_source source = spool_source(recorder_spool(agent->recorder));
	const struct uplink_events events = {
		.arg = agent,
		.wan_of = on_wan_of,
		.time = on_time,
		.changed = on_uplink_changed,
		.configured = on_configured,
		.lease = on_lease,
		.heard = on_heard,
		.finished = agent_finished,
	};
	struct uplink_settings uplink = {
		.loop = &agent->loop,
		.tls = agent->tls,
		.collectors = collectors,
		.software = AGENT_SOFTWARE,
		.boot = recorder_boot(agent->recorder),
		.state_folder = agent->settings->state_folder,
		.report_ms = (uint64_t)in_force->report_s * MS_PER_S,
		.slot_ms = (uint64_t)in_force->slot_s * MS_PER_S,
	};
	int status = settings_collectors(agent->settings, collectors, &uplink.collector_count, err);

	if (status < 0)
		return status;
	status = uplink_new(&uplink, &source, &events, &agent->uplink);
	if (status < 0)
		return err_errno(err, status, "uplink");
	on_remote_changed(agent);
	return 0;
}

/* ---- the certificate */

static void on_renewed(void *arg)
{
	struct agent *agent = arg;
	struct err err;

	/* A failure leaves the connections of the old one, and the next start takes the new one. */
	if (tls_context_use(agent->tls, identity_certificate(&agent->identity),
		    identity_key(&agent->identity), &err) < 0)
		log_error("%s", err.text);
	uplink_reconnect(agent->uplink);
	board_write(agent->board);
}

int agent_open_renewal(struct agent *agent, struct err *err)
{
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	struct renewal_settings renewal = {
		.loop = &agent->loop,
		.tls = agent->tls,
		.identity = &agent->identity,
		.collectors = collectors,
		.state_folder = agent->settings->state_folder,
		.now_s = agent_now_s,
		.arg = agent,
		.renewed = on_renewed,
		.changed = on_uplink_changed,
	};
	int status = settings_collectors(
		agent->settings, collectors, &renewal.collector_count, err);

	if (status < 0)
		return status;
	status = renewal_new(&renewal, &agent->renewal);
	return status < 0 ? err_errno(err, status, "renewal") : 0;
}
