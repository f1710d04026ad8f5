/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may ask to be enrolled now. Tokens have 128 bits and cannot be guessed, but every question
 * costs the signer a look into the registry: whoever was wrong often enough comes again later, and
 * nobody fills the line that others stand in. Told by address: an IPv6 customer has a /64. Pure.
 *
 *	0 -> attempts_begin() -> the question -> attempts_end() -> 0
 */
#ifndef PANTAU_COLLECTOR_INGEST_ATTEMPTS_H
#define PANTAU_COLLECTOR_INGEST_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTEMPTS_ADDRESSES 512 /* remembered; the one that was wrong longest ago is forgotten */
/* A technician is wrong once or twice, before the sum in the token has told him; behind the one
 * address of a provider there may be ten of them. */
#define ATTEMPTS_WRONG 20
#define ATTEMPTS_WINDOW_MS (10 * 60000)
#define ATTEMPTS_AT_ONCE 8 /* of an address; ENROL_LINE_MAX is four such */
/* From so many addresses at once comes an attack: then who was ever wrong waits until it is over,
 * and who was not is served. One wrong token a second is 1 % of what the signer answers. */
#define ATTEMPTS_ALL_WRONG 60
#define ATTEMPTS_ALL_WINDOW_MS 60000

struct attempt {
	uint64_t place; /* 0: free */
	uint64_t since_ms; /* of the window */
	uint32_t wrong; /* in it */
	uint32_t asking;
};

struct attempts {
	struct attempt known[ATTEMPTS_ADDRESSES];
	uint64_t all_since_ms;
	uint32_t all_wrong;
};

void attempts_init(struct attempts *attempts);
/* "10.0.0.7", "[2001:db8::7]". True: it may ask, and is asking from now on. Otherwise words say
 * why not. */
bool attempts_begin(
	struct attempts *attempts, const char *host, uint64_t now_ms, const char **ret_why);
/* It was answered, or has left. */
void attempts_end(struct attempts *attempts, const char *host, uint64_t now_ms, bool wrong);

#endif
