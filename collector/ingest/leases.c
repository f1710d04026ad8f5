/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/leases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_S 1000
#define WINDOW_MS 60000 /* over which those who wait are counted */

struct held {
	uint64_t session, until_ms;
	uint32_t number;
	char *provider;
};

struct leases {
	struct leases_limits limits;
	size_t count;
	struct held *held; /* room for limits.all */
	uint64_t random;
	uint64_t window_ms; /* when the present window began */
	size_t waiting[2]; /* refused in the window before, and in this one */
	struct leases_figures figures;
};

int leases_new(const struct leases_limits *limits, struct leases **ret_leases)
{
	struct leases *leases = calloc(1, sizeof(*leases));

	if (!leases)
		return -ENOMEM;
	leases->limits = *limits;
	if (leases->limits.all > LEASES_MAX)
		leases->limits.all = LEASES_MAX;
	leases->random = limits->seed | 1;
	leases->held = calloc(leases->limits.all + 1, sizeof(*leases->held));
	if (!leases->held) {
		free(leases);
		return -ENOMEM;
	}
	*ret_leases = leases;
	return 0;
}

static void drop(struct leases *leases, size_t index)
{
	free(leases->held[index].provider);
	leases->held[index] = leases->held[--leases->count];
}

void leases_free(struct leases *leases)
{
	if (!leases)
		return;
	while (leases->count > 0)
		drop(leases, 0);
	free(leases->held);
	free(leases);
}

/* ---- waiting */

/* xorshift64: nobody gains by guessing it. */
static uint64_t draw(struct leases *leases)
{
	leases->random ^= leases->random << 13;
	leases->random ^= leases->random >> 7;
	leases->random ^= leases->random << 17;
	return leases->random;
}

static void turn_window(struct leases *leases, uint64_t now_ms)
{
	if (now_ms - leases->window_ms < WINDOW_MS)
		return;
	leases->waiting[0] = now_ms - leases->window_ms < 2 * WINDOW_MS ? leases->waiting[1] : 0;
	leases->waiting[1] = 0;
	leases->window_ms = now_ms;
}

/* As long as those who wait would take one after the other, drawn evenly up to twice that. */
static uint32_t wait_s(struct leases *leases, uint64_t now_ms)
{
	uint64_t waiting, spread;

	turn_window(leases, now_ms);
	leases->waiting[1]++;
	leases->figures.refused++;
	waiting = leases->waiting[0] > leases->waiting[1] ? leases->waiting[0] : leases->waiting[1];
	spread = 2 * waiting * LEASE_WAIT_MIN_S / (leases->limits.all ? leases->limits.all : 1) +
		LEASE_WAIT_MIN_S;
	if (spread > LEASE_WAIT_MAX_S - LEASE_WAIT_MIN_S)
		spread = LEASE_WAIT_MAX_S - LEASE_WAIT_MIN_S;
	return (uint32_t)(LEASE_WAIT_MIN_S + draw(leases) % (spread + 1));
}

/* ---- asking */

static void expire(struct leases *leases, uint64_t now_ms)
{
	for (size_t i = leases->count; i-- > 0;) {
		if (leases->held[i].until_ms > now_ms)
			continue;
		drop(leases, i);
		leases->figures.expired++;
	}
}

static bool is_free(const struct leases *leases, const struct lease_ask *ask)
{
	size_t provider = 0, session = 0;

	for (size_t i = 0; i < leases->count; i++) {
		provider += strcmp(leases->held[i].provider, ask->provider) == 0;
		session += leases->held[i].session == ask->session;
	}
	return leases->count < leases->limits.all && provider < leases->limits.provider &&
		session < LEASES_OF_SESSION;
}

static bool grant(struct leases *leases, const struct lease_ask *ask, uint64_t now_ms)
{
	struct held *held = &leases->held[leases->count];

	held->provider = strdup(ask->provider);
	if (!held->provider)
		return false;
	held->session = ask->session;
	held->number = ask->number;
	held->until_ms = now_ms + (uint64_t)LEASE_S * MS_PER_S;
	leases->count++;
	leases->figures.granted++;
	return true;
}

static const struct held *find(const struct leases *leases, uint64_t session, uint32_t number)
{
	for (size_t i = 0; i < leases->count; i++)
		if (leases->held[i].session == session && leases->held[i].number == number)
			return &leases->held[i];
	return NULL;
}

bool leases_ask(
	struct leases *leases, const struct lease_ask *ask, uint64_t now_ms, uint32_t *ret_seconds)
{
	const struct held *held;

	expire(leases, now_ms);
	held = find(leases, ask->session, ask->number);
	if (!held && (!is_free(leases, ask) || !grant(leases, ask, now_ms))) {
		*ret_seconds = wait_s(leases, now_ms);
		return false;
	}
	*ret_seconds = held ? (uint32_t)((held->until_ms - now_ms + MS_PER_S - 1) / MS_PER_S)
			    : LEASE_S;
	return true;
}

void leases_return(struct leases *leases, uint64_t session, uint32_t number)
{
	const struct held *held = find(leases, session, number);

	if (held)
		drop(leases, (size_t)(held - leases->held));
}

void leases_end_session(struct leases *leases, uint64_t session)
{
	for (size_t i = leases->count; i-- > 0;)
		if (leases->held[i].session == session)
			drop(leases, i);
}

struct leases_figures leases_figures(struct leases *leases, uint64_t now_ms)
{
	expire(leases, now_ms);
	leases->figures.held = leases->count;
	leases->figures.limits = leases->limits;
	return leases->figures;
}
