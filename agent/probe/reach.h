/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way to a server: its name resolved and a TCP connection made, each timed by itself, before
 * libcurl gets the socket. libcurl alone would hide in one figure what the resolver took, and says
 * 0 for the connection when TLS fails. Blocks: whoever started the program kills it when it takes
 * too long.
 */
#ifndef PANTAU_AGENT_PROBE_REACH_H
#define PANTAU_AGENT_PROBE_REACH_H

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/model.h"

#define REACH_HOST_BYTES 256 /* the longest name of the DNS, and a 0 */

struct reach_way { /* borrowed texts */
	const char *interface; /* ""; as the routing table says */
	bool public_only; /* addresses that are not the public internet's are passed over */
	uint64_t end_us; /* clock_boot_us() by which all is over */
	int received_bytes; /* most that may wait unread in the socket; 0: as the kernel likes */
};

struct reach {
	int fd; /* connected; -1: not */
	struct address address; /* whom it is connected to, or was asked last */
	uint16_t port;
	uint32_t name_us, connect_us; /* 0: not reached */
};

enum reach_end {
	REACH_DONE,
	REACH_NAME, /* no address, or none that may be asked */
	REACH_CONNECT, /* nobody answered, or this machine has no way */
	REACH_TIMEOUT,
};

/* Whatever comes of it, *ret_reach says how far it came. The caller closes fd. */
enum reach_end reach_host(const struct reach_way *way, const char *host, uint16_t port,
	struct reach *ret_reach, struct err *err);
/* The same, to an address that is known already. */
enum reach_end reach_again(const struct reach_way *way, struct reach *reach, struct err *err);

#endif
