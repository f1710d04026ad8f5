/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/attempts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

void attempts_init(struct attempts *attempts)
{
	memset(attempts, 0, sizeof(*attempts));
}

/* What a customer has: an IPv4 address or the first half of an IPv6 one. Never 0. */
static uint64_t place_of(const char *host)
{
	char bare[INET6_ADDRSTRLEN] = "";
	uint64_t half = 0;
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return UINT64_C(1) << 32 | v4.s_addr;
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(host + (*host == '['), "]"),
		host + (*host == '['));
	if (inet_pton(AF_INET6, bare, &v6) == 1)
		memcpy(&half, &v6, sizeof(half));
	return half ? half : UINT64_MAX;
}

static bool is_over(const struct attempt *attempt, uint64_t now_ms)
{
	return now_ms - attempt->since_ms >= ATTEMPTS_WINDOW_MS;
}

static struct attempt *find(struct attempts *attempts, uint64_t place)
{
	for (size_t i = 0; i < ATTEMPTS_ADDRESSES; i++)
		if (attempts->known[i].place == place)
			return &attempts->known[i];
	return NULL;
}

/* The place of nobody, or else of the one longest ago of those that ask nothing now. */
static struct attempt *make_room(struct attempts *attempts)
{
	struct attempt *oldest = NULL;

	for (size_t i = 0; i < ATTEMPTS_ADDRESSES; i++) {
		struct attempt *attempt = &attempts->known[i];

		if (!attempt->place)
			return attempt;
		if (!attempt->asking && (!oldest || attempt->since_ms < oldest->since_ms))
			oldest = attempt;
	}
	return oldest;
}

static bool is_stormy(const struct attempts *attempts, uint64_t now_ms)
{
	return attempts->all_wrong >= ATTEMPTS_ALL_WRONG &&
		now_ms - attempts->all_since_ms < ATTEMPTS_ALL_WINDOW_MS;
}

static const char *judge(
	const struct attempts *attempts, const struct attempt *attempt, uint64_t now_ms)
{
	if (attempt->asking >= ATTEMPTS_AT_ONCE)
		return "too many ask from this address at once";
	if (attempt->wrong >= ATTEMPTS_WRONG)
		return "too many wrong tokens came from this address: come again in ten minutes";
	if (attempt->wrong && is_stormy(attempts, now_ms))
		return "too many wrong tokens come from everywhere: come again in ten minutes";
	return NULL;
}

bool attempts_begin(
	struct attempts *attempts, const char *host, uint64_t now_ms, const char **ret_why)
{
	uint64_t place = place_of(host);
	struct attempt *attempt = find(attempts, place);
	const char *why;

	if (!attempt) {
		attempt = make_room(attempts);
		if (!attempt) {
			*ret_why = "too many enrol at once";
			return false;
		}
		*attempt = (struct attempt){.place = place, .since_ms = now_ms};
	}
	if (is_over(attempt, now_ms)) {
		attempt->since_ms = now_ms;
		attempt->wrong = 0;
	}
	why = judge(attempts, attempt, now_ms);
	if (why) {
		*ret_why = why;
		return false;
	}
	attempt->asking++;
	return true;
}

static void count_wrong(struct attempts *attempts, uint64_t now_ms)
{
	if (now_ms - attempts->all_since_ms >= ATTEMPTS_ALL_WINDOW_MS) {
		attempts->all_since_ms = now_ms;
		attempts->all_wrong = 0;
	}
	attempts->all_wrong++;
}

void attempts_end(struct attempts *attempts, const char *host, uint64_t now_ms, bool wrong)
{
	struct attempt *attempt = find(attempts, place_of(host));

	if (!attempt || !attempt->asking)
		return;
	attempt->asking--;
	if (wrong) {
		attempt->wrong++;
		count_wrong(attempts, now_ms);
	} else if (!attempt->wrong && !attempt->asking) {
		*attempt = (struct attempt){0}; /* nothing is held against it */
	}
}
