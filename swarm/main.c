/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "common/log.h"
#include "proto/limits.h"
#include "swarm/member.h"

#define MEMBERS_MAX 20000
#define DRAIN_MS 10000 /* for the last acknowledgements */

struct swarm {
	uv_loop_t loop;
	uv_timer_t timer; /* the end, and then the end of waiting for acknowledgements */
	uv_timer_t director; /* of the scenario */
	struct scenario *scenario; /* NULL: nothing happens */
	uint64_t began_ms;
	uv_signal_t interrupt, terminate;
	bool all_acked;
	size_t count;
	struct member **members;
	unsigned waited_ms;
};

static const char usage[] =
	"Usage: pantau-swarm --agents DIR [--collector ADDRESS:PORT] [--for SECONDS]\n"
	"                    [--slot-s N] [--round-s N] [--loss PERCENT] [--scenario FILE]\n"
	"Simulates one agent for each folder in DIR, as `pantau agent issue --out` made it, over\n"
	"real TLS and in real time: only the answers to probes are invented. Ends after SECONDS\n"
	"or at Ctrl-C and says what was acknowledged; exit status 1 unless all of it was, but\n"
	"for what a power cut of the scenario took. swarm/SCENARIO.md describes the file.\n"
	"Default: 127.0.0.1:7443, slots of 60 s, rounds of 10 s, no loss, until Ctrl-C.\n";

/* ---- the end */

static struct member_figures sum(const struct swarm *swarm, size_t *ret_open)
{
	struct member_figures all = {0};

	*ret_open = 0;
	for (size_t i = 0; i < swarm->count; i++) {
		struct member_figures one = member_figures(swarm->members[i]);

		all.recorded += one.recorded;
		all.acked += one.acked;
		all.rejected += one.rejected;
		all.lost += one.lost;
		all.sessions += one.sessions;
		all.held_back += one.held_back;
		*ret_open += one.open;
	}
	return all;
}

static bool summarise(const struct swarm *swarm)
{
	size_t open;
	struct member_figures all = sum(swarm, &open);

	printf("%zu agents, %zu connected at the end, %llu sessions\n"
	       "%llu records, %llu acknowledged, %llu lost in power cuts, %llu rejected, "
	       "%llu not recorded for want of room\n",
		swarm->count, open, (unsigned long long)all.sessions,
		(unsigned long long)all.recorded, (unsigned long long)all.acked,
		(unsigned long long)all.lost, (unsigned long long)all.rejected,
		(unsigned long long)all.held_back);
	return all.acked + all.lost == all.recorded && all.rejected == 0 && all.held_back == 0;
}

static void close_all(struct swarm *swarm)
{
	for (size_t i = 0; i < swarm->count; i++)
		member_close(swarm->members[i]);
	uv_close((uv_handle_t *)&swarm->timer, NULL);
	uv_close((uv_handle_t *)&swarm->director, NULL);
	uv_close((uv_handle_t *)&swarm->interrupt, NULL);
	uv_close((uv_handle_t *)&swarm->terminate, NULL);
}

static void on_drain(uv_timer_t *timer)
{
	struct swarm *swarm = timer->data;
	size_t open;
	struct member_figures all = sum(swarm, &open);

	swarm->waited_ms += 100;
	if (all.acked + all.lost < all.recorded && swarm->waited_ms < DRAIN_MS)
		return;
	uv_timer_stop(timer);
	swarm->all_acked = summarise(swarm);
	close_all(swarm);
}

static void on_end(uv_timer_t *timer)
{
	struct swarm *swarm = timer->data;

	uv_timer_stop(&swarm->director);
	for (size_t i = 0; i < swarm->count; i++)
		member_stop(swarm->members[i]);
	uv_timer_start(&swarm->timer, on_drain, 100, 100);
}

static void on_signal(uv_signal_t *handle, int number)
{
	uv_signal_stop(handle); /* a second one ends it at once */
	on_end(&((struct swarm *)handle->data)->timer);
}

/* ---- the scenario */

#define DIRECTOR_MS 50 /* as exactly as scenes are kept */

static void on_director(uv_timer_t *timer)
{
	struct swarm *swarm = timer->data;
	uint64_t now_ms = uv_now(&swarm->loop) - swarm->began_ms;
	const struct scene *scene;

	while ((scene = scenario_next(swarm->scenario, now_ms)))
		for (size_t i = scene->first - 1; i < swarm->count && i < scene->last; i++)
			member_suffer(swarm->members[i], scene);
}

static void direct(struct swarm *swarm)
{
	swarm->began_ms = uv_now(&swarm->loop);
	if (swarm->scenario)
		uv_timer_start(&swarm->director, on_director, DIRECTOR_MS, DIRECTOR_MS);
}

/* ---- the beginning */

static int add_member(struct swarm *swarm, const struct member_settings *settings, struct err *err)
{
	struct member **grown = reallocarray(
		swarm->members, swarm->count + 1, sizeof(*swarm->members));
	int status;

	if (!grown)
		return err_errno(err, -ENOMEM, "agents");
	swarm->members = grown;
	status = member_new(settings, &swarm->members[swarm->count], err);
	if (status == 0)
		swarm->count++;
	return status;
}

static int is_visible(const struct dirent *item)
{
	return item->d_name[0] != '.';
}

/* One member for each folder that holds a certificate, a2 before a10. */
static int add_members(
	struct swarm *swarm, struct member_settings settings, const char *folder, struct err *err)
{
	char path[PATH_MAX];
	struct dirent **items;
	int status = 0, count = scandir(folder, &items, is_visible, versionsort);

	if (count < 0)
		return err_errno(err, -errno, "%s", folder);
	settings.folder = path;
	for (int i = 0; i < count; i++) {
		if (status == 0 && swarm->count < MEMBERS_MAX &&
			snprintf(path, sizeof(path), "%s/%s", folder, items[i]->d_name) < PATH_MAX)
			status = add_member(swarm, &settings, err);
		free(items[i]);
	}
	free(items);
	if (status == 0 && !swarm->count)
		status = err_set(err, -ENOENT, "%s: no agent's folder in it", folder);
	return status;
}

struct options {
	const char *agents, *scenario;
	char host[64];
	unsigned port, for_s, slot_s, round_s, loss;
};

static int run(const struct options *options, struct err *err)
{
	struct swarm swarm = {0};
	struct member_settings settings = {.loop = &swarm.loop,
		.run = (uint32_t)time(NULL), /* above that of any earlier run */
		.slot_ms = options->slot_s * 1000,
		.round_ms = options->round_s * 1000,
		.loss_percent = options->loss};
	int status;

	if (uv_ip4_addr(options->host, (int)options->port, (struct sockaddr_in *)&settings.to) &&
		uv_ip6_addr(options->host, (int)options->port, (struct sockaddr_in6 *)&settings.to))
		return err_set(err, -EINVAL, "%s: must be an address", options->host);
	if (options->scenario) {
		status = scenario_read(options->scenario, &swarm.scenario, err);
		if (status < 0)
			return status;
	}
	uv_loop_init(&swarm.loop);
	uv_timer_init(&swarm.loop, &swarm.timer);
	uv_timer_init(&swarm.loop, &swarm.director);
	uv_signal_init(&swarm.loop, &swarm.interrupt);
	uv_signal_init(&swarm.loop, &swarm.terminate);
	swarm.timer.data = swarm.director.data = swarm.interrupt.data = swarm.terminate.data =
		&swarm;
	uv_signal_start(&swarm.interrupt, on_signal, SIGINT);
	uv_signal_start(&swarm.terminate, on_signal, SIGTERM);
	status = add_members(&swarm, settings, options->agents, err);
	if (status < 0)
		close_all(&swarm);
	else if (options->for_s)
		uv_timer_start(&swarm.timer, on_end, options->for_s * 1000ULL, 0);
	if (status == 0)
		direct(&swarm);
	uv_run(&swarm.loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < swarm.count; i++)
		member_free(swarm.members[i]);
	free(swarm.members);
	scenario_free(swarm.scenario);
	uv_loop_close(&swarm.loop);
	return status < 0 ? status : !swarm.all_acked;
}

static bool read_number(const char *text, unsigned min, unsigned max, unsigned *ret_number)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end || number < min || number > max)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool read_collector(const char *text, struct options *options)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;

	if (!length || length >= sizeof(options->host))
		return false;
	snprintf(options->host, sizeof(options->host), "%.*s", (int)length, text);
	return read_number(colon + 1, 1, 65535, &options->port);
}

static bool read_option(int option, const char *text, struct options *options)
{
	switch (option) {
	case 'a': options->agents = text; return true;
	case 'c': return read_collector(text, options);
	case 'f': return read_number(text, 1, 1000000, &options->for_s);
	case 's': return read_number(text, 1, 60, &options->slot_s);
	case 'r': return read_number(text, 1, 60, &options->round_s);
	case 'e': options->scenario = text; return true;
	case 'l': return read_number(text, 0, 100, &options->loss);
	default: return false;
	}
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"agents", 1, NULL, 'a'}, {"collector", 1, NULL, 'c'},
		{"for", 1, NULL, 'f'}, {"slot-s", 1, NULL, 's'}, {"round-s", 1, NULL, 'r'},
		{"loss", 1, NULL, 'l'}, {"scenario", 1, NULL, 'e'}, {"help", 0, NULL, 'h'},
		{NULL, 0, NULL, 0}};
	struct options options = {
		.host = "127.0.0.1", .port = PROTO_PORT, .slot_s = 60, .round_s = 10};
	struct err err;
	int option, status;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'h')
			return fputs(usage, stdout) < 0;
		if (!read_option(option, optarg, &options))
			return fputs(usage, stderr), 2;
	}
	if (!options.agents || optind < argc || options.slot_s < options.round_s)
		return fputs(usage, stderr), 2;
	signal(SIGPIPE, SIG_IGN);
	status = run(&options, &err);
	if (status < 0)
		log_error("%s", err.text);
	return status != 0;
}
