/* SPDX-License-Identifier: Apache-2.0 */
/* What the table of keys cannot check: what lists hold, and what is too much together. */
#include "agent/settings/settings.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/sched.h"

/* The most probes that a slot can hold when every round is lost. */
static int check_probes(const struct settings *settings, const struct settings_target *targets,
	const char *section, struct err *err)
{
	size_t found = (targets->gateway_auto ? 1 : 0) + (targets->provider_auto ? 2 : 0) +
		(targets->edge_auto ? 1 : 0);
	size_t reflector = *settings->stamp.target ? 1 : 0;
	size_t all = targets->count + found + reflector, near = found;
	long long rounds = settings->slot_s / settings->round_s + 1;

	for (size_t i = 0; i < targets->count; i++)
		near += targets->targets[i].class != CLASS_INTERNET;
	if (all > SCHED_TARGETS_MAX || rounds * (long long)all + (long long)near > SLOT_PROBES_MAX)
		return err_set(err, -E2BIG,
			"[%s] has %zu targets, found ones included: too many for a round every "
			"%lld s "
			"in a slot of %lld s",
			section, all, settings->round_s, settings->slot_s);
	return 0;
}

/* What the profile decides, where the file does not. */
static void fill_in(struct settings *settings)
{
	const struct {
		long long *value;
		long long by_profile[2];
	} rhythms[] = {
		{&settings->round_s, {10, 30}},
		{&settings->near_s, {600, 1800}},
		{&settings->report_s, {settings->slot_s, 600}},
		{&settings->dns.interval_s, {1800, 7200}},
		{&settings->stamp.interval_s, {600, 3600}},
	};

	for (size_t i = 0; i < sizeof(rhythms) / sizeof(rhythms[0]); i++)
		if (*rhythms[i].value == 0)
			*rhythms[i].value = rhythms[i].by_profile[settings->profile];
}

static bool is_wan_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 1 && length <= WAN_NAME_MAX &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == length;
}

static int check_wan(const struct settings *settings, size_t index, struct err *err)
{
	const struct settings_wan *wan = &settings->wans[index];
	const char *section = settings_wan_sections[index];
	struct settings_target targets;
	int status;

	if (!is_wan_name(wan->name))
		return err_set(err, -EINVAL, "[%s] name = %s: must be 1 to 16 of a-z, 0-9, _ . -",
			section, wan->name);
	if (!*wan->interface || strlen(wan->interface) >= IF_NAMESIZE)
		return err_set(err, -EINVAL,
			"[%s] interface = %s: must be auto or an interface's name", section,
			wan->interface);
	status = settings_wan_targets(settings, index, &targets, err);
	return status < 0 ? status : check_probes(settings, &targets, section, err);
}

/* What the table cannot check: lists, addresses, and what is too much together. */
static int check(const struct settings *settings, struct err *err)
{
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	struct settings_stamp stamp;
	struct settings_dns dns;
	size_t count;
	int status;

	if (settings->slot_s < settings->round_s)
		return err_set(err, -EINVAL,
			"[agent] round_s = %lld: must be at most slot_s (%lld): "
			"a slot without a round says nothing",
			settings->round_s, settings->slot_s);
	status = settings_collectors(settings, collectors, &count, err);
	for (size_t i = 0; i < SETTINGS_WANS && status == 0; i++)
		if (i == 0 || *settings->wans[i].name)
			status = check_wan(settings, i, err);
	if (status == 0 && strcmp(settings->wans[0].name, settings->wans[1].name) == 0)
		status = err_set(err, -EINVAL, "[wan] and [wan2] have the same name, %s",
			settings->wans[0].name);
	if (status == 0)
		status = settings_stamp(settings, &stamp, err);
	if (status == 0)
		status = settings_dns(settings, &dns, err);
	return status;
}

/* ---- life */

int settings_finish(struct settings *settings, struct err *err)
{
	int status;

	fill_in(settings);
	status = check(settings, err);
	if (status == 0)
		status = settings_check_load(settings, NULL, err);
	if (status < 0)
		settings_done(settings);
	return status;
}

int settings_load(struct settings *ret_settings, const char *path, struct err *err)
{
	int status;

	memset(ret_settings, 0, sizeof(*ret_settings));
	status = conf_load(settings_table, ret_settings, path, err);
	if (status < 0)
		return status;
	status = settings_finish(ret_settings, err);
	return status < 0 ? err_prefix(err, "%s", path) : 0;
}

int settings_default(struct settings *ret_settings, struct err *err)
{
	/* As the file would say it: 0 stays 0. */
	memset(ret_settings, 0, sizeof(*ret_settings));
	return conf_defaults(settings_table, ret_settings, err);
}

void settings_print(const struct settings *settings, FILE *out)
{
	conf_print(settings_table, settings, out);
}

void settings_done(struct settings *settings)
{
	conf_done(settings_table, settings);
}
