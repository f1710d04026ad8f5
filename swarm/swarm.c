/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/swarm.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <uv.h>

#include "common/log.h"
#include "swarm/member.h"
#include "swarm/memory.h"

#define MEMBERS_MAX 20000
#define TICK_MS 1000
#define SAY_EVERY 5 /* ticks, while they catch up */
#define REMEMBER_EVERY 60
#define DRAIN_MS 10000 /* for the last acknowledgements */
#define OTHER_FILES 32 /* beside the connections */
#define RUN_US 250000 /* runs are numbered by the time they began, in quarters of a second */
#define LOOPBACK_FIRST 0x7f000101u /* 127.0.1.1 */

struct swarm {
	const struct swarm_options *options;
	uv_loop_t loop;
	uv_timer_t tick, drain;
	uv_signal_t interrupt, terminate;
	struct now now;
	struct scenario scenario;
	struct roll roll;
	struct memory memory;
	struct receipts *receipts;
	struct member **members;
	size_t count;
	unsigned ticks, waited_ms, live_s;
	bool stopping;
	int status;
};

struct total {
	struct member_figures sum;
	size_t open, live;
	uint64_t owed; /* records that are not acknowledged */
	uint64_t kept; /* of these: by agents that cannot reach the collector */
};

/* ---- figures */

static struct total add_up(const struct swarm *swarm)
{
	struct total total = {0};

	for (size_t i = 0; i < swarm->count; i++) {
		struct member_figures one = member_figures(swarm->members[i]);

		total.sum.slots += one.slots;
		total.sum.recorded += one.recorded;
		total.sum.acked += one.acked;
		total.sum.rejected += one.rejected;
		total.sum.sessions += one.sessions;
		total.sum.held_back += one.held_back;
		total.open += one.open;
		total.live += one.live;
		total.owed += one.recorded - one.acked;
		total.kept += one.held ? one.recorded - one.acked : 0;
	}
	return total;
}

static void say_progress(const struct swarm *swarm, const struct total *total)
{
	printf("%u s: %zu of %zu agents are in the present, %zu connected; %llu slots, %llu of "
	       "%llu records acknowledged\n",
		swarm->ticks * TICK_MS / 1000, total->live, swarm->count, total->open,
		(unsigned long long)total->sum.slots, (unsigned long long)total->sum.acked,
		(unsigned long long)total->sum.recorded);
	fflush(stdout);
}

/* 0 if it is as it should be, else 1. */
static int summarise(const struct swarm *swarm, const struct total *total)
{
	const struct member_figures *sum = &total->sum;
	/* What is kept will be made again by who goes on from here. */
	uint64_t forgiven = swarm->options->memory ? total->kept : 0;

	printf("%zu agents, %zu connected at the end, %llu sessions\n"
	       "%llu slots, %llu records, %llu acknowledged, %llu kept out of the collector's "
	       "reach, "
	       "%llu rejected, %llu not recorded for want of room\n",
		swarm->count, total->open, (unsigned long long)sum->sessions,
		(unsigned long long)sum->slots, (unsigned long long)sum->recorded,
		(unsigned long long)sum->acked, (unsigned long long)total->kept,
		(unsigned long long)sum->rejected, (unsigned long long)sum->held_back);
	return total->owed > forgiven || sum->rejected || sum->held_back;
}

/* ---- the end */

static void close_all(struct swarm *swarm)
{
	for (size_t i = 0; i < swarm->count; i++)
		member_close(swarm->members[i]);
	uv_close((uv_handle_t *)&swarm->tick, NULL);
	uv_close((uv_handle_t *)&swarm->drain, NULL);
	uv_close((uv_handle_t *)&swarm->interrupt, NULL);
	uv_close((uv_handle_t *)&swarm->terminate, NULL);
}

static void remember(struct swarm *swarm)
{
	struct err err;

	if (!swarm->options->memory)
		return;
	for (size_t i = 0; i < swarm->count; i++) {
		struct life_memory life = member_memory(swarm->members[i]);

		if (life.run)
			swarm->memory.lives[i] = life;
	}
	if (memory_write(swarm->options->memory, &swarm->roll, &swarm->memory, &err) < 0)
		log_error("%s", err.text);
}

static void on_drain(uv_timer_t *timer)
{
	struct swarm *swarm = timer->data;
	struct total total = add_up(swarm);

	swarm->waited_ms += 100;
	if (total.owed > total.kept && swarm->waited_ms < DRAIN_MS)
		return;
	uv_timer_stop(timer);
	swarm->status = summarise(swarm, &total);
	remember(swarm);
	close_all(swarm);
}

static void stop(struct swarm *swarm)
{
	if (swarm->stopping)
		return;
	swarm->stopping = true;
	uv_timer_stop(&swarm->tick);
	for (size_t i = 0; i < swarm->count; i++)
		member_stop(swarm->members[i], !swarm->options->memory);
	uv_timer_start(&swarm->drain, on_drain, 100, 100);
}

static void on_signal(uv_signal_t *handle, int number)
{
	uv_signal_stop(handle); /* a second one ends it at once */
	stop(handle->data);
}

/* ---- while it runs */

static void on_tick(uv_timer_t *timer)
{
	struct swarm *swarm = timer->data;
	struct total total = add_up(swarm);

	swarm->ticks++;
	if (swarm->receipts && receipts_flush(swarm->receipts) < 0) {
		log_error("%s: cannot be written", swarm->options->ledger);
		stop(swarm);
		return;
	}
	if (swarm->ticks % REMEMBER_EVERY == 0)
		remember(swarm);
	if (total.live < swarm->count) {
		if (swarm->ticks % SAY_EVERY == 0)
			say_progress(swarm, &total);
		return;
	}
	if (swarm->live_s++ == 0 && swarm->options->since_ms)
		say_progress(swarm, &total);
	if (swarm->options->for_s && swarm->live_s > swarm->options->for_s)
		stop(swarm);
}

/* ---- the beginning */

static int read_address(const struct swarm_options *options, struct sockaddr_storage *ret)
{
	return uv_ip4_addr(options->host, (int)options->port, (struct sockaddr_in *)ret) &&
			uv_ip6_addr(options->host, (int)options->port, (struct sockaddr_in6 *)ret)
		? -EINVAL
		: 0;
}

static struct member_settings common_settings(struct swarm *swarm)
{
	const struct swarm_options *options = swarm->options;

	return (struct member_settings){
		.loop = &swarm->loop,
		.now = &swarm->now,
		.receipts = swarm->receipts,
		.life = {.scenario = &swarm->scenario,
			.slot_ms = options->slot_s * 1000,
			.round_ms = options->round_s * 1000,
			.start_us = swarm->memory.start_us,
			.from_us = swarm->now.utc_us - options->since_ms * 1000,
			.first_run = (uint32_t)((swarm->now.utc_us - UTC_MIN_US) / RUN_US)},
	};
}

static int add_members(struct swarm *swarm, struct err *err)
{
	struct member_settings settings = common_settings(swarm);
	unsigned sources = swarm->options->sources;
	int status = 0;

	if (read_address(swarm->options, &settings.to) < 0)
		return err_set(err, -EINVAL, "%s: must be an address", swarm->options->host);
	swarm->members = calloc(swarm->roll.count, sizeof(struct member *));
	if (!swarm->members)
		return err_errno(err, -ENOMEM, "agents");
	for (size_t i = 0; status == 0 && i < swarm->roll.count; i++) {
		settings.entry = &swarm->roll.entries[i];
		settings.life.memory = swarm->memory.lives[i];
		settings.from = sources ? LOOPBACK_FIRST + (uint32_t)(i % sources) : 0;
		status = member_new(&settings, &swarm->members[i], err);
		swarm->count += status == 0;
	}
	return status;
}

/* Where the agents stand: as the last run left them, or new at this hour. */
static int read_memory(struct swarm *swarm, struct err *err)
{
	const char *path = swarm->options->memory;
	int status = 0;

	if (memory_init(&swarm->memory, swarm->roll.count) < 0)
		return err_errno(err, -ENOMEM, "agents");
	if (path)
		status = memory_read(path, &swarm->roll, &swarm->memory, err);
	if (status == 0 && !swarm->memory.start_us)
		swarm->memory.start_us = swarm->now.utc_us;
	return status;
}

static int read_files(struct swarm *swarm, struct err *err)
{
	const struct swarm_options *options = swarm->options;
	int status = options->scenario ? scenario_read(options->scenario, &swarm->scenario, err)
				       : 0;

	for (int i = 0; options->loss_percent >= 0 && i < KIND_COUNT; i++)
		swarm->scenario.profiles[i].loss_pct = options->loss_percent;
	if (status == 0)
		status = roll_read(options->agents, MEMBERS_MAX, &swarm->roll, err);
	if (status == 0 && options->scenario)
		status = scenario_check(
			&swarm->scenario, options->scenario, swarm->roll.count, err);
	if (status == 0)
		status = read_memory(swarm, err);
	if (status == 0 && options->ledger)
		status = receipts_open(options->ledger, &swarm->receipts, err);
	return status;
}

static void open_loop(struct swarm *swarm)
{
	uv_loop_init(&swarm->loop);
	uv_timer_init(&swarm->loop, &swarm->tick);
	uv_timer_init(&swarm->loop, &swarm->drain);
	uv_signal_init(&swarm->loop, &swarm->interrupt);
	uv_signal_init(&swarm->loop, &swarm->terminate);
	swarm->tick.data = swarm->drain.data = swarm;
	swarm->interrupt.data = swarm->terminate.data = swarm;
	uv_signal_start(&swarm->interrupt, on_signal, SIGINT);
	uv_signal_start(&swarm->terminate, on_signal, SIGTERM);
	uv_timer_start(&swarm->tick, on_tick, TICK_MS, TICK_MS);
}

static int run(struct swarm *swarm, struct err *err)
{
	int status;

	open_loop(swarm);
	status = add_members(swarm, err);
	if (status < 0)
		close_all(swarm);
	uv_run(&swarm->loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < swarm->count; i++)
		member_free(swarm->members[i]);
	free(swarm->members);
	uv_loop_close(&swarm->loop);
	return status;
}

/* A connection an agent: the usual limit of 1,024 is too low for a province. */
static void raise_limit(size_t agents)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur < agents + OTHER_FILES)
		log_warn("%llu files may be open: not all of %zu agents can connect at once",
			(unsigned long long)files.rlim_cur, agents);
}

int swarm_run(const struct swarm_options *options, struct err *err)
{
	struct swarm swarm = {.options = options, .now = now_begin(), .status = 1};
	int status, closed;

	scenario_init(&swarm.scenario);
	status = read_files(&swarm, err);
	if (status == 0)
		raise_limit(swarm.roll.count);
	if (status == 0)
		status = run(&swarm, err);
	closed = receipts_close(swarm.receipts);
	if (status == 0 && closed < 0)
		status = err_errno(err, closed, "%s", options->ledger);
	memory_done(&swarm.memory);
	roll_done(&swarm.roll);
	scenario_done(&swarm.scenario);
	return status < 0 ? status : swarm.status;
}
