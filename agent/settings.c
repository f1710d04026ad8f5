/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/settings.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/sched.h"
#include "agent/net/address.h"
#include "agent/spool.h"
#include "common/log.h"

static const char *const levels[] = {"error", "warn", "info", "debug", NULL};

#define SPOOL_BYTES_MAX \
	(1LL << 30) /* held in memory by number, not by record: a gigabyte is fine */
#define AT(member) offsetof(struct settings, member)

#define TEXT(section_, key_, member, fallback_, help_)                                     \
	{                                                                                  \
		.section = section_, .key = key_, .type = CONF_TEXT, .offset = AT(member), \
		.fallback = fallback_, .help = help_                                       \
	}
#define NUMBER(key_, member, fallback_, min_, max_, help_)                                  \
	{                                                                                   \
		.section = "agent", .key = key_, .type = CONF_NUMBER, .offset = AT(member), \
		.fallback = fallback_, .min = min_, .max = max_, .help = help_              \
	}
/* The keys of one WAN's section. */
#define WAN(section, index, name_)                                                                 \
	TEXT(section, "name", wans[index].name, name_,                                             \
		"the WAN's name in the records; empty: this section is off"),                      \
		TEXT(section, "interface", wans[index].interface, "auto",                          \
			"its interface; auto: that of the default route"),                         \
		TEXT(section, "internet_targets", wans[index].internet_targets,                    \
			"1.1.1.1, 8.8.8.8, 9.9.9.9",                                               \
			"addresses asked in turn, one a round; better in different networks"),     \
		TEXT(section, "tcp_target", wans[index].tcp_target, "1.1.1.1:443",                 \
			"ADDRESS:PORT asked by TCP before a round counts as lost; empty: nobody"), \
		TEXT(section, "gateway_target", wans[index].gateway_target, "auto",                \
			"auto (from the routing table), off, or an address"),                      \
		TEXT(section, "provider_targets", wans[index].provider_targets, "auto",            \
			"auto (resolvers of /etc/resolv.conf), off, or addresses"),                \
		TEXT(section, "edge_targets", wans[index].edge_targets, "",                        \
			"addresses of the first hop beyond the premises; empty: none")

const struct conf_key settings_table[] = {
	TEXT("collector", "address", collector, "localhost:7443",
		"collectors to report to, tried in turn: HOST:PORT, separated by commas"),
	TEXT("collector", "server_name", server_name, "pantau-collector",
		"the name that the collector's certificate must bear"),
	TEXT("collector", "ca", ca, "/etc/pantau/ca.crt", "the private CA (PEM)"),
	TEXT("collector", "certificate", certificate, "/etc/pantau/agent.crt",
		"this agent's certificate (PEM)"),
	TEXT("collector", "key", key, "/etc/pantau/agent.key", "its private key (PEM)"),
	TEXT("agent", "state_folder", state_folder, "/var/lib/pantau-agent",
		"the counter of starts; must survive a reboot (on a router: on flash)"),
	TEXT("agent", "spool_folder", spool_folder, "/var/lib/pantau-agent/spool",
		"records wait here until they are acknowledged (on a router: in RAM)"),
	NUMBER("spool_bytes", spool_bytes, "2097152", SPOOL_BYTES_MIN, SPOOL_BYTES_MAX,
		"most bytes that the spool may take"),
	TEXT("agent", "runtime_folder", runtime_folder, "/run/pantau-agent",
		"status.json is written here, for `pantau-agent status`"),
	NUMBER("slot_s", slot_s, "60", 1, 60, "length of a slot in seconds: a report follows each"),
	NUMBER("round_s", round_s, "10", 1, 60, "seconds between rounds of questions"),
	TEXT("agent", "user", user, "", "become this user once the sockets are open; empty: stay"),
	{.section = "agent",
		.key = "log_level",
		.type = CONF_CHOICE,
		.offset = AT(log_level),
		.fallback = "info",
		.choices = levels,
		.help = "error, warn, info or debug"},
	WAN("wan", 0, "wan"),
	WAN("wan2", 1, ""),
	{.section = NULL},
};

static const char *const sections[SETTINGS_WANS] = {"wan", "wan2"};

/* ---- lists */

/* Copies the next item of a list with commas, without the blanks around it. false: none left. */
static bool next_item(const char **list, char *ret_item, size_t size)
{
	const char *at = *list + strspn(*list, " \t,");
	size_t length = strcspn(at, ",");

	*list = at + length;
	while (length && strchr(" \t", at[length - 1]))
		length--;
	if (!length)
		return false;
	snprintf(ret_item, size, "%.*s", (int)length, at);
	return true;
}

struct key { /* for words about what is wrong with it */
	const char *section, *key;
};

static int complain(struct err *err, const struct key *key, const char *value, const char *allowed)
{
	return err_set(
		err, -EINVAL, "[%s] %s = %s: must be %s", key->section, key->key, value, allowed);
}

static int add_target(struct settings_target *targets, const struct target *target,
	const struct key *key, struct err *err)
{
	if (targets->count == SCHED_TARGETS_MAX)
		return err_set(err, -E2BIG, "[%s] %s: more than %d targets in all", key->section,
			key->key, SCHED_TARGETS_MAX);
	targets->targets[targets->count++] = *target;
	return 0;
}

static int add_list(struct settings_target *targets, enum target_class class, const char *list,
	const struct key *key, struct err *err)
{
	struct target target = {.class = class};
	char item[128];
	int status = 0;

	while (status == 0 && next_item(&list, item, sizeof(item))) {
		if (address_parse(item, &target.address) < 0)
			return complain(err, key, item, "an IPv4 or IPv6 address");
		status = add_target(targets, &target, key, err);
	}
	return status;
}

/* "host:port", "[host]:port" or "host"; a bare IPv6 address has no port. */
static int split_port(const char *text, char *ret_host, size_t host_size, char ret_port[6])
{
	bool bracket = text[0] == '[';
	const char *host = text + bracket;
	const char *end = bracket ? strchr(host, ']') : strchr(host, ':');
	const char *port = end ? end + bracket : NULL;

	if (!bracket && end && strchr(end + 1, ':'))
		end = port = NULL; /* IPv6 without brackets */
	if (!end)
		end = host + strlen(host);
	if (end == host || (size_t)(end - host) >= host_size)
		return -EINVAL;
	if (port && *port) {
		long number = strtol(port + 1, NULL, 10);

		if (*port != ':' || strspn(port + 1, "0123456789") != strlen(port + 1) ||
			number < 1 || number > 65535)
			return -EINVAL;
		snprintf(ret_port, 6, "%ld", number);
	}
	snprintf(ret_host, host_size, "%.*s", (int)(end - host), host);
	return 0;
}

int settings_parse_endpoint(const char *text, struct target *ret_target)
{
	char host[128], port[6] = "";
	struct address address;

	if (split_port(text, host, sizeof(host), port) < 0 || !*port ||
		address_parse(host, &address) < 0)
		return -EINVAL;
	ret_target->address = address;
	ret_target->port = (uint16_t)atoi(port);
	return 0;
}

static int add_tcp(
	struct settings_target *targets, const char *text, const struct key *key, struct err *err)
{
	struct target target = {.class = CLASS_INTERNET};

	if (!*text)
		return 0;
	if (settings_parse_endpoint(text, &target) < 0)
		return complain(
			err, key, text, "ADDRESS:PORT, such as 1.1.1.1:443 or [2001:db8::1]:443");
	return add_target(targets, &target, key, err);
}

/* auto, off, or a list. */
static int add_auto(struct settings_target *targets, enum target_class class, const char *text,
	const struct key *key, struct err *err)
{
	bool is_auto = strcmp(text, "auto") == 0;

	if (class == CLASS_GATEWAY)
		targets->gateway_auto = is_auto;
	else
		targets->provider_auto = is_auto;
	if (is_auto || strcmp(text, "off") == 0)
		return 0;
	return add_list(targets, class, text, key, err);
}

int settings_wan_targets(const struct settings *settings, size_t index,
	struct settings_target *ret_targets, struct err *err)
{
	const struct settings_wan *wan = &settings->wans[index];
	struct key key = {sections[index], "internet_targets"};
	struct settings_target targets = {0};
	int status = add_list(&targets, CLASS_INTERNET, wan->internet_targets, &key, err);

	if (status == 0 && !targets.count)
		status = complain(err, &key, "", "at least one address");
	key.key = "tcp_target";
	if (status == 0)
		status = add_tcp(&targets, wan->tcp_target, &key, err);
	key.key = "gateway_target";
	if (status == 0)
		status = add_auto(&targets, CLASS_GATEWAY, wan->gateway_target, &key, err);
	key.key = "edge_targets";
	if (status == 0)
		status = add_list(&targets, CLASS_EDGE, wan->edge_targets, &key, err);
	key.key = "provider_targets";
	if (status == 0)
		status = add_auto(&targets, CLASS_PROVIDER, wan->provider_targets, &key, err);
	if (status == 0)
		*ret_targets = targets;
	return status;
}

int settings_collectors(const struct settings *settings,
	struct settings_collector ret_collectors[SETTINGS_COLLECTORS], size_t *ret_count,
	struct err *err)
{
	const struct key key = {"collector", "address"};
	const char *list = settings->collector;
	size_t count = 0;
	char item[300];

	while (next_item(&list, item, sizeof(item))) {
		struct settings_collector *collector = &ret_collectors[count];

		if (count == SETTINGS_COLLECTORS)
			return complain(err, &key, settings->collector, "at most 4 collectors");
		snprintf(collector->port, sizeof(collector->port), "%d", PROTO_PORT);
		if (split_port(item, collector->host, sizeof(collector->host), collector->port) < 0)
			return complain(err, &key, item, "HOST:PORT");
		count++;
	}
	if (!count)
		return complain(err, &key, settings->collector, "at least one HOST:PORT");
	*ret_count = count;
	return 0;
}

/* ---- checking */

/* The most probes that a slot can hold when every round is lost. */
static int check_probes(const struct settings *settings, const struct settings_target *targets,
	const char *section, struct err *err)
{
	size_t found = (targets->gateway_auto ? 1 : 0) + (targets->provider_auto ? 2 : 0);
	size_t all = targets->count + found, near = found;
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

static bool is_wan_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 1 && length <= WAN_NAME_MAX &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == length;
}

static int check_wan(const struct settings *settings, size_t index, struct err *err)
{
	const struct settings_wan *wan = &settings->wans[index];
	const struct key name = {sections[index], "name"},
			 interface = {sections[index], "interface"};
	struct settings_target targets;
	int status;

	if (!is_wan_name(wan->name))
		return complain(err, &name, wan->name, "1 to 16 of a-z, 0-9, _ . -");
	if (!*wan->interface || strlen(wan->interface) >= IF_NAMESIZE)
		return complain(err, &interface, wan->interface, "auto or an interface's name");
	status = settings_wan_targets(settings, index, &targets, err);
	return status < 0 ? status : check_probes(settings, &targets, sections[index], err);
}

/* What the table cannot check: lists, addresses, and what is too much together. */
static int check(const struct settings *settings, struct err *err)
{
	struct settings_collector collectors[SETTINGS_COLLECTORS];
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
	return status;
}

/* ---- life */

int settings_load(struct settings *ret_settings, const char *path, struct err *err)
{
	int status;

	memset(ret_settings, 0, sizeof(*ret_settings));
	status = conf_load(settings_table, ret_settings, path, err);
	if (status < 0)
		return status;
	status = check(ret_settings, err);
	if (status < 0) {
		settings_done(ret_settings);
		err_prefix(err, "%s", path);
	}
	return status;
}

int settings_default(struct settings *ret_settings, struct err *err)
{
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
