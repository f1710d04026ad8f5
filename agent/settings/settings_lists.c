/* SPDX-License-Identifier: Apache-2.0 */
/* The lists in the configuration's texts, made into addresses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/dns_packet.h"
#include "agent/core/sched.h"
#include "agent/net/address.h"
#include "agent/settings/settings.h"
#include "common/crypto.h"
#include "common/endpoint.h"

const char *const settings_wan_sections[SETTINGS_WANS] = {"wan", "wan2"};

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

	while (status == 0 && list_next(&list, item, sizeof(item))) {
		if (address_parse(item, &target.address) < 0)
			return complain(err, key, item, "an IPv4 or IPv6 address");
		status = add_target(targets, &target, key, err);
	}
	return status;
}

int settings_parse_endpoint(const char *text, struct target *ret_target)
{
	char host[128], port[6] = "";
	struct address address;

	if (endpoint_split(text, host, sizeof(host), port) < 0 || !*port ||
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
	else if (class == CLASS_EDGE)
		targets->edge_auto = is_auto;
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
	struct key key = {settings_wan_sections[index], "internet_targets"};
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
		status = add_auto(&targets, CLASS_EDGE, wan->edge_targets, &key, err);
	key.key = "provider_targets";
	if (status == 0)
		status = add_auto(&targets, CLASS_PROVIDER, wan->provider_targets, &key, err);
	if (status == 0)
		*ret_targets = targets;
	return status;
}

/* The key is not said again in words: they go into logs. */
static int parse_key(const char *text, struct settings_stamp *stamp, struct err *err)
{
	if (hex_parse(text, stamp->key, sizeof(stamp->key)) == 0)
		return 0;
	return err_set(err, -EINVAL, "[stamp] key: must be %d hexadecimal digits, in lower case",
		2 * SETTINGS_STAMP_KEY_BYTES);
}

/* By a collector's name: its certificate proves where that is, so no resolver stands between. */
static int parse_named(const struct settings *settings, struct settings_stamp *stamp)
{
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	char port[ENDPOINT_PORT_BYTES] = "";
	size_t count;

	if (endpoint_split(
		    settings->stamp.target, stamp->collector, sizeof(stamp->collector), port) < 0 ||
		!*port || settings_collectors(settings, collectors, &count, NULL) < 0)
		return -EINVAL;
	stamp->target.port = (uint16_t)atoi(port);
	while (count-- > 0)
		if (strcmp(collectors[count].host, stamp->collector) == 0)
			return 0;
	return -EINVAL;
}

int settings_stamp(
	const struct settings *settings, struct settings_stamp *ret_stamp, struct err *err)
{
	const struct key key = {"stamp", "target"};
	struct settings_stamp stamp = {
		.target = {.class = CLASS_INTERNET},
		.identifier = (uint16_t)settings->stamp.identifier,
		.every_us = (uint64_t)settings->stamp.interval_s * 1000000,
	};
	int status = 0;

	if (*settings->stamp.target &&
		settings_parse_endpoint(settings->stamp.target, &stamp.target) < 0 &&
		parse_named(settings, &stamp) < 0)
		status = complain(err, &key, settings->stamp.target,
			"ADDRESS:PORT, such as 203.0.113.9:8620 or [2001:db8::9]:8620, or the name "
			"of a collector and a port");
	if (status == 0 && (stamp.target.port || *settings->stamp.key))
		status = parse_key(settings->stamp.key, &stamp, err);
	if (status == 0)
		*ret_stamp = stamp;
	return status;
}

int settings_dns(const struct settings *settings, struct settings_dns *ret_dns, struct err *err)
{
	struct key key = {"dns", "resolvers"};
	const char *list = settings->dns.resolvers;
	struct settings_dns dns = {.is_auto = strcmp(list, "auto") == 0};
	char item[128];

	if (dns_name_check(settings->dns.name) < 0) {
		key.key = "name";
		return complain(err, &key, settings->dns.name, "a host name, such as example.com");
	}
	if (dns.is_auto || strcmp(list, "off") == 0)
		list = "";
	while (list_next(&list, item, sizeof(item))) {
		if (dns.count == SETTINGS_RESOLVERS)
			return complain(err, &key, item, "the fifth: at most 4 addresses");
		if (address_parse(item, &dns.resolvers[dns.count++]) < 0)
			return complain(err, &key, item, "auto, off, or addresses");
	}
	*ret_dns = dns;
	return 0;
}

int settings_collectors(const struct settings *settings,
	struct settings_collector ret_collectors[SETTINGS_COLLECTORS], size_t *ret_count,
	struct err *err)
{
	const struct key key = {"collector", "address"};
	const char *list = settings->collector;
	size_t count = 0;
	char item[300];

	while (list_next(&list, item, sizeof(item))) {
		struct settings_collector *collector = &ret_collectors[count];

		if (count == SETTINGS_COLLECTORS)
			return complain(err, &key, settings->collector, "at most 4 collectors");
		snprintf(collector->port, sizeof(collector->port), "%d", PROTO_PORT);
		if (endpoint_split(
			    item, collector->host, sizeof(collector->host), collector->port) < 0)
			return complain(err, &key, item, "HOST:PORT");
		count++;
	}
	if (!count)
		return complain(err, &key, settings->collector, "at least one HOST:PORT");
	*ret_count = count;
	return 0;
}
