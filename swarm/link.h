/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated agent's connection: TCP, TLS and the sender's frames, made again after every end. */
#ifndef PANTAU_SWARM_LINK_H
#define PANTAU_SWARM_LINK_H

#include <uv.h>

#include "common/tls.h"
#include "proto/sender.h"

struct link_figures {
	bool open;
	uint64_t sessions; /* that were welcomed */
	uint64_t rejected;
};

struct link;

/* Copied; the context is taken: freed with the link. */
struct link_settings {
	uv_loop_t *loop;
	struct tls_context *tls;
	struct sockaddr_storage to;
	struct sender_source source;
	uint32_t from; /* IPv4: bind to this address, host order; 0: any */
	void *arg;
	/* The agent's monotonic clock, and the boot that it counts from (borrowed for the call). */
	uint64_t (*clock)(void *arg, const uint8_t **ret_boot);
	void (*time)(void *arg, const struct time_answer *answer, uint64_t now_us);
};
int link_new(const struct link_settings *settings, struct link **ret_link);
/* There are new records. */
void link_wake(struct link *link);
/* Cuts the connection without a goodbye, and tries again at once. */
void link_cut(struct link *link);
/* Cuts it, and does not try until it is let go. */
void link_hold(struct link *link, bool held);
bool link_is_held(const struct link *link);
struct link_figures link_figures(const struct link *link);
/* Freed by its last close callback. */
void link_close(struct link *link);

#endif
