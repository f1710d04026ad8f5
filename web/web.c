/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/notify.h"
#include "web/feed.h"
#include "web/open/showcase.h"
#include "web/policy.h"
#include "web/routes.h"
#include "web/server.h"
#include "web/server_speed.h"
#include "web/site.h"

static enum http_lane lane(void *arg, const struct request *request)
{
	return routes_lane(request);
}

static void answer(void *arg, const struct request *request, struct response *ret_response)
{
	routes_answer(arg, request, ret_response);
}

static void answered(void *arg, unsigned status)
{
	struct site *site = arg;

	if (status / 100 < SITE_CLASSES)
		atomic_fetch_add(&site->answers[status / 100], 1);
}

static void end_signals(sigset_t *ret_signals)
{
	sigemptyset(ret_signals);
	sigaddset(ret_signals, SIGTERM);
	sigaddset(ret_signals, SIGINT);
}

/* The signals that end the program are taken by sigwait() below, in no other thread. */
static void block_signals(void)
{
	sigset_t signals;

	end_signals(&signals);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Until one comes that ends the program; meanwhile the service manager hears that we live. */
static int wait_signal(void)
{
	uint64_t watchdog_ms = notify_watchdog_ms();
	struct timespec pause = {.tv_sec = (time_t)(watchdog_ms / 1000),
		.tv_nsec = (long)(watchdog_ms % 1000) * 1000000};
	sigset_t signals;
	int taken;

	end_signals(&signals);
	for (;;) {
		taken = watchdog_ms ? sigtimedwait(&signals, NULL, &pause)
				    : sigwaitinfo(&signals, NULL);
		if (taken > 0)
			return taken;
		if (watchdog_ms)
			notify_send("WATCHDOG=1");
	}
}

static void tell_speed(void *arg, const char *words)
{
	struct site *site = arg;

	monitor_tell_speed(site->monitor, words);
}

static int serve(
	const struct web_options *options, const struct server_owner *owner, struct err *err)
{
	const struct server_speed_at at = {options->speed_listen, options->speed_streams,
		{options->state, tell_speed, owner->arg}};
	struct server_speed *speed = NULL;
	struct server *server;
	int r, signal_number;

	r = server_start(options->listen, owner, &server, err);
	if (r < 0)
		return r;
	if (*options->speed_listen)
		r = server_speed_start(&at, &speed, err);
	if (r == 0) {
		log_info("serving http://%s/", server_address(server));
		notify_status("serves http://%s/", server_address(server));
		notify_send("READY=1");
		signal_number = wait_signal();
		notify_send("STOPPING=1");
		log_info("signal %d: stopping", signal_number);
		server_speed_stop(speed);
	}
	server_stop(server);
	return r;
}

int web_run(const struct web_options *options, struct err *err)
{
	struct site site = {.state = options->state,
		.banner = options->banner,
		.tiles = options->tiles,
		.boundaries = options->boundaries,
		.letterhead = &options->letterhead,
		.started_s = clock_utc_us() / 1000000};
	char policy[HTTP_POLICY_BYTES];
	const struct server_owner owner = {.arg = &site,
		.policy = policy,
		.lane = lane,
		.answer = answer,
		.answered = answered};
	int r = policy_write(options->tiles, policy, err);

	if (r == 0)
		r = publisher_check(&options->publisher, err);
	if (r < 0)
		return r;
	block_signals();
	r = accounts_new(options->state, &options->accounts, &site.accounts, err);
	if (r < 0)
		return r;
	r = feed_start(options->state, &site.feed, err);
	if (r < 0)
		goto free_accounts;
	r = monitor_start(options->state, &site.monitor, err);
	if (r < 0)
		goto stop_feed;
	r = daybook_start(options->state, &site.daybook, err);
	if (r < 0)
		goto stop_monitor;
	site.yearbook = yearbook_new();
	r = site.yearbook ? 0 : err_errno(err, -ENOMEM, "yearbook");
	if (r < 0)
		goto stop_daybook;
	r = showcase_new(options->state, &options->publisher, &site.showcase, err);
	if (r < 0)
		goto free_yearbook;
	r = serve(options, &owner, err);
	showcase_free(site.showcase);
free_yearbook:
	yearbook_free(site.yearbook);
stop_daybook:
	daybook_stop(site.daybook);
stop_monitor:
	monitor_stop(site.monitor);
stop_feed:
	feed_stop(site.feed);
free_accounts:
	accounts_free(site.accounts);
	return r;
}
