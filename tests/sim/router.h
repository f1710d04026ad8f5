/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's side of the simulation: a router that boots, loses power and forgets the time, on
 * which the agent's real core, spool and sender run in virtual time. Times without a word are true
 * time, in microseconds since the simulation began; the agent sees only its own monotonic clock.
 */
#ifndef PANTAU_TESTS_SIM_ROUTER_H
#define PANTAU_TESTS_SIM_ROUTER_H

#include "proto/model.h"
#include "tests/sim/draw.h"
#include "tests/sim/wire.h"

#define ROUTER_NEVER UINT64_MAX

struct weather { /* what answers on the link now */
	bool carrier, gateway, edge, provider, internet;
	unsigned loss_percent;
};

struct router_settings {
	const char *folder; /* for the spool; borrowed */
	size_t spool_bytes;
	int drift_ppm; /* of the router's quartz */
	bool has_ntp;
	uint64_t sync_every_us; /* how often the spool is made durable */
	uint64_t report_every_us; /* records wait for one another */
	int64_t utc_at_zero_us; /* the true UTC of the simulation's beginning */
};

struct made_slot { /* what was really there, to compare with what arrives */
	struct record_key key;
	uint64_t from_us, to_us; /* true time */
	uint32_t checksum; /* of the encoded record */
	uint32_t power_cut; /* how many power cuts there had been */
	bool synced; /* the spool was durable after it */
};

struct router_events {
	void *arg;
	/* Dials: true if there is a connection now. */
	bool (*dial)(void *arg);
	void (*made)(void *arg, const struct made_slot *slot);
	void (*synced)(void *arg);
	void (*acked)(void *arg, uint32_t run, uint32_t up_to);
};

struct router;

/* Copies settings and events; borrows the rest. The router is off. */
struct router *router_new(const struct router_settings *settings,
	const struct router_events *events, const struct weather *weather, struct wire *wire,
	struct draw *draw);
void router_free(struct router *router);

void router_power_on(struct router *router, uint64_t now_us);
void router_power_cut(struct router *router, uint64_t now_us);
/* In order: the agent says Stop, then all of it boots again. */
void router_reboot(struct router *router, uint64_t now_us);
/* The agent's program alone. */
void router_restart_agent(struct router *router, uint64_t now_us);
void router_kill_agent(struct router *router, uint64_t now_us);
/* The router's side of the connection breaks; it notices at once. */
void router_hang_up(struct router *router, uint64_t now_us);

bool router_is_on(const struct router *router);
/* When it has to be called next. */
uint64_t router_due(const struct router *router);
void router_step(struct router *router, uint64_t now_us);
/* Records that are not acknowledged; and those counted as lost for want of room. */
uint64_t router_waiting(const struct router *router);

#endif
