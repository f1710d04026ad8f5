/* SPDX-License-Identifier: Apache-2.0 */
/* What the collector asks for, over what the agent's own file says. */
#include <errno.h>
#include <string.h>

#include "agent/core/ceilings.h"
#include "agent/settings/settings.h"
#include "proto/afar.h"

#define FOUND_MAX 2 /* resolvers that are asked when they are found by themselves */

/* ---- the load */

static unsigned count_addresses(const struct settings_target *targets, unsigned *ret_tcp)
{
	unsigned count = targets->gateway_auto + targets->edge_auto +
		(targets->provider_auto ? FOUND_MAX : 0);

	*ret_tcp = 0;
	for (size_t i = 0; i < targets->count; i++)
		*(targets->targets[i].port ? ret_tcp : &count) += 1;
	return count;
}

static int reckon(const struct settings *settings, struct ceilings_load *ret_load, struct err *err)
{
	struct ceilings_load load = {
		.slot_s = (uint64_t)settings->slot_s,
		.round_s = (uint64_t)settings->round_s,
		.dns_s = (uint64_t)settings->dns.interval_s,
		.resolvers = SETTINGS_RESOLVERS,
		.stamp_s = *settings->stamp.target ? (uint64_t)settings->stamp.interval_s : 0,
		.http_s = *settings->http.url ? (uint64_t)settings->http.interval_s : 0,
		.speed_s = *settings->speed.server ? (uint64_t)settings->speed.interval_s : 0,
		.speed_bytes = (uint64_t)settings->speed.down_bytes +
			(uint64_t)settings->speed.up_bytes,
		.month_bytes = (uint64_t)settings->speed.month_bytes,
	};
	struct settings_target targets;
	int status = 0;

	for (size_t i = 0; i < SETTINGS_WANS && status == 0; i++) {
		if (i > 0 && !*settings->wans[i].name)
			continue;
		status = settings_wan_targets(settings, i, &targets, err);
		if (status == 0)
			load.wans[i].addresses = count_addresses(&targets, &load.wans[i].tcp);
	}
	if (status == 0)
		*ret_load = load;
	return status;
}

int settings_check_load(
	const struct settings *settings, const struct settings *own, struct err *err)
{
	struct ceilings_load load, before;
	int status = reckon(settings, &load, err);

	if (status == 0 && own)
		status = reckon(own, &before, err);
	return status < 0 ? status : ceilings_check(&load, own ? &before : NULL, err);
}

/* ---- the overlay */

/* A URL that the own file does not have came from afar: whatever it leads to must be public. */
static void mark_public(struct settings *settings, const struct settings *own)
{
	settings->http.public_only = strcmp(settings->http.url, own->http.url) != 0;
	settings->speed.public_only = strcmp(settings->speed.server, own->speed.server) != 0;
}

static int put_over(struct settings *settings, const struct conf_text *own_text,
	const struct conf_text *afar, struct err *err)
{
	struct settings own;
	int status = settings_load_afar(&own, own_text, NULL, err);

	if (status < 0)
		return status;
	status = conf_overlay(settings_table, settings, afar, afar_check, err);
	if (status == 0)
		status = settings_finish(settings, err);
	if (status == 0) {
		mark_public(settings, &own);
		status = settings_check_load(settings, &own, err);
		if (status < 0)
			settings_done(settings);
	}
	settings_done(&own);
	return status;
}

int settings_load_afar(struct settings *ret_settings, const struct conf_text *own,
	const struct conf_text *afar, struct err *err)
{
	int status;

	memset(ret_settings, 0, sizeof(*ret_settings));
	status = conf_read(settings_table, ret_settings, own, err);
	if (status < 0)
		return status;
	return afar ? put_over(ret_settings, own, afar, err) : settings_finish(ret_settings, err);
}
