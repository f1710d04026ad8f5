/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One simulated agent: a life, the queue of its records, a connection. It lives its past as fast as
 * the collector acknowledges, then in real time.
 *
 *   life --records--> queue --sender, TLS--> collector
 *     ^                 |
 *     +--- room --------+
 */
#ifndef PANTAU_SWARM_MEMBER_H
#define PANTAU_SWARM_MEMBER_H

#include <stdbool.h>
#include <uv.h>

#include "common/err.h"
#include "swarm/life.h"
#include "swarm/now.h"
#include "swarm/receipts.h"
#include "swarm/roll.h"

struct member_settings { /* copied; what it points to is borrowed for life */
	uv_loop_t *loop;
	const struct now *now;
	const struct roll_entry *entry; /* folder: agent.crt, agent.key, ca.crt */
	struct receipts *receipts; /* NULL: nobody keeps them */
	struct sockaddr_storage to;
	uint32_t from; /* see link.h */
	struct life_settings life; /* but subject and events */
};

struct member_figures {
	uint64_t slots, recorded, acked, rejected, sessions, held_back;
	bool open, live;
	bool held; /* it cannot reach the collector */
};

struct member;

int member_new(const struct member_settings *settings, struct member **ret_member, struct err *err);
/* No more slots are begun; what is recorded is still sent. in_order: it says goodbye, as a router
 * that is shut down; otherwise it may go on later as if nothing had been. */
void member_stop(struct member *member, bool in_order);
struct member_figures member_figures(const struct member *member);
/* What a later member can go on with; run 0: nothing. */
struct life_memory member_memory(const struct member *member);
/* Its connection; call member_free after the loop ended. */
void member_close(struct member *member);
void member_free(struct member *member);

#endif
