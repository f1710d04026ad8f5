/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP exchange over a socket that is connected already. The only file that knows libcurl:
 * HTTP/1.1, no redirect followed, no proxy, no cookie, no name resolved.
 */
#ifndef PANTAU_AGENT_PROBE_FETCH_H
#define PANTAU_AGENT_PROBE_FETCH_H

#include <stddef.h>

#include "agent/probe/reach.h"

struct fetch_url {
	char host[REACH_HOST_BYTES]; /* without the brackets of an IPv6 address */
	char path[1024]; /* with the query */
	uint16_t port;
	bool tls;
};

/* http and https alone, without user and password. -EINVAL with words. */
int fetch_split(const char *url, struct fetch_url *ret_url, struct err *err);

struct fetch_request { /* borrowed until fetch_free() */
	const char *url;
	const char *ca; /* PEM file; NULL: the system's */
	struct reach *reach; /* its descriptor is taken */
	uint64_t limit_us; /* from now */
	long buffer_bytes; /* what is read at a time; 0: 64 KiB */
	void *arg;
	/* Content came. False ends the exchange. NULL: it is only counted. */
	bool (*content)(void *arg, const void *bytes, size_t length);
	/* A header line came, without its end. May be NULL. */
	void (*header)(void *arg, const char *line, size_t length);
	/* A POST: what is sent, `send_bytes` in all. NULL: a GET. */
	size_t (*send)(void *arg, void *room, size_t size);
	uint64_t send_bytes;
};

enum fetch_end {
	FETCH_DONE,
	FETCH_STOPPED, /* by `content` or fetch_free() */
	FETCH_TIMEOUT,
	FETCH_TLS, /* no TLS, or a certificate that no known authority vouches for */
	FETCH_STRANGER, /* a good certificate for another name; no HTTP; headers without end */
	FETCH_BROKEN,
	FETCH_FAILED, /* this machine's fault */
};

struct fetch_result {
	enum fetch_end end;
	unsigned status; /* 0: none came */
	uint32_t tls_us, first_byte_us; /* 0: not reached */
	char redirect[256]; /* where to; cut; "" nowhere */
	char words[160]; /* of a fault */
};

struct fetch;

/* Takes reach->fd in any case. NULL: no memory. */
struct fetch *fetch_new(const struct fetch_request *request);
/* Goes on; waits until something happens, but no longer than that. False: it is over. */
bool fetch_step(struct fetch *fetch, unsigned wait_ms);
/* Its socket; -1 once it is closed. */
int fetch_socket(const struct fetch *fetch);
/* TCP's content that has come, TLS and all. */
uint64_t fetch_received(const struct fetch *fetch);
/* Of what is over; or, before, how far it is. */
void fetch_result(const struct fetch *fetch, struct fetch_result *ret_result);
/* Closes at once: what waits to be sent is dropped. Accepts NULL. */
void fetch_free(struct fetch *fetch);

#endif
