/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over a WAN with IPv6 alone it asks the network's resolvers for the IPv6 address of a name that
 * has none: what comes is IPv4 with the network's own prefix around it. Asked at once, then every
 * hour; without an answer every half minute. A prefix that was found stays until the resolver
 * that knew it says that there is none: an outage does not take it away.
 */
#include "agent/errands/nat64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probes/dns_lookup.h"
#include "common/clock.h"

#define TICK_MS 5000
#define S_US UINT64_C(1000000)
#define AGAIN_US (30 * S_US)
#define EVERY_US (3600 * S_US)

struct asked { /* a question on its way; free while `lookup` is NULL */
	struct nat64_wan *wan;
	struct dns_lookup *lookup;
	struct address resolver;
};

struct nat64_wan {
	struct nat64_errand *errand;
	const struct errand_wan *of;
	uint64_t due_us;
	struct address from; /* the resolver that knew the prefix; length 0: nobody yet */
	struct asked asked[SETTINGS_RESOLVERS];
};

struct nat64_errand {
	const struct errand_context *context;
	struct settings_dns settings;
	uv_timer_t timer;
	struct nat64_wan wans[SETTINGS_WANS];
};

static void on_done(void *arg, const struct dns_lookup_result *result)
{
	const struct dns_reply *reply = &result->reply;
	struct asked *asked = arg;
	struct nat64_wan *wan = asked->wan;
	struct nat64 prefix = {0};
	bool found = false;

	asked->lookup = NULL;
	for (size_t i = 0; i < reply->count && !found; i++)
		found = nat64_find(&reply->addresses[i], &prefix);
	if (found)
		wan->from = asked->resolver;
	else if (reply->outcome != DNS_EMPTY || !address_same(&wan->from, &asked->resolver))
		return; /* it knows of none, or nothing came: that changes nothing */
	wan->due_us = clock_boot_us() + EVERY_US;
	wan_set_nat64(wan->of->wan, &prefix);
}

static void ask(struct nat64_wan *wan, struct asked *asked, const struct address *resolver)
{
	struct dns_lookup_request request = {
		.resolver = *resolver,
		.type = DNS_TYPE_AAAA,
		.name = NAT64_NAME,
		.done = on_done,
		.arg = asked,
	};
	struct wan_way way;

	if (asked->lookup || wan_way(wan->of->wan, resolver, &way) != REFUSAL_NONE)
		return;
	asked->resolver = *resolver;
	request.interface = way.interface;
	request.source = way.source;
	dns_lookup_start(wan->errand->context->loop, &request, &asked->lookup);
}

static void look_after(struct nat64_wan *wan, uint64_t now_us)
{
	const struct settings_dns *settings = &wan->errand->settings;
	struct address resolvers[SETTINGS_RESOLVERS];
	size_t count = settings->count;

	if (now_us < wan->due_us || !wan_is_v6_only(wan->of->wan))
		return;
	wan->due_us = now_us + AGAIN_US;
	memcpy(resolvers, settings->resolvers, count * sizeof(resolvers[0]));
	if (!count)
		count = wan_resolvers(wan->of->wan, resolvers);
	for (size_t i = 0; i < count; i++)
		ask(wan, &wan->asked[i], &resolvers[i]);
}

static void on_timer(uv_timer_t *timer)
{
	struct nat64_errand *errand = timer->data;

	for (size_t i = 0; i < errand->context->wan_count; i++)
		look_after(&errand->wans[i], clock_boot_us());
}

/* ---- life */

static int nat64_open(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct nat64_errand *errand = calloc(1, sizeof(*errand));
	int status;

	if (!errand)
		return err_errno(err, -ENOMEM, "NAT64");
	status = settings_dns(context->settings, &errand->settings, err);
	if (status < 0) {
		free(errand);
		return status;
	}
	errand->context = context;
	for (size_t i = 0; i < context->wan_count; i++) {
		struct nat64_wan *wan = &errand->wans[i];

		*wan = (struct nat64_wan){.errand = errand, .of = &context->wans[i]};
		for (size_t j = 0; j < SETTINGS_RESOLVERS; j++)
			wan->asked[j].wan = wan;
	}
	uv_timer_init(context->loop, &errand->timer);
	errand->timer.data = errand;
	uv_timer_start(&errand->timer, on_timer, 0, TICK_MS);
	*ret_errand = errand;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void nat64_close(void *arg)
{
	struct nat64_errand *errand = arg;

	for (size_t i = 0; i < SETTINGS_WANS; i++)
		for (size_t j = 0; j < SETTINGS_RESOLVERS; j++)
			dns_lookup_close(errand->wans[i].asked[j].lookup);
	uv_close((uv_handle_t *)&errand->timer, on_closed);
}

const struct errand_type errand_nat64 = {
	.name = "nat64",
	.open = nat64_open,
	.close = nat64_close,
};
