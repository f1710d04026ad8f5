/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams that come in, with the kernel's time of it. */
#ifndef PANTAU_AGENT_PROBES_ARRIVAL_H
#define PANTAU_AGENT_PROBES_ARRIVAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "agent/net/address.h"

#define ARRIVAL_BYTES 1280 /* an answer of a resolver; a STAMP packet has 112 */

struct arrival {
	union socket_address from;
	int64_t utc_ns; /* by the kernel; 0: it gave none */
	size_t length;
	uint8_t bytes[ARRIVAL_BYTES];
};

/* From now on the kernel notes when a datagram comes in. */
void arrival_timestamps(int fd);
/* What the kernel says in a message's control part; 0: nothing. */
int64_t arrival_time(struct msghdr *message);
/* Does not wait. false: nothing there (what was wrong with an earlier sending is passed over). */
bool arrival_read(int fd, struct arrival *ret_arrival);

#endif
