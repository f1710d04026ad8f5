/* SPDX-License-Identifier: Apache-2.0 */
/* An uplink and a small collector in the same loop: real TCP, real TLS, the real receiver. */
#ifndef PANTAU_TESTS_UNIT_AGENT_UPLINK_WORLD_H
#define PANTAU_TESTS_UNIT_AGENT_UPLINK_WORLD_H

#include "agent/uplink/uplink.h"
#include "common/clock.h"
#include "proto/receiver.h"
#include "tests/unit/agent/spool_fixture.h"
#include "tests/unit/tls/authority.h"

struct collector { /* one agent at a time */
	const char *address; /* to listen on; NULL: 127.0.0.1 */
	uv_loop_t *loop;
	uv_tcp_t listener, peer;
	struct tls_context *context;
	struct tls *tls;
	struct receiver *receiver;
	struct buf out;
	bool shaken, deaf, mute; /* deaf: shakes no hands; mute: answers no HELLO */
	bool full; /* closes each connection at once */
	unsigned accepted, entries;
	uint32_t last; /* sequence received last: everything up to it is "on disk" */
	char wan[WAN_NAME_MAX + 1];
};

struct world {
	struct authority authority;
	uv_loop_t loop;
	struct collector collector;
	struct spool *spool;
	bool shares_spool;
	struct tls_context *tls;
	struct uplink *uplink;
	const struct authority *agents; /* who signed the agent's certificate; NULL: ours */
	const char *first_host; /* of a collector at port 1 before the real one; NULL: none */
	const char *state_folder; /* of what worked; NULL: not kept */
	uint64_t report_ms;
	unsigned times, changes, finished;
};

/* `slots` records wait in the spool. */
struct world *begin(uint32_t slots);
/* Another one on the same spool. */
struct world *begin_beside(const struct world *other);
void end(struct world *world);

/* Listens on a port of the kernel's choice. */
void open_collector(struct world *world, char ret_port[6]);
void hang_up(struct collector *collector);
void open_uplink(struct world *world, const char *host, const char *port, const char *ca);
/* Turns the loop until the uplink has had so many acknowledged, for at most ten seconds. */
void run_until_acked(struct world *world, uint64_t count);
/* For so long, or until the uplink has finished. */
void run_for(struct world *world, double seconds);

#endif
