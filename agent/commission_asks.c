/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/commission_asks.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/commission_evidence.h"
#include "agent/echoes.h"
#include "agent/net/netlink.h"
#include "agent/probe_once.h"
#include "agent/probes/probe.h"

#define ECHO_COUNT 50
#define ECHO_EVERY_MS 100
#define GATEWAY_COUNT 10
#define LOSS_BEARABLE 10 /* of 50: more is no link to be accepted */

struct asks {
	const struct commission_order *order;
	struct certificate *certificate;
	struct wan *wan;
};

static const char *say(const struct asks *asks, enum word word)
{
	return words_text(asks->order->language, word);
}

/* ---- the link */

static void add_facts(struct asks *asks)
{
	struct address gateway = wan_gateway(asks->wan);
	char address[ADDRESS_TEXT_BYTES], text[160];
	struct wan_reading reading;

	wan_read(asks->wan, &reading);
	snprintf(text, sizeof(text), "%s, %s, %s", asks->order->settings->wans[0].name,
		wan_interface_name(asks->wan),
		say(asks,
			reading.carrier == CARRIER_DOWN ? WORD_CERTIFICATE_NO_CARRIER
							: WORD_CERTIFICATE_CARRIER));
	certificate_add(asks->certificate, "wan", WORD_CERTIFICATE_WAN, text);
	if (reading.address.length)
		address_format(&reading.address, address);
	certificate_add(asks->certificate, "address", WORD_CERTIFICATE_ADDRESS,
		reading.address.length ? address : say(asks, WORD_NO_ADDRESS));
	if (!gateway.length)
		return;
	address_format(&gateway, address);
	certificate_add(asks->certificate, "gateway", WORD_CERTIFICATE_GATEWAY, address);
}

/* ---- echoes */

static void add_echoes(
	struct asks *asks, const char *key, enum word label, const struct echoes *echoes)
{
	unsigned lost = echoes->sent - echoes->answered;
	unsigned loss_permille = lost * 1000 / echoes->sent;
	char text[160];

	if (echoes->answered)
		snprintf(text, sizeof(text), "%u/%u, %s %u.%u %%, RTT %u.%u ms", echoes->answered,
			echoes->sent, say(asks, WORD_CERTIFICATE_LOSS), loss_permille / 10,
			loss_permille % 10, echoes->median_us / 1000,
			echoes->median_us % 1000 / 100);
	else
		snprintf(text, sizeof(text), "0/%u%s%s", echoes->sent,
			echoes->refusal != REFUSAL_NONE ? ", " : "",
			echoes->refusal != REFUSAL_NONE ? probe_refusal_name(echoes->refusal) : "");
	certificate_add(asks->certificate, key, label, text);
}

/* Those of a class that are asked by echo. */
static size_t pick(const struct asks *asks, enum target_class class,
	struct target ret_targets[SLOT_TARGETS_MAX])
{
	struct target all[SLOT_TARGETS_MAX];
	size_t count = wan_targets(asks->wan, all), picked = 0;

	for (size_t i = 0; i < count; i++)
		if (all[i].class == class && !all[i].port)
			ret_targets[picked++] = all[i];
	return picked;
}

static int ask_gateway(struct asks *asks, struct err *err)
{
	struct target targets[SLOT_TARGETS_MAX];
	struct echoes_order order = {
		.wan = asks->wan, .targets = targets, .count = GATEWAY_COUNT, .every_ms = 50};
	struct echoes echoes;
	int status;

	order.target_count = pick(asks, CLASS_GATEWAY, targets);
	if (!order.target_count)
		return 0;
	status = echoes_run(&order, &echoes, err);
	if (status == 0)
		add_echoes(asks, "gateway_echo", WORD_CERTIFICATE_TO_GATEWAY, &echoes);
	return status;
}

static int ask_internet(struct asks *asks, bool *ret_answers, struct err *err)
{
	struct target targets[SLOT_TARGETS_MAX];
	struct echoes_order order = {.wan = asks->wan,
		.targets = targets,
		.count = ECHO_COUNT,
		.every_ms = ECHO_EVERY_MS};
	struct echoes echoes;
	int status;

	order.target_count = pick(asks, CLASS_INTERNET, targets);
	if (!order.target_count)
		return 0;
	status = echoes_run(&order, &echoes, err);
	if (status < 0)
		return status;
	add_echoes(asks, "internet_echo", WORD_CERTIFICATE_TO_INTERNET, &echoes);
	*ret_answers = echoes.answered + LOSS_BEARABLE >= ECHO_COUNT;
	return 0;
}

/* ---- one of each kind, by the same code as `pantau-agent probe` */

static void add_probe(struct asks *asks, const char *kind, const char *target)
{
	const struct probe_order order = {
		.kind = kind, .target = target, .config = asks->order->config};
	char *text = NULL, value[OBSERVATION_VALUE_MAX + 1];
	size_t size = 0, begin;
	FILE *out;
	struct err err;

	if (!*target)
		return;
	out = open_memstream(&text, &size);
	if (!out)
		return;
	if (probe_once(&order, out, &err) < 0 && ftell(out) == 0)
		fprintf(out, "%s", err.text);
	fclose(out);
	/* The kind is the label already. */
	begin = strncmp(text, kind, strlen(kind)) == 0 ? strlen(kind) + 1 : 0;
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(text + begin, "\n"), text + begin);
	free(text);
	certificate_add_as(asks->certificate, kind, kind, value);
}

static void add_probes(struct asks *asks)
{
	const struct settings *settings = asks->order->settings;
	struct address resolvers[RESOLVERS_MAX];
	char resolver[ADDRESS_TEXT_BYTES] = "";

	add_probe(asks, "tcp", settings->wans[0].tcp_target);
	if (wan_resolvers(asks->wan, resolvers) && strcmp(settings->dns.resolvers, "off") != 0)
		address_format(&resolvers[0], resolver);
	add_probe(asks, "dns", resolver);
	add_probe(asks, "stamp", settings->stamp.target);
	add_probe(asks, "http", settings->http.url);
	add_probe(asks, "speed", settings->speed.server);
}

/* ---- all of it */

static int open_wan(struct asks *asks, int netlink, struct err *err)
{
	struct settings_target targets;
	int status = settings_wan_targets(asks->order->settings, 0, &targets, err);

	if (status < 0)
		return status;
	status = wan_new(netlink, asks->order->settings->wans[0].interface, &targets, &asks->wan);
	if (status < 0)
		return err_errno(err, status, "WAN");
	wan_refresh(asks->wan);
	return 0;
}

int commission_ask(const struct commission_order *order, struct certificate *certificate,
	bool *ret_answers, struct err *err)
{
	struct asks asks = {.order = order, .certificate = certificate};
	int netlink = netlink_open(0);
	int status;

	if (netlink < 0)
		return err_errno(err, netlink, "rtnetlink");
	status = open_wan(&asks, netlink, err);
	if (status == 0) {
		add_facts(&asks);
		status = ask_gateway(&asks, err);
	}
	if (status == 0)
		status = ask_internet(&asks, ret_answers, err);
	if (status == 0) {
		add_probes(&asks);
		commission_add_evidence(order->settings->evidence.folder, certificate);
	}
	wan_free(asks.wan);
	close(netlink);
	return status;
}
