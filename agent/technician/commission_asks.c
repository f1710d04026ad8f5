/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/commission_asks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "agent/technician/commission_samples.h"
#include "agent/technician/echoes.h"
#include "agent/net/netlink.h"
#include "agent/probes/icmp.h"
#include "agent/probes/stamp.h"
#include "agent/probes/tcp.h"
#include "agent/uplink/kept_addresses.h"

#define ECHO_COUNT 50
#define ECHO_EVERY_MS 100
#define GATEWAY_COUNT 10
#define GATEWAY_EVERY_MS 50
#define LOSS_BEARABLE 5 /* of 50: more is no good link */

struct asks {
	const struct commission_order *order;
	struct certificate *certificate;
	struct wan *wan;
	bool failed; /* something did */
};

static const char *say(const struct asks *asks, enum word word)
{
	return words_text(asks->order->language, word);
}

/* ---- the link */

static void add_facts(struct asks *asks)
{
	struct certificate *certificate = asks->certificate;
	const char *interface = wan_interface_name(asks->wan);
	char address[ADDRESS_TEXT_BYTES] = "", gateway[ADDRESS_TEXT_BYTES] = "", text[120];
	struct address next = wan_gateway(asks->wan);
	struct wan_reading reading;

	wan_read(asks->wan, &reading);
	if (reading.address.length)
		address_format(&reading.address, address);
	if (next.length)
		address_format(&next, gateway);
	snprintf(text, sizeof(text), "%s%s%s", *address ? address : say(asks, WORD_NO_ADDRESS),
		*gateway ? " -> " : "", gateway);
	certificate_show(certificate, "WAN", interface);
	certificate_show(certificate, say(asks, WORD_LABEL_ADDRESS), text);
	certificate_keep(certificate, "interface", interface);
	certificate_keep(certificate, "carrier", reading.carrier == CARRIER_DOWN ? "down" : "up");
	certificate_keep(certificate, "address", address);
	certificate_keep(certificate, "gateway", gateway);
}

/* ---- echoes */

static void say_echoes(struct asks *asks, const char *label, const struct echoes *echoes)
{
	char answered[12], sent[12], median[24];

	snprintf(answered, sizeof(answered), "%u", echoes->answered);
	snprintf(sent, sizeof(sent), "%u", echoes->sent);
	snprintf(median, sizeof(median), "%u.%u", echoes->median_us / 1000,
		echoes->median_us / 100 % 10);
	if (echoes->refusal != REFUSAL_NONE && !echoes->answered)
		certificate_say(asks->certificate, label, WORD_CERTIFICATE_UNSENT,
			(const char *[4]){probe_refusal_name(echoes->refusal)});
	else if (echoes->sent == 1)
		certificate_say(asks->certificate, label,
			echoes->answered ? WORD_CERTIFICATE_ANSWERED : WORD_CERTIFICATE_LOST,
			(const char *[4]){median});
	else
		certificate_say(asks->certificate, label, WORD_CERTIFICATE_ECHOES,
			(const char *[4]){answered, sent, median});
}

/* "internet_sent", "internet_lost", "internet_rtt_us". */
static void keep_echoes(struct asks *asks, const char *key, const struct echoes *echoes)
{
	char name[OBSERVATION_KEY_MAX + 1];

	snprintf(name, sizeof(name), "%s_sent", key);
	certificate_keep_number(asks->certificate, name, echoes->sent);
	snprintf(name, sizeof(name), "%s_lost", key);
	certificate_keep_number(asks->certificate, name, echoes->sent - echoes->answered);
	snprintf(name, sizeof(name), "%s_rtt_us", key);
	if (echoes->answered)
		certificate_keep_number(asks->certificate, name, echoes->median_us);
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

struct echo_question {
	enum target_class class;
	unsigned count, every_ms;
	enum word label;
	const char *key; /* of the figures that the collector keeps */
};

/* 1: they were sent; 0: there is nobody of that class to ask. */
static int ask_echoes(struct asks *asks, const struct echo_question *question,
	struct echoes *ret_echoes, struct err *err)
{
	struct target targets[SLOT_TARGETS_MAX];
	struct echoes_order order = {
		.wan = asks->wan,
		.type = &probe_icmp,
		.targets = targets,
		.target_count = pick(asks, question->class, targets),
		.count = question->count,
		.every_ms = question->every_ms,
	};
	int status;

	if (!order.target_count)
		return 0;
	status = echoes_run(&order, ret_echoes, err);
	if (status < 0)
		return status;
	say_echoes(asks, say(asks, question->label), ret_echoes);
	keep_echoes(asks, question->key, ret_echoes);
	return 1;
}

/* One that never answers pings is no failure. */
static int ask_gateway(struct asks *asks, struct err *err)
{
	static const struct echo_question question = {
		CLASS_GATEWAY, GATEWAY_COUNT, GATEWAY_EVERY_MS, WORD_LABEL_TO_GATEWAY, "gateway"};
	struct echoes echoes;
	int status = ask_echoes(asks, &question, &echoes, err);

	return status < 0 ? status : 0;
}

static int ask_internet(struct asks *asks, enum commission_result *ret_result, struct err *err)
{
	static const struct echo_question question = {
		CLASS_INTERNET, ECHO_COUNT, ECHO_EVERY_MS, WORD_LABEL_TO_INTERNET, "internet"};
	struct echoes echoes;
	int status = ask_echoes(asks, &question, &echoes, err);

	if (status <= 0)
		return status;
	if (echoes.answered * 2 < echoes.sent)
		*ret_result = COMMISSION_BAD;
	else if (echoes.answered + LOSS_BEARABLE < echoes.sent)
		asks->failed = true;
	return 0;
}

/* ---- one question of a kind */

static int ask_one(struct asks *asks, const struct probe_type *type, const struct target *target,
	const struct probe_secret *secret, struct err *err)
{
	const struct echoes_order order = {
		.wan = asks->wan,
		.type = type,
		.secret = secret,
		.targets = target,
		.target_count = 1,
		.count = 1,
		.every_ms = 1,
	};
	char key[OBSERVATION_KEY_MAX + 1];
	struct echoes echoes;
	int status = echoes_run(&order, &echoes, err);

	if (status < 0)
		return status;
	say_echoes(asks, type->name, &echoes);
	snprintf(key, sizeof(key), "%s_us", type->name);
	if (echoes.answered)
		certificate_keep_number(asks->certificate, key, echoes.median_us);
	else
		certificate_keep(asks->certificate, type->name,
			echoes.refusal == REFUSAL_NONE ? "lost" : "refused");
	asks->failed |= !echoes.answered;
	return 0;
}

static int ask_tcp(struct asks *asks, struct err *err)
{
	struct target target = {.class = CLASS_INTERNET};
	const char *text = asks->order->settings->wans[0].tcp_target;

	if (!*text || settings_parse_endpoint(text, &target) < 0)
		return 0;
	return ask_one(asks, &probe_tcp, &target, NULL, err);
}

static int ask_stamp(struct asks *asks, struct err *err)
{
	struct settings_stamp stamp;
	struct probe_secret secret;
	const struct settings *settings = asks->order->settings;
	int status = settings_stamp(settings, &stamp, err);

	if (status < 0 || !stamp.target.port)
		return status;
	if (*stamp.collector &&
		!kept_addresses_find(
			settings->state_folder, stamp.collector, &stamp.target.address))
		return 0; /* no agent found it yet */
	memcpy(secret.key, stamp.key, sizeof(secret.key));
	secret.identifier = stamp.identifier;
	return ask_one(asks, &probe_stamp, &stamp.target, &secret, err);
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

static int ask_all(struct asks *asks, enum commission_result *ret_result, struct err *err)
{
	int status = ask_gateway(asks, err);

	if (status == 0)
		status = ask_internet(asks, ret_result, err);
	if (status == 0)
		status = ask_tcp(asks, err);
	if (status == 0)
		status = ask_stamp(asks, err);
	if (status == 0)
		asks->failed |= !commission_sample(asks->order, asks->wan, asks->certificate);
	if (status == 0 && asks->failed && *ret_result == COMMISSION_GOOD)
		*ret_result = COMMISSION_PARTLY;
	return status;
}

int commission_ask(const struct commission_order *order, struct certificate *certificate,
	enum commission_result *ret_result, struct err *err)
{
	struct asks asks = {.order = order, .certificate = certificate};
	int netlink = netlink_open(0);
	int status;

	if (netlink < 0)
		return err_errno(err, netlink, "rtnetlink");
	*ret_result = COMMISSION_GOOD;
	status = open_wan(&asks, netlink, err);
	if (status == 0) {
		add_facts(&asks);
		status = ask_all(&asks, ret_result, err);
	}
	wan_free(asks.wan);
	close(netlink);
	return status;
}
