/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One simulated agent: the real schedule, slots and protocol, a real certificate; only the
 * answers to its probes are invented, at once.
 */
#ifndef PANTAU_SWARM_MEMBER_H
#define PANTAU_SWARM_MEMBER_H

#include <stdbool.h>
#include <uv.h>

#include "common/err.h"
#include "swarm/scenario.h"

struct member_settings { /* borrowed during member_new only, but for the loop */
	uv_loop_t *loop;
	const char *folder; /* agent.crt, agent.key, ca.crt */
	struct sockaddr_storage to;
	uint32_t run;
	uint32_t slot_ms, round_ms, loss_percent;
};

struct member_figures {
	uint64_t recorded, acked, rejected, sessions, held_back;
	uint64_t lost; /* of the recorded: in power cuts */
	bool open;
};

struct member;

int member_new(const struct member_settings *settings, struct member **ret_member, struct err *err);
void member_suffer(struct member *member, const struct scene *scene);
/* No more slots are begun; what is recorded is still sent. */
void member_stop(struct member *member);
struct member_figures member_figures(const struct member *member);
void member_close(
	struct member *member); /* its connection; call member_free after the loop ended */
void member_free(struct member *member);

#endif
