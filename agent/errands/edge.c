/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For each WAN with edge_targets = auto, while its internet answers: packets with a growing TTL
 * towards an internet target, from the hop beyond the gateway on. The first that says Time
 * Exceeded and also answers an echo, as it will be asked to later, is the edge; that may well be
 * inside a CGNAT. One that says nothing or answers no echo is passed over; a path that hides all
 * its first hops has no edge.
 *
 *   every hour, or when the edge is silent while the internet answers
 *   send TTL n --Time Exceeded from X--> echo to X --answered--> X is the edge
 *        ^            | nothing in 2 s           | lost
 *        +---- n + 1 -+--------------------------+     n too large: the old one, if it answers
 */
#include "agent/errands/edge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/probes/hop.h"
#include "agent/probes/probers.h"
#include "common/clock.h"

#define WAIT_MS 2000 /* for a hop's word */
#define HOPS_MAX 5 /* looked at: what lies further in is no edge */
#define S_US UINT64_C(1000000)
#define EVERY_US (3600 * S_US)
#define SOON_EVERY_US (300 * S_US) /* where the edge falls silent time and again */

struct edge_wan {
	struct edge_errand *errand;
	const struct errand_wan *of;
	bool healthy; /* the internet answered in the last slot, without trouble */
	bool doubtful; /* neither a new edge was found nor does the old one answer */
	uint64_t due_us, begun_us;
	struct address edge; /* as found last; length 0: none */
	/* Of a search: */
	bool searching;
	struct hop_way way;
	struct address gateway, candidate; /* length 0: no echo is on its way */
	uint8_t ttl, last_ttl;
	int fd;
	uv_poll_t poll;
	uv_timer_t timer;
	unsigned handles; /* that are not closed yet */
};

struct edge_errand {
	const struct errand_context *context;
	unsigned busy; /* WANs that search, and one more until it is closed */
	struct edge_wan wans[SETTINGS_WANS];
};

static void release(struct edge_errand *errand)
{
	if (--errand->busy == 0)
		free(errand);
}

/* ---- the end of a search */

static void on_search_closed(uv_handle_t *handle)
{
	struct edge_wan *wan = handle->data;

	if (--wan->handles)
		return;
	close(wan->fd);
	wan->searching = false;
	release(wan->errand);
}

static void end_search(struct edge_wan *wan)
{
	if (uv_is_closing((uv_handle_t *)&wan->poll))
		return;
	probers_forget(wan->errand->context->probers, wan);
	uv_close((uv_handle_t *)&wan->poll, on_search_closed);
	uv_close((uv_handle_t *)&wan->timer, on_search_closed);
}

static void settle(struct edge_wan *wan, const struct address *edge)
{
	wan->edge = *edge;
	end_search(wan);
	wan_set_edge(wan->of->wan, edge);
}

/* ---- its steps */

static void look_further(struct edge_wan *wan);

static void on_echo(void *arg, const struct answer *answer)
{
	struct edge_wan *wan = arg;
	const struct address candidate = wan->candidate;

	wan->candidate.length = 0;
	if (answer->outcome == OUTCOME_ANSWERED)
		settle(wan, &candidate);
	else
		look_further(wan);
}

/* false: it cannot even be asked. */
static bool ask_echo(struct edge_wan *wan, const struct address *candidate)
{
	const struct probe_request request = {
		.target = {.class = CLASS_EDGE, .address = *candidate},
		.interface = wan->way.interface,
		.source = wan->way.source,
		.done = on_echo,
		.arg = wan,
	};

	if (probers_ask(wan->errand->context->probers, PROBE_ICMP, &request) != REFUSAL_NONE)
		return false;
	wan->candidate = *candidate;
	uv_timer_stop(&wan->timer);
	return true;
}

static void on_timer(uv_timer_t *timer)
{
	look_further(timer->data);
}

/* Beyond the last hop only the old edge is left to be asked. */
static void look_further(struct edge_wan *wan)
{
	if (wan->ttl < wan->last_ttl) {
		wan->ttl++;
		hop_send(wan->fd, &wan->way, wan->ttl);
		uv_update_time(wan->timer.loop);
		uv_timer_start(&wan->timer, on_timer, WAIT_MS, 0);
		return;
	}
	if (wan->ttl == wan->last_ttl) {
		wan->ttl++;
		if (wan->edge.length && ask_echo(wan, &wan->edge))
			return;
	}
	wan->doubtful = true;
	end_search(wan);
}

static void take_hop(struct edge_wan *wan, const struct hop *hop)
{
	if (hop->ttl != wan->ttl || wan->candidate.length)
		return; /* the late word of one that was passed over */
	if (!hop->expired)
		wan->last_ttl = wan->ttl; /* that was the end of the path */
	else if (!address_same(&hop->from, &wan->gateway) && !address_is_link_local(&hop->from) &&
		!address_same(&hop->from, &wan->way.to) && ask_echo(wan, &hop->from))
		return;
	look_further(wan);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct edge_wan *wan = poll->data;
	struct hop hop;

	while (!uv_is_closing((uv_handle_t *)poll) && hop_read(wan->fd, &hop))
		take_hop(wan, &hop);
	/* The loop takes a socket's pending error for the end of it; reading has cleared it. */
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		uv_poll_start(poll, UV_READABLE | UV_PRIORITIZED, on_poll);
}

/* ---- its beginning */

/* The first internet target that can be asked over this WAN. */
static bool find_way(const struct edge_wan *wan, struct hop_way *way)
{
	const struct settings_target *settings = wan->of->targets;
	struct wan_way found;
	struct target target;

	for (size_t i = 0; i < settings->count; i++) {
		if (settings->targets[i].class != CLASS_INTERNET || settings->targets[i].port ||
			!wan_map(wan->of->wan, &settings->targets[i], &target) ||
			wan_way(wan->of->wan, &target.address, &found) != REFUSAL_NONE)
			continue;
		*way = (struct hop_way){target.address, found.interface, found.source};
		return true;
	}
	return false;
}

static int open_search(struct edge_wan *wan)
{
	uv_loop_t *loop = wan->errand->context->loop;
	int status = hop_open(&wan->way);

	if (status < 0)
		return status;
	wan->fd = status;
	status = uv_poll_init(loop, &wan->poll, wan->fd);
	if (status < 0) {
		close(wan->fd);
		return status;
	}
	uv_timer_init(loop, &wan->timer);
	wan->poll.data = wan->timer.data = wan;
	wan->handles = 2;
	wan->errand->busy++;
	uv_poll_start(&wan->poll, UV_READABLE | UV_PRIORITIZED, on_poll);
	return 0;
}

/* Where the interface itself is the way (PPP), the first hop is the one beyond it. */
static void begin_search(struct edge_wan *wan, uint64_t now_us)
{
	wan->due_us = now_us + EVERY_US;
	wan->begun_us = now_us;
	if (!find_way(wan, &wan->way) || open_search(wan) < 0)
		return;
	wan->searching = true;
	wan->doubtful = false;
	wan->candidate.length = 0;
	wan->gateway = wan_gateway(wan->of->wan);
	wan->ttl = wan->gateway.length ? 1 : 0;
	wan->last_ttl = (uint8_t)(wan->ttl + HOPS_MAX);
	look_further(wan);
}

/* ---- slots */

struct seen { /* in a slot */
	bool internet, trouble, edge_asked, edge_answered;
};

static struct seen look_at(const struct slot *slot)
{
	struct seen seen = {0};

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		bool answered = probe->outcome == OUTCOME_ANSWERED;

		seen.trouble |= probe->follow_up;
		if (slot->targets[probe->target].class == CLASS_INTERNET)
			seen.internet |= answered;
		if (slot->targets[probe->target].class != CLASS_EDGE)
			continue;
		seen.edge_asked = true;
		seen.edge_answered |= answered;
	}
	return seen;
}

static void take_slot(struct edge_wan *wan, const struct slot *slot)
{
	const struct address none = {0};
	struct seen seen = look_at(slot);
	uint64_t now_us = clock_boot_us();

	wan->healthy = seen.internet && !seen.trouble;
	if (wan->doubtful && wan->edge.length) {
		/* In an outage nothing is found; after it one looks again. */
		if (wan->healthy)
			wan->edge = none;
		else
			wan->due_us = now_us;
		if (wan->healthy)
			wan_set_edge(wan->of->wan, &none);
	}
	wan->doubtful = false;
	if (wan->healthy && seen.edge_asked && !seen.edge_answered &&
		now_us > wan->begun_us + SOON_EVERY_US)
		wan->due_us = now_us;
	if (wan->of->targets->edge_auto && wan->healthy && !wan->searching && now_us >= wan->due_us)
		begin_search(wan, now_us);
}

static void edge_annotate(void *arg, const char *name, struct slot *slot)
{
	struct edge_errand *errand = arg;

	for (size_t i = 0; i < errand->context->wan_count; i++)
		if (strcmp(errand->wans[i].of->name, name) == 0)
			take_slot(&errand->wans[i], slot);
}

/* ---- life */

static int edge_open(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct edge_errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		return err_errno(err, -ENOMEM, "edge");
	errand->context = context;
	errand->busy = 1;
	for (size_t i = 0; i < context->wan_count; i++)
		errand->wans[i] = (struct edge_wan){.errand = errand, .of = &context->wans[i]};
	*ret_errand = errand;
	return 0;
}

static void edge_close(void *arg)
{
	struct edge_errand *errand = arg;

	for (size_t i = 0; i < errand->context->wan_count; i++)
		if (errand->wans[i].searching)
			end_search(&errand->wans[i]);
	release(errand);
}

const struct errand_type errand_edge = {
	.name = "edge",
	.open = edge_open,
	.annotate = edge_annotate,
	.close = edge_close,
};
