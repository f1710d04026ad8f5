/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invented network: who answers whom at this moment, and what the router's kernel would say of
 * it. What is true is known here and nowhere else; the agent sees answers and readings.
 */
#ifndef PANTAU_TESTS_SIM_MONTH_NET_H
#define PANTAU_TESTS_SIM_MONTH_NET_H

#include "agent/core/slots.h"
#include "tests/sim/month/story.h"

#define NET_TARGETS 7 /* three of the internet, one more by TCP; gateway, edge, provider */

struct net {
	const struct place *place; /* borrowed */
	struct draw draw;
	unsigned active[TROUBLE_COUNT]; /* how many of them are going on */
	unsigned dead[3]; /* of each internet target */
	unsigned loss_permille;
	/* ARP or ND: when the gateway was heard of last, and when the kernel asks for it again */
	uint64_t confirmed_us, confirm_us;
	bool has_failed; /* it was asked for in vain */
	uint64_t silent_us, asked_us; /* since when it lets pings go unanswered; 0: it does not */
	uint32_t moves; /* how often the NAT forgot */
	uint64_t bytes;
	struct target targets[NET_TARGETS];
	struct target reflector; /* of STAMP */
};

void net_init(struct net *net, const struct story *story);
void net_begin(struct net *net, const struct spell *spell);
void net_end(struct net *net, const struct spell *spell);

/* Targets as the agent is given them; returns how many. */
size_t net_targets(const struct net *net, struct target ret_targets[NET_TARGETS]);
/* What came of a ping to the gateway while a round was being lost. */
void net_gateway_heard(struct net *net, uint64_t sent_us, bool answered);
struct wan_reading net_reading(struct net *net, uint64_t now_us);
/* REFUSAL_NONE, or why the router itself cannot send. */
enum refusal net_refuses(const struct net *net);
/* Whether a question that leaves now is answered, and after how long. */
bool net_answers(struct net *net, const struct question *question, uint32_t *ret_rtt_us);
/* Whether its answer, which was on its way, arrives. */
bool net_returns(const struct net *net, const struct question *question);
/* Whether there is a way to the collector. */
bool net_is_open(const struct net *net);

#endif
