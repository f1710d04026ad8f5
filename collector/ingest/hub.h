/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All sessions, and which of them speaks for an agent: the newest. Embedded in what it links, so
 * that nothing can fail; knows no sockets.
 */
#ifndef PANTAU_COLLECTOR_INGEST_HUB_H
#define PANTAU_COLLECTOR_INGEST_HUB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct hub_member {
	LIST_ENTRY(hub_member) all;
	LIST_ENTRY(hub_member) speaking; /* among those whose agents hash alike */
	uint32_t agent; /* 0: speaks for nobody, or no more */
};

struct hub;

/* `expected`: about how many members there will be. */
int hub_new(size_t expected, struct hub **ret_hub);
void hub_free(struct hub *hub);

void hub_add(struct hub *hub, struct hub_member *member);
/* From now on the member speaks for the agent (not 0); returns who did before, or NULL. */
struct hub_member *hub_claim(struct hub *hub, struct hub_member *member, uint32_t agent);
/* It speaks for nobody any more. */
void hub_resign(struct hub *hub, struct hub_member *member);
void hub_remove(struct hub *hub, struct hub_member *member);

struct hub_member *hub_find(const struct hub *hub, uint32_t agent);
/* `each` may remove the member that it is given. */
void hub_each(struct hub *hub, void (*each)(void *arg, struct hub_member *member), void *arg);
size_t hub_count(const struct hub *hub);
size_t hub_speaking(const struct hub *hub);

#endif
