/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/net.h"

#include <string.h>

#define TCP_PORT 443
#define STAMP_PORT 862
#define PERMILLE 1000
#define GATEWAY_RTT_US 900
/* The kernel believes a neighbour for half a minute or so, waits 5 s, then asks 3 times. */
#define BELIEVE_MIN_US (20 * STORY_S)
#define BELIEVE_MAX_US (60 * STORY_S)
#define ASK_US (3 * STORY_S)
#define BACK_MAX_US (10 * STORY_S) /* a gateway that is back is found by the next round's packets */
/* How the agent reads it: agent/net/wan.c. */
#define FRESH_US (15 * STORY_S)
#define FRESH_MAX_US (70 * STORY_S)
#define STREAK_US (90 * STORY_S)

enum place_of { INTERNET, TCP = 3, GATEWAY, EDGE, PROVIDER, REFLECTOR = NET_TARGETS };

static struct target make_target(enum target_class class, unsigned number, uint16_t port)
{
	return (struct target){
		.class = class, .address = {4, {203, 0, 113, (uint8_t)number}}, .port = port};
}

void net_init(struct net *net, const struct story *story)
{
	memset(net, 0, sizeof(*net));
	net->place = &story->place;
	net->loss_permille = story->place.loss_permille;
	draw_init(&net->draw, ~story->seed);
	for (unsigned i = 0; i < 3; i++)
		net->targets[i] = make_target(CLASS_INTERNET, i, 0);
	net->reflector = make_target(CLASS_INTERNET, REFLECTOR, STAMP_PORT);
	net->targets[TCP] = make_target(CLASS_INTERNET, TCP, TCP_PORT);
	net->targets[GATEWAY] = make_target(CLASS_GATEWAY, 10, 0);
	net->targets[EDGE] = make_target(CLASS_EDGE, 11, 0);
	net->targets[PROVIDER] = make_target(CLASS_PROVIDER, 12, 0);
}

static bool is_gateway_there(const struct net *net)
{
	return !net->active[TROUBLE_CARRIER] && !net->active[TROUBLE_GATEWAY];
}

/* What the kernel has found out by now. */
static void settle(struct net *net, uint64_t now_us)
{
	bool is_there = is_gateway_there(net);

	while (is_there && net->confirm_us <= now_us) {
		net->confirmed_us = net->confirm_us;
		net->has_failed = false;
		net->confirm_us += draw_between(&net->draw, BELIEVE_MIN_US, BELIEVE_MAX_US);
	}
	if (!is_there && net->confirm_us + ASK_US <= now_us)
		net->has_failed = true;
}

void net_begin(struct net *net, const struct spell *spell)
{
	settle(net, spell->from_us);
	net->active[spell->trouble]++;
	if (spell->trouble == TROUBLE_TARGET)
		net->dead[spell->detail]++;
	if (spell->trouble == TROUBLE_LOSS)
		net->loss_permille = spell->detail * 10;
	if (spell->trouble == TROUBLE_NAT)
		net->moves++;
}

void net_end(struct net *net, const struct spell *spell)
{
	settle(net, spell->to_us);
	net->active[spell->trouble]--;
	if (spell->trouble == TROUBLE_TARGET)
		net->dead[spell->detail]--;
	if (spell->trouble == TROUBLE_LOSS && !net->active[TROUBLE_LOSS])
		net->loss_permille = net->place->loss_permille;
	if (is_gateway_there(net) && net->has_failed)
		net->confirm_us = spell->to_us + draw_between(&net->draw, 0, BACK_MAX_US);
}

size_t net_targets(const struct net *net, struct target ret_targets[NET_TARGETS])
{
	size_t count = 0;

	for (size_t i = 0; i < NET_TARGETS; i++) {
		if ((i == EDGE && !net->place->has_edge) ||
			(i == PROVIDER && !net->place->has_provider))
			continue;
		ret_targets[count++] = net->targets[i];
	}
	return count;
}

void net_gateway_heard(struct net *net, uint64_t sent_us, bool answered)
{
	if (answered || (net->silent_us && sent_us > net->asked_us + STREAK_US))
		net->silent_us = 0;
	if (!answered && !net->silent_us)
		net->silent_us = sent_us;
	net->asked_us = sent_us;
}

static enum neighbour find_neighbour(struct net *net, uint64_t now_us)
{
	uint64_t fresh_us = FRESH_US;

	settle(net, now_us);
	if (!net->place->has_neighbours || net->active[TROUBLE_CARRIER] ||
		net->active[TROUBLE_ADDRESS])
		return NEIGHBOUR_UNKNOWN; /* the kernel forgets them with the link */
	if (net->has_failed)
		return NEIGHBOUR_FAILED;
	if (net->silent_us)
		fresh_us = now_us - net->silent_us < FRESH_MAX_US ? now_us - net->silent_us
								  : FRESH_MAX_US;
	return now_us - net->confirmed_us <= fresh_us ? NEIGHBOUR_RESOLVED : NEIGHBOUR_UNKNOWN;
}

struct wan_reading net_reading(struct net *net, uint64_t now_us)
{
	struct wan_reading reading = {
		.interface = 2,
		.carrier = net->active[TROUBLE_CARRIER] ? CARRIER_DOWN : CARRIER_UP,
		.gateway = find_neighbour(net, now_us),
	};

	net->bytes += 100000;
	if (!net->active[TROUBLE_ADDRESS])
		reading.address = (struct address){4, {100, 64, 0, (uint8_t)net->moves}};
	reading.rx_bytes = net->bytes;
	reading.tx_bytes = net->bytes / 4;
	reading.rx_packets = net->bytes / 1000;
	reading.tx_packets = net->bytes / 2000;
	return reading;
}

enum refusal net_refuses(const struct net *net)
{
	if (net->active[TROUBLE_CARRIER])
		return REFUSAL_CARRIER;
	if (net->active[TROUBLE_ADDRESS])
		return REFUSAL_ADDRESS;
	return net->active[TROUBLE_ROUTE] ? REFUSAL_ROUTE : REFUSAL_NONE;
}

/* How far out the way is open. */
static bool reaches(const struct net *net, enum target_class class)
{
	const unsigned *active = net->active;

	if (net_refuses(net) != REFUSAL_NONE || active[TROUBLE_GATEWAY])
		return false;
	if (class == CLASS_GATEWAY)
		return !net->place->is_gateway_mute;
	if (active[TROUBLE_ACCESS])
		return false;
	if (class == CLASS_EDGE)
		return !net->place->is_edge_mute;
	if (active[TROUBLE_PROVIDER])
		return false;
	if (class == CLASS_PROVIDER)
		return !net->place->is_provider_mute && !active[TROUBLE_DNS];
	return !active[TROUBLE_UPSTREAM];
}

static bool is_alive(const struct net *net, const struct question *question)
{
	const struct target *target = &question->target;

	if (target->class != CLASS_INTERNET)
		return true;
	if (question->kind == PROBE_STAMP)
		return !net->active[TROUBLE_COLLECTOR]; /* the reflector lies beside it */
	if (question->kind == PROBE_ICMP && net->active[TROUBLE_PINGS])
		return false;
	return target->port || !net->dead[target->address.bytes[3]];
}

bool net_returns(const struct net *net, const struct question *question)
{
	return reaches(net, question->target.class) && is_alive(net, question);
}

static uint32_t rtt_of(struct net *net, enum target_class class)
{
	uint32_t base_us = net->place->rtt_us;

	if (class == CLASS_GATEWAY)
		base_us = GATEWAY_RTT_US;
	else if (class == CLASS_EDGE)
		base_us = GATEWAY_RTT_US + base_us / 3;
	return base_us + (uint32_t)(draw_bits(&net->draw) % (base_us / 2 + 1));
}

bool net_answers(struct net *net, const struct question *question, uint32_t *ret_rtt_us)
{
	bool is_far = question->target.class != CLASS_GATEWAY;

	if (!net_returns(net, question))
		return false;
	if (is_far && draw_bits(&net->draw) % PERMILLE < net->loss_permille)
		return false;
	*ret_rtt_us = rtt_of(net, question->target.class);
	return true;
}

bool net_is_open(const struct net *net)
{
	return reaches(net, CLASS_INTERNET);
}
