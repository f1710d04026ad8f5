/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of a new agent: agent.key, agent.crt, ca.crt and agent.conf. All of it is written
 * before the registry knows the agent, so that there is never an agent without its files.
 */
#ifndef PANTAU_CLI_ISSUE_H
#define PANTAU_CLI_ISSUE_H

#include "collector/store/registry.h"
#include "common/err.h"

struct issue_order {
	const char *state; /* the state folder, which holds the CA */
	const char *folder; /* made when it is missing; -EEXIST when it holds such files */
	const char *collector; /* "HOST:PORT" for agent.conf */
	const char *reflector; /* where it listens, as in pantau.conf; empty: there is none */
	const char *name; /* NULL: the registry's default */
	const char *wan;
	int64_t link, from_s;
};

/* 0 or a negative errno with words; then no file of the agent is left behind. */
int issue_agent(struct registry *registry, const struct issue_order *order, uint32_t *ret_agent,
	struct err *err);
/* Many of one state folder, one or more: all or none. ret_agents has room for as many ids. */
int issue_agents(struct registry *registry, const struct issue_order *orders, size_t count,
	uint32_t *ret_agents, struct err *err);

#endif
