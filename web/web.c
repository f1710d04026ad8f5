/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <errno.h>
#include <signal.h>

#include "common/clock.h"
#include "common/log.h"
#include "web/feed.h"
#include "web/routes.h"
#include "web/server.h"
#include "web/server_speed.h"
#include "web/site.h"

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

/* The signals that end the program are taken by sigwait() below, in no other thread. */
static void block_signals(sigset_t *ret_signals)
{
	sigemptyset(ret_signals);
	sigaddset(ret_signals, SIGTERM);
	sigaddset(ret_signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int web_run(const struct web_options *options, struct err *err)
{
	struct site site = {.state = options->state,
		.banner = options->banner,
		.started_s = clock_utc_us() / 1000000};
	const struct server_owner owner = {.arg = &site, .answer = answer, .answered = answered};
	struct server_speed *speed = NULL;
	struct server *server;
	sigset_t signals;
	int r, signal_number;

	block_signals(&signals);
	r = feed_start(options->state, &site.feed, err);
	if (r < 0)
		return r;
	r = monitor_start(options->state, &site.monitor, err);
	if (r < 0)
		goto stop_feed;
	r = server_start(options->listen, &owner, &server, err);
	if (r < 0)
		goto stop_monitor;
	if (*options->speed_listen)
		r = server_speed_start(options->speed_listen, options->speed_streams, &speed, err);
	if (r < 0)
		goto stop_server;
	log_info("serving http://%s/", server_address(server));
	sigwait(&signals, &signal_number);
	log_info("signal %d: stopping", signal_number);
	server_speed_stop(speed);

stop_server:
	server_stop(server);
stop_monitor:
	monitor_stop(site.monitor);
stop_feed:
	feed_stop(site.feed);
	return r;
}
