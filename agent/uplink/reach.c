/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/reach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/uplink/kept_addresses.h"

#define RESOLVE_MS 5000 /* a resolver that answers at all does so by now */
#define CANDIDATES_MAX 8 /* of one name */

struct reach {
	struct reach_settings settings;
	void (*found)(void *arg, size_t count, const char *reason);
	void *arg;
	struct kept_addresses *kept;
	const struct settings_collector *collector; /* looked for */
	size_t count, tried;
	union socket_address candidates[CANDIDATES_MAX];
	char reason[160];
	uv_timer_t limit; /* the wait for the resolver; or 0, to answer with the loop's next turn */
	uv_getaddrinfo_t resolving;
	bool is_resolving; /* maybe for an earlier collector: it cannot be stopped */
	const struct settings_collector *asked; /* what the resolver was asked for */
	bool is_due; /* `found` is */
	bool closing;
	unsigned handles;
};

/* ---- candidates */

static bool same(const union socket_address *a, const union socket_address *b)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	if (a->any.sa_family == AF_INET)
		return a->v4.sin_port == b->v4.sin_port &&
			a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	return a->v6.sin6_port == b->v6.sin6_port &&
		memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof(a->v6.sin6_addr)) == 0;
}

static void add_candidate(struct reach *reach, const union socket_address *address)
{
	for (size_t i = 0; i < reach->count; i++)
		if (same(&reach->candidates[i], address))
			return;
	if (reach->count < CANDIDATES_MAX)
		reach->candidates[reach->count++] = *address;
}

/* The next one of this family behind `at`; NULL: none. */
static const struct addrinfo *next_of(const struct addrinfo *at, int family)
{
	while (at && at->ai_family != family)
		at = at->ai_next;
	return at;
}

static void add_resolved(struct reach *reach, const struct addrinfo *found)
{
	const struct addrinfo *at[2];
	unsigned turn = 0;
	int families[2];

	families[0] = found && found->ai_family == AF_INET6 ? AF_INET6 : AF_INET;
	families[1] = families[0] == AF_INET ? AF_INET6 : AF_INET;
	at[0] = next_of(found, families[0]);
	at[1] = next_of(found, families[1]);
	for (; at[0] || at[1]; turn = !turn) {
		union socket_address address;

		if (!at[turn])
			continue;
		memset(&address, 0, sizeof(address));
		memcpy(&address, at[turn]->ai_addr, at[turn]->ai_addrlen);
		add_candidate(reach, &address);
		at[turn] = next_of(at[turn]->ai_next, families[turn]);
	}
}

static bool is_among(const struct addrinfo *found, const union socket_address *address)
{
	for (; found; found = found->ai_next) {
		union socket_address one;

		memset(&one, 0, sizeof(one));
		if (found->ai_addrlen <= sizeof(one))
			memcpy(&one, found->ai_addr, found->ai_addrlen);
		if (same(&one, address))
			return true;
	}
	return false;
}

/* What worked last is first if it still is the name's; otherwise the last resort. */
static void set_candidates(struct reach *reach, const struct addrinfo *resolved)
{
	union socket_address last;
	bool is_kept = kept_addresses_get(reach->kept, reach->collector, &last);

	reach->count = reach->tried = 0;
	if (is_kept && is_among(resolved, &last))
		add_candidate(reach, &last);
	add_resolved(reach, resolved);
	if (is_kept)
		add_candidate(reach, &last);
}

/* ---- answering */

static void release(struct reach *reach)
{
	if (--reach->handles)
		return;
	kept_addresses_free(reach->kept);
	free(reach);
}

static void answer(struct reach *reach)
{
	reach->is_due = false;
	uv_timer_stop(&reach->limit);
	reach->found(reach->arg, reach->count, reach->reason);
}

static void on_limit(uv_timer_t *timer)
{
	struct reach *reach = timer->data;

	if (reach->is_due && !reach->count && reach->is_resolving) {
		snprintf(reach->reason, sizeof(reach->reason),
			"the name %.100s cannot be resolved: the resolver does not answer",
			reach->collector->host);
		set_candidates(reach, NULL);
	}
	if (reach->is_due)
		answer(reach);
}

static void on_resolved(uv_getaddrinfo_t *resolving, int status, struct addrinfo *found)
{
	struct reach *reach = resolving->data;

	reach->is_resolving = false;
	if (!reach->closing && reach->is_due && reach->asked == reach->collector) {
		snprintf(reach->reason, sizeof(reach->reason),
			"the name %.100s cannot be resolved: %s", reach->collector->host,
			status ? uv_strerror(status) : "no address");
		set_candidates(reach, status ? NULL : found);
		answer(reach);
	}
	uv_freeaddrinfo(status ? NULL : found);
	release(reach);
}

/* ---- looking */

/* An address as it stands needs no resolver. */
static bool take_numeric(struct reach *reach)
{
	const struct settings_collector *collector = reach->collector;
	int port = atoi(collector->port);
	union socket_address address;

	memset(&address, 0, sizeof(address));
	if (uv_ip4_addr(collector->host, port, &address.v4) < 0 &&
		uv_ip6_addr(collector->host, port, &address.v6) < 0)
		return false;
	add_candidate(reach, &address);
	return true;
}

static int resolve(struct reach *reach)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	int status;

	if (reach->is_resolving)
		return 0; /* the resolver still hangs over an earlier question */
	status = uv_getaddrinfo(reach->settings.loop, &reach->resolving, on_resolved,
		reach->collector->host, reach->collector->port, &hints);
	if (status < 0)
		return status;
	reach->asked = reach->collector;
	reach->is_resolving = true;
	reach->handles++;
	return 0;
}

void reach_find(struct reach *reach, const struct settings_collector *collector)
{
	uint64_t wait_ms = RESOLVE_MS;
	int status = 0;

	reach->collector = collector;
	reach->count = reach->tried = 0;
	reach->reason[0] = '\0';
	reach->is_due = true;
	if (take_numeric(reach)) {
		wait_ms = 0;
	} else {
		bool hangs = reach->is_resolving;

		status = resolve(reach);
		if (hangs || status < 0)
			wait_ms = 0;
	}
	if (status < 0) {
		snprintf(reach->reason, sizeof(reach->reason), "%s", uv_strerror(status));
		set_candidates(reach, NULL);
	}
	uv_timer_start(&reach->limit, on_limit, wait_ms, 0);
}

bool reach_has_next(const struct reach *reach)
{
	return reach->tried < reach->count;
}

const struct sockaddr *reach_next(struct reach *reach)
{
	return reach_has_next(reach) ? &reach->candidates[reach->tried++].any : NULL;
}

void reach_worked(struct reach *reach)
{
	if (reach->tried)
		kept_addresses_put(
			reach->kept, reach->collector, &reach->candidates[reach->tried - 1]);
}

/* ---- life */

int reach_new(const struct reach_settings *settings,
	void (*found)(void *arg, size_t count, const char *reason), void *arg,
	struct reach **ret_reach)
{
	struct reach *reach = calloc(1, sizeof(*reach));
	int status;

	if (!reach)
		return -ENOMEM;
	reach->settings = *settings;
	reach->found = found;
	reach->arg = arg;
	status = kept_addresses_open(settings->state_folder, &reach->kept);
	if (status < 0) {
		free(reach);
		return status;
	}
	uv_timer_init(settings->loop, &reach->limit);
	reach->limit.data = reach->resolving.data = reach;
	reach->handles = 1;
	*ret_reach = reach;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	release(handle->data);
}

void reach_close(struct reach *reach)
{
	if (!reach)
		return;
	reach->closing = true;
	reach->is_due = false;
	if (reach->is_resolving)
		uv_cancel((uv_req_t *)&reach->resolving);
	uv_close((uv_handle_t *)&reach->limit, on_closed);
}
