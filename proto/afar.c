/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/afar.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf_value.h"
#include "common/endpoint.h"
#include "proto/afar_keys.h"
#include "proto/public.h"

#define HOST_BYTES 254 /* the longest name in DNS, and its 0 */
#define LABEL_MAX 63
#define PORT_STAMP 862 /* the lowest port of a system service that a reflector has */

const char *const afar_levels[] = {"error", "warn", "info", "debug", NULL};
const char *const afar_profiles[] = {"default", "metered", NULL};

#define TEXT(section_, key_, member, fallback_, rule, help_)                            \
	{                                                                               \
		.section = section_, .key = key_, .type = CONF_TEXT, .from_afar = rule, \
		.help = help_                                                           \
	}
#define NUMBER(section_, key_, member, fallback_, min_, max_, least_, most_, help_)              \
	{                                                                                        \
		.section = section_, .key = key_, .type = CONF_NUMBER, .min = min_, .max = max_, \
		.from_afar = AFAR_FREE, .least = least_, .most = most_, .help = help_            \
	}
#define CHOICE(section_, key_, member, fallback_, choices_, help_)                          \
	{                                                                                   \
		.section = section_, .key = key_, .type = CONF_CHOICE, .choices = choices_, \
		.from_afar = AFAR_FREE, .help = help_                                       \
	}
#define SWITCH(section_, key_, member, fallback_, help_)                                       \
	{                                                                                      \
		.section = section_, .key = key_, .type = CONF_SWITCH, .from_afar = AFAR_FREE, \
		.help = help_                                                                  \
	}
#define ROWS TEXT, NUMBER, CHOICE, SWITCH
#define KEYS(list, ...) list(__VA_ARGS__)

const struct conf_key afar_keys[] = {
	KEYS(AFAR_AGENT, ROWS),
	KEYS(AFAR_WAN_TARGETS, "wan", 0, ROWS),
	KEYS(AFAR_WAN_FOUND, "wan", 0, ROWS),
	KEYS(AFAR_WAN_TARGETS, "wan2", 1, ROWS),
	KEYS(AFAR_WAN_FOUND, "wan2", 1, ROWS),
	KEYS(AFAR_DNS, ROWS),
	KEYS(AFAR_HTTP, ROWS),
	KEYS(AFAR_SPEED, ROWS),
	KEYS(AFAR_STAMP, ROWS),
	KEYS(AFAR_EVIDENCE, ROWS),
	KEYS(AFAR_USAGE, ROWS),
	{.section = NULL},
};

const struct conf_key *afar_find_name(const char *name)
{
	const char *dot = strchr(name, '.');

	for (const struct conf_key *row = afar_keys; dot && row->section; row++)
		if (strlen(row->section) == (size_t)(dot - name) &&
			strncmp(row->section, name, (size_t)(dot - name)) == 0 &&
			strcmp(row->key, dot + 1) == 0)
			return row;
	return NULL;
}

/* ---- by type */

static int check_type(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES])
{
	union {
		char *text;
		long long number;
		int choice;
		bool on;
	} member = {0};
	struct conf_key type = *key;
	char why[CONF_WHY_BYTES];
	int r;

	if (key->type == CONF_NUMBER && key->min == 0 && strcmp(value, "0") == 0)
		return 0;
	type.offset = 0;
	if (key->type == CONF_NUMBER) {
		type.min = key->least;
		type.max = key->most;
	} else if (key->type == CONF_TEXT) {
		type.max = AFAR_VALUE_MAX;
	}
	r = conf_value_set(&type, &member, value, why);
	conf_value_clear(&type, &member);
	if (r < 0)
		snprintf(ret_why, CONF_WHY_BYTES, "%.130s%s", why,
			key->type == CONF_NUMBER ? " from afar" : "");
	return r;
}

/* ---- by rule */

static int say(char ret_why[CONF_WHY_BYTES], const char *subject, const char *what)
{
	snprintf(ret_why, CONF_WHY_BYTES, "%.60s%s", subject, what);
	return -EINVAL;
}

static int check_public(const char *address, char ret_why[CONF_WHY_BYTES])
{
	int public = public_text(address);

	if (public < 0)
		return say(ret_why, address, " is no IPv4 or IPv6 address");
	return public ? 0 : say(ret_why, address, " is not a public address");
}

static int check_addresses(const char *value, char ret_why[CONF_WHY_BYTES])
{
	char item[HOST_BYTES];
	size_t count = 0;
	int r = 0;

	for (; r == 0 && list_next(&value, item, sizeof(item)); count++)
		r = check_public(item, ret_why);
	return r == 0 && !count ? say(ret_why, "", "must be at least one address") : r;
}

/* ---- internet targets: no single host's or network's trouble may look like an outage */

#define TARGETS_LEAST 3
#define NETWORKS_LEAST 2
#define NETWORK_BYTES 2 /* of an address: a /16, with IPv6 a /16 too: far apart is what counts */
#define TARGETS_LOOKED_AT 16 /* no WAN takes more */

struct variety { /* 4 bytes of IPv4 in front of zeros cannot be a public IPv6 address */
	uint8_t items[TARGETS_LOOKED_AT][16];
	size_t count;
};

static bool is_new(const struct variety *variety, const uint8_t *item, size_t bytes)
{
	for (size_t i = 0; i < variety->count; i++)
		if (memcmp(variety->items[i], item, bytes) == 0)
			return false;
	return true;
}

static int check_variety(const char *value, char ret_why[CONF_WHY_BYTES])
{
	struct variety variety = {.count = 0};
	char item[HOST_BYTES];
	size_t networks = 0;

	while (variety.count < TARGETS_LOOKED_AT && list_next(&value, item, sizeof(item))) {
		uint8_t *bytes = variety.items[variety.count];

		if (inet_pton(AF_INET, item, bytes) != 1 && inet_pton(AF_INET6, item, bytes) != 1)
			continue;
		if (!is_new(&variety, bytes, sizeof(variety.items[0]))) {
			memset(bytes, 0, sizeof(variety.items[0]));
			continue;
		}
		networks += is_new(&variety, bytes, NETWORK_BYTES);
		variety.count++;
	}
	if (variety.count >= TARGETS_LEAST && networks >= NETWORKS_LEAST)
		return 0;
	return say(ret_why, "", "must be at least 3 addresses, in at least 2 networks");
}

static int check_internet(const char *value, char ret_why[CONF_WHY_BYTES])
{
	int r = check_addresses(value, ret_why);

	return r < 0 ? r : check_variety(value, ret_why);
}

static bool is_server_port(int port)
{
	static const int ports[] = {53, 80, 443, 853, 8080, 8443};

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

static int check_endpoint(const char *value, enum afar_rule rule, char ret_why[CONF_WHY_BYTES])
{
	char host[HOST_BYTES], port[ENDPOINT_PORT_BYTES] = "";

	if (!*value)
		return 0;
	if (endpoint_split(value, host, sizeof(host), port) < 0 || !*port)
		return say(ret_why, value, " is not ADDRESS:PORT");
	if (rule == AFAR_TCP && !is_server_port(atoi(port)))
		return say(ret_why, port, " is none of the ports 53, 80, 443, 853, 8080, 8443");
	if (rule == AFAR_UDP && atoi(port) < PORT_STAMP)
		return say(ret_why, port, " is a system service's port");
	return check_public(host, ret_why);
}

/* Letters, digits and hyphens between dots; the last part is no number, or it might be read as an
 * address. */
static bool is_host(const char *name)
{
	const char *label = name, *last = name;
	size_t length = strlen(name);

	if (length == 0 || length >= HOST_BYTES || !strchr(name, '.'))
		return false;
	for (; *label; label += *label == '.') {
		size_t size = strcspn(label, ".");

		if (size < 1 || size > LABEL_MAX || label[0] == '-' || label[size - 1] == '-')
			return false;
		for (size_t i = 0; i < size; i++)
			if (!isalnum((unsigned char)label[i]) && label[i] != '-')
				return false;
		last = label;
		label += size;
	}
	return isalpha((unsigned char)*last) && name[length - 1] != '.';
}

static int check_url(const char *value, char ret_why[CONF_WHY_BYTES])
{
	char authority[HOST_BYTES + 8], host[HOST_BYTES], port[ENDPOINT_PORT_BYTES] = "443";
	const char *at = value;
	size_t length;

	if (!*value)
		return 0;
	if (strncmp(at, "https://", 8) == 0)
		at += 8;
	else if (strncmp(at, "http://", 7) == 0)
		at += 7;
	else
		return say(ret_why, value, " does not begin with http:// or https://");
	length = strcspn(at, "/?#");
	if (length >= sizeof(authority) || strcspn(value, " \"'`\\<>{}|^") != strlen(value))
		return say(ret_why, value, " is no URL");
	snprintf(authority, sizeof(authority), "%.*s", (int)length, at);
	if (strchr(authority, '@') || endpoint_split(authority, host, sizeof(host), port) < 0)
		return say(ret_why, authority, " is not HOST or HOST:PORT");
	if (!is_server_port(atoi(port)) || atoi(port) == 53 || atoi(port) == 853)
		return say(ret_why, port, " is none of the ports 80, 443, 8080, 8443");
	if (public_text(host) >= 0)
		return check_public(host, ret_why);
	return is_host(host) ? 0 : say(ret_why, host, " is no name with a dot, and no address");
}

static int check_rule(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES])
{
	switch ((enum afar_rule)key->from_afar) {
	case AFAR_FREE: break;
	case AFAR_ADDRESSES: return check_internet(value, ret_why);
	case AFAR_FOUND:
		if (strcmp(value, "auto") == 0 || strcmp(value, "off") == 0)
			return 0;
		return check_addresses(value, ret_why);
	case AFAR_TCP:
	case AFAR_UDP: return check_endpoint(value, (enum afar_rule)key->from_afar, ret_why);
	case AFAR_URL: return check_url(value, ret_why);
	case AFAR_HOST: return is_host(value) ? 0 : say(ret_why, value, " is no name in DNS");
	}
	return 0;
}

/* What could end the line or begin a comment is not told to anybody. */
static bool is_plain(const char *value)
{
	for (; *value; value++)
		if (*value < ' ' || *value > '~' || *value == ';')
			return false;
	return true;
}

int afar_check(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES])
{
	int r;

	if (!is_plain(value))
		return say(ret_why, "", "must be printable ASCII without ;");
	r = check_type(key, value, ret_why);
	return r < 0 ? r : check_rule(key, value, ret_why);
}
