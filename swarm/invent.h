/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a simulated agent finds: answers to its probes, traffic, names, pages, speed. A function of
 * the scenario's profile, the agent's condition and the time. Pure.
 */
#ifndef PANTAU_SWARM_INVENT_H
#define PANTAU_SWARM_INVENT_H

#include "agent/core/slots.h"
#include "swarm/fate.h"

#define INVENT_TARGETS 7

struct invent { /* borrowed by all of these */
	const struct scenario *scenario;
	const struct subject *subject;
};

/* Gateway, edge, a resolver of the provider, three internet targets, one of them by TCP too. */
void invent_targets(const struct subject *subject, struct target ret_targets[INVENT_TARGETS]);
void invent_answer(const struct invent *invent, const struct condition *condition,
	const struct question *question, int64_t utc_us, struct answer *ret_answer);
/* Adds what villagers moved in between to the WAN's counters. */
void invent_traffic(const struct invent *invent, const struct condition *condition, int64_t from_us,
	int64_t to_us, struct wan_reading *reading);
uint32_t invent_clients(const struct invent *invent, int64_t utc_us);
/* Both questions to the resolver, into the slot. */
void invent_dns(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct slot *slot);
/* All but boot, time and WAN. */
void invent_speed(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct speed *ret_speed);
void invent_http(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct http *ret_http);

#endif
