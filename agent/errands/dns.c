/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks each resolver now and then, by the WAN's own way: for the address of a name that exists,
 * and the next time for one that cannot exist, where an address in the answer is a hijack. Both
 * at once, and soon, after a slot in which a round had trouble or a resolver failed: so a fault
 * of names shows beside addresses that answer.
 *
 * Over a WAN with IPv6 alone it asks them for the IPv6 address of a name that has none, too: what
 * comes is IPv4 with the network's own prefix around it (RFC 7050). At once, then every hour;
 * without an answer every half minute. A prefix that was found stays until the resolver that knew
 * it says that there is none: an outage does not take it away.
 */
#include "agent/errands/dns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "agent/probes/dns_lookup.h"
#include "common/clock.h"
#include "common/crypto.h"

#define FIRST_MS 5000 /* the link may just be coming up */
#define LOOK_MS 30000 /* whether a WAN has IPv6 alone by now */
#define S_US UINT64_C(1000000)
#define SOON_EVERY_US (300 * S_US) /* a link that is down for long is not asked all the time */
#define RANDOM_BYTES 8
#define PREFIX_AGAIN_US (30 * S_US)
#define PREFIX_EVERY_US (3600 * S_US)
#define PREFIX 0 /* a third question, whose answer goes into no slot */

struct asked { /* a question on its way */
	struct dns_wan *wan;
	struct asked *next;
	struct dns_lookup *lookup;
	struct address resolver;
	int question; /* enum dns_question, or PREFIX */
};

struct found {
	uint64_t sent_us;
	struct dns dns; /* without its offset */
};

struct dns_wan {
	struct dns_errand *errand;
	const struct errand_wan *of;
	uint64_t due_us, soon_us; /* the next questions; when they came early last, 0: never */
	enum dns_question turn;
	bool both; /* of the questions, next time */
	uint64_t prefix_due_us;
	struct address prefix_from; /* who knew it; length 0: nobody yet */
	struct asked *asked;
	size_t count; /* found, not yet in a slot; oldest first */
	struct found found[SLOT_DNS_MAX];
};

struct dns_errand {
	const struct errand_context *context;
	struct settings_dns settings;
	uint64_t every_us;
	uv_timer_t timer;
	struct dns_wan wans[SETTINGS_WANS];
};

/* ---- what comes of a question */

static void keep(struct dns_wan *wan, uint64_t sent_us, const struct dns *dns)
{
	if (wan->count == SLOT_DNS_MAX)
		memmove(wan->found, wan->found + 1, --wan->count * sizeof(wan->found[0]));
	wan->found[wan->count++] = (struct found){.sent_us = sent_us, .dns = *dns};
}

static void forget(struct asked *asked)
{
	struct asked **at = &asked->wan->asked;

	while (*at != asked)
		at = &(*at)->next;
	*at = asked->next;
	free(asked);
}

static void take_prefix(struct asked *asked, const struct dns_reply *reply)
{
	struct dns_wan *wan = asked->wan;
	struct nat64 prefix = {0};
	bool found = false;

	for (size_t i = 0; i < reply->count && !found; i++)
		found = nat64_find(&reply->addresses[i], &prefix);
	if (found)
		wan->prefix_from = asked->resolver;
	else if (reply->outcome != DNS_EMPTY || !address_same(&wan->prefix_from, &asked->resolver))
		return; /* it knows of none, or nothing came: that changes nothing */
	wan->prefix_due_us = clock_boot_us() + PREFIX_EVERY_US;
	wan_set_nat64(wan->of->wan, &prefix);
}

static void keep_answer(const struct asked *asked, const struct dns_lookup_result *result)
{
	const struct dns dns = {
		.resolver = asked->resolver,
		.question = asked->question,
		.outcome = dns_judge(asked->question, result->reply.outcome),
		.rtt_us = result->rtt_us,
	};

	keep(asked->wan, result->sent_us, &dns);
}

static void on_done(void *arg, const struct dns_lookup_result *result)
{
	struct asked *asked = arg;

	if (asked->question == PREFIX)
		take_prefix(asked, &result->reply);
	else
		keep_answer(asked, result);
	forget(asked);
}

/* ---- asking */

int dns_draw_absent(const char *name, char ret_name[DNS_ABSENT_BYTES])
{
	char label[2 * RANDOM_BYTES + 1];
	uint8_t bits[RANDOM_BYTES];

	if (getrandom(bits, sizeof(bits), 0) != sizeof(bits))
		return -EIO;
	hex_format(bits, sizeof(bits), label);
	snprintf(ret_name, DNS_ABSENT_BYTES, "%s.%.*s", label, DNS_NAME_TEXT_MAX, name);
	return 0;
}

static int start(struct dns_wan *wan, struct asked *asked, const struct wan_way *way)
{
	const char *name = wan->errand->context->settings->dns.name;
	struct dns_lookup_request request = {
		.resolver = asked->resolver,
		.interface = way->interface,
		.source = way->source,
		.type = asked->question == PREFIX ? DNS_TYPE_AAAA : DNS_TYPE_A,
		.name = asked->question == PREFIX ? NAT64_NAME : name,
		.done = on_done,
		.arg = asked,
	};
	char absent[DNS_ABSENT_BYTES];
	int status = 0;

	if (asked->question == DNS_ABSENT) {
		status = dns_draw_absent(name, absent);
		request.name = absent;
	}
	if (status == 0)
		status = dns_lookup_start(wan->errand->context->loop, &request, &asked->lookup);
	return status;
}

static void ask(struct dns_wan *wan, const struct address *resolver, int question)
{
	const struct dns unsent = {
		.resolver = *resolver, .question = (uint8_t)question, .outcome = DNS_UNSENT};
	struct asked *asked = calloc(1, sizeof(*asked));
	struct wan_way way;

	if (!asked)
		return;
	*asked = (struct asked){
		.wan = wan, .next = wan->asked, .resolver = *resolver, .question = question};
	wan->asked = asked;
	if (wan_way(wan->of->wan, resolver, &way) == REFUSAL_NONE && start(wan, asked, &way) == 0)
		return;
	if (question != PREFIX)
		keep(wan, clock_boot_us(), &unsent);
	forget(asked);
}

static size_t list_resolvers(
	const struct dns_wan *wan, struct address ret_addresses[SETTINGS_RESOLVERS])
{
	const struct settings_dns *settings = &wan->errand->settings;

	_Static_assert(RESOLVERS_MAX <= SETTINGS_RESOLVERS, "those found fit");
	if (settings->is_auto)
		return wan_resolvers(wan->of->wan, ret_addresses);
	memcpy(ret_addresses, settings->resolvers, settings->count * sizeof(*ret_addresses));
	return settings->count;
}

static void ask_all(struct dns_wan *wan)
{
	struct address resolvers[SETTINGS_RESOLVERS];
	size_t count = list_resolvers(wan, resolvers);

	for (size_t i = 0; i < count; i++) {
		struct target target = {.class = CLASS_PROVIDER, .address = resolvers[i]};

		if (!wan_map(wan->of->wan, &target, &target))
			continue; /* a family that this WAN has not */
		if (wan->both || wan->turn == DNS_PRESENT)
			ask(wan, &target.address, DNS_PRESENT);
		if (wan->both || wan->turn == DNS_ABSENT)
			ask(wan, &target.address, DNS_ABSENT);
	}
	wan->turn = wan->turn == DNS_PRESENT ? DNS_ABSENT : DNS_PRESENT;
	wan->both = false;
}

static void ask_prefix(struct dns_wan *wan)
{
	struct address resolvers[SETTINGS_RESOLVERS];
	size_t count = list_resolvers(wan, resolvers);

	if (!count) /* switched off: that is no reason not to find the way */
		count = wan_resolvers(wan->of->wan, resolvers);
	for (size_t i = 0; i < count; i++)
		ask(wan, &resolvers[i], PREFIX);
}

static void on_timer(uv_timer_t *timer);

static void set_timer(struct dns_errand *errand)
{
	uint64_t now_us = clock_boot_us(), wait_ms = LOOK_MS;

	for (size_t i = 0; i < errand->context->wan_count; i++) {
		uint64_t due_us = errand->wans[i].due_us;
		uint64_t due_ms = due_us > now_us ? (due_us - now_us) / 1000 + 1 : 0;

		if (due_ms < wait_ms)
			wait_ms = due_ms;
	}
	uv_update_time(errand->timer.loop);
	uv_timer_start(&errand->timer, on_timer, wait_ms, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct dns_errand *errand = timer->data;
	uint64_t now_us = clock_boot_us();

	for (size_t i = 0; i < errand->context->wan_count; i++) {
		struct dns_wan *wan = &errand->wans[i];

		if (now_us >= wan->prefix_due_us && wan_is_v6_only(wan->of->wan)) {
			wan->prefix_due_us = now_us + PREFIX_AGAIN_US;
			ask_prefix(wan);
		}
		if (now_us < wan->due_us)
			continue;
		wan->due_us = now_us + errand->every_us;
		ask_all(wan);
	}
	set_timer(errand);
}

/* ---- slots */

static bool has_trouble(const struct slot *slot)
{
	for (size_t i = 0; i < slot->probe_count; i++)
		if (slot->probes[i].follow_up)
			return true;
	for (size_t i = 0; i < slot->dns_count; i++)
		if (slot->dns[i].outcome != DNS_ANSWERED && slot->dns[i].question == DNS_PRESENT)
			return true;
	return false;
}

static void ask_soon(struct dns_wan *wan)
{
	uint64_t now_us = clock_boot_us();

	if (wan->soon_us && now_us < wan->soon_us + SOON_EVERY_US)
		return;
	wan->soon_us = wan->due_us = now_us;
	wan->both = true;
	set_timer(wan->errand);
}

/* One that was asked just before the slot began, and answered in it, stands at its beginning. */
static void move_found(struct dns_wan *wan, struct slot *slot)
{
	uint64_t end_us = slot->start_us + slot->length_ms * UINT64_C(1000);
	size_t kept = 0;

	for (size_t i = 0; i < wan->count; i++) {
		struct found *found = &wan->found[i];

		if (found->sent_us >= end_us) {
			wan->found[kept++] = *found;
			continue;
		}
		if (slot->dns_count == SLOT_DNS_MAX)
			continue;
		found->dns.offset_ms = found->sent_us > slot->start_us
			? (uint32_t)((found->sent_us - slot->start_us) / 1000)
			: 0;
		slot->dns[slot->dns_count++] = found->dns;
	}
	wan->count = kept;
}

static void dns_annotate(void *arg, const char *name, struct slot *slot)
{
	struct dns_errand *errand = arg;

	for (size_t i = 0; i < errand->context->wan_count; i++) {
		struct dns_wan *wan = &errand->wans[i];

		if (strcmp(wan->of->name, name) != 0)
			continue;
		move_found(wan, slot);
		if (has_trouble(slot))
			ask_soon(wan);
	}
}

/* ---- life */

static int dns_open(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct settings_dns settings;
	struct dns_errand *errand;
	int status = settings_dns(context->settings, &settings, err);

	if (status < 0)
		return status;
	errand = calloc(1, sizeof(*errand));
	if (!errand)
		return err_errno(err, -ENOMEM, "DNS");
	errand->context = context;
	errand->settings = settings;
	errand->every_us = (uint64_t)context->settings->dns.interval_s * S_US;
	for (size_t i = 0; i < context->wan_count; i++)
		errand->wans[i] = (struct dns_wan){.errand = errand,
			.of = &context->wans[i],
			.due_us = clock_boot_us() + FIRST_MS * UINT64_C(1000),
			.turn = DNS_PRESENT};
	uv_timer_init(context->loop, &errand->timer);
	errand->timer.data = errand;
	uv_timer_start(&errand->timer, on_timer, 0, 0);
	*ret_errand = errand;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void dns_close(void *arg)
{
	struct dns_errand *errand = arg;

	for (size_t i = 0; i < SETTINGS_WANS; i++)
		while (errand->wans[i].asked) {
			dns_lookup_close(errand->wans[i].asked->lookup);
			forget(errand->wans[i].asked);
		}
	uv_close((uv_handle_t *)&errand->timer, on_closed);
}

const struct errand_type errand_dns = {
	.name = "dns",
	.open = dns_open,
	.annotate = dns_annotate,
	.close = dns_close,
};
