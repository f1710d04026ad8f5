/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates for many callers, made on the spot by the server's own CA: agent-1, agent-2, ...
 * They share one key, which no server can see, and stand in the roster that ingest reads.
 */
#ifndef PANTAU_TESTS_BENCH_LOAD_PEOPLE_H
#define PANTAU_TESTS_BENCH_LOAD_PEOPLE_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "common/err.h"

struct people;

#define PEOPLE_BESIDE_FIRST 1000000 /* the number of the first who stands beside others */

struct people_wish {
	uint32_t count;
	bool beside; /* those who are in the roster stay in it */
};

/* Of the state folder: reads ca/, replaces roster.json. */
int people_new(const char *state, const struct people_wish *wish, struct people **ret_people,
	struct err *err);
void people_free(struct people *people);
/* One engine for number `id`, from 1; its certificate, our CA. NULL: no memory. */
SSL *people_ssl(const struct people *people, uint32_t id, const char *alpn);

#endif
