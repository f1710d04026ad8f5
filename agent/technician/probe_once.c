/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/probe_once.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/technician/dns_once.h"
#include "agent/technician/helper_once.h"
#include "agent/net/address.h"
#include "agent/probes/probe.h"
#include "agent/settings/settings.h"
#include "common/clock.h"

struct once {
	const struct probe_secret *secret;
	bool done;
	uint64_t began_us;
	bool at_once; /* what there is of an outcome came long before the timeout */
	struct answer answer;
};

#define AT_ONCE_US (PROBE_TIMEOUT_US / 2)

static void on_done(void *arg, const struct answer *answer)
{
	struct once *once = arg;

	once->done = true;
	once->at_once = clock_boot_us() - once->began_us < AT_ONCE_US;
	once->answer = *answer;
}

static int read_kind(const char *name, const struct probe_type **ret_type, struct err *err)
{
	char known[64] = "";
	size_t length = 0;

	*ret_type = probe_type_named(name);
	if (*ret_type)
		return 0;
	for (size_t i = 0; probe_types[i] && length < sizeof(known); i++)
		length += (size_t)snprintf(
			known + length, sizeof(known) - length, " %s", probe_types[i]->name);
	return err_set(err, -EINVAL, "%s: no such kind of probe; there are:%s dns http speed", name,
		known);
}

static int read_target(
	const struct probe_type *type, const char *text, struct target *ret_target, struct err *err)
{
	struct target target = {.class = CLASS_INTERNET};
	int status = type->has_port ? settings_parse_endpoint(text, &target)
				    : address_parse(text, &target.address);

	if (status < 0)
		return err_set(err, status, "%s: must be %s", text,
			type->has_port ? "ADDRESS:PORT" : "an IPv4 or IPv6 address");
	*ret_target = target;
	return 0;
}

static int print_answer(const char *kind, const char *target, const struct once *once, FILE *out)
{
	const struct answer *answer = &once->answer;

	switch (answer->outcome) {
	case OUTCOME_ANSWERED:
		fprintf(out, "%s %s: answered after %u.%03u ms\n", kind, target,
			answer->rtt_us / 1000, answer->rtt_us % 1000);
		return 0;
	case OUTCOME_LOST:
		/* A reset: the port is known to be open, so it counts as lost; the one who asks by
		 * hand may have mistaken the port. */
		fprintf(out, "%s %s: %s\n", kind, target,
			once->at_once ? "the host refused the connection: nothing listens there"
				      : "no answer within 3 s");
		return -ETIMEDOUT;
	default:
		fprintf(out, "%s %s: refused by this machine: %s\n", kind, target,
			probe_refusal_name(answer->refusal));
		return -ETIMEDOUT;
	}
}

/* Asks, and turns the loop until the answer is there and everything is closed. */
static int ask(const struct probe_type *type, const struct target *target, struct once *once,
	struct err *err)
{
	struct probe_request request = {
		.target = *target, .secret = once->secret, .done = on_done, .arg = once};
	enum refusal refusal;
	uv_loop_t loop;
	void *prober;
	int status = uv_loop_init(&loop);

	if (status < 0)
		return err_errno(err, status, "event loop");
	status = type->open(&loop, &prober, err);
	if (status < 0)
		goto close_loop;
	once->began_us = clock_boot_us();
	refusal = type->ask(prober, &request);
	if (refusal != REFUSAL_NONE)
		once->answer = (struct answer){.outcome = OUTCOME_REFUSED, .refusal = refusal};
	while (refusal == REFUSAL_NONE && !once->done)
		uv_run(&loop, UV_RUN_ONCE);
	type->close(prober);
	uv_run(&loop, UV_RUN_DEFAULT);
close_loop:
	uv_loop_close(&loop);
	return status;
}

/* What the configuration shares with the target. */
static int read_secret(const char *config, struct probe_secret *ret_secret, struct err *err)
{
	struct settings_stamp stamp;
	struct settings settings;
	int status = settings_load(&settings, config, err);

	if (status < 0)
		return status;
	status = settings_stamp(&settings, &stamp, err);
	if (status == 0 && !*settings.stamp.key)
		status = err_set(err, -ENOKEY, "%s: [stamp] key is empty", config);
	if (status == 0) {
		memcpy(ret_secret->key, stamp.key, sizeof(ret_secret->key));
		ret_secret->identifier = stamp.identifier;
	}
	settings_done(&settings);
	return status;
}

int probe_once(const struct probe_order *order, FILE *out, struct err *err)
{
	const struct probe_type *type;
	struct probe_secret secret;
	struct once once = {0};
	struct target target;
	int status;

	if (strcmp(order->kind, "dns") == 0)
		return dns_once(order->target, out, err);
	if (helper_once_knows(order->kind))
		return helper_once(order, out, err);
	status = read_kind(order->kind, &type, err);
	if (status == 0)
		status = read_target(type, order->target, &target, err);
	if (status == 0 && type->has_secret) {
		status = read_secret(order->config, &secret, err);
		once.secret = &secret;
	}
	if (status == 0)
		status = ask(type, &target, &once, err);
	return status < 0 ? status : print_answer(order->kind, order->target, &once, out);
}
