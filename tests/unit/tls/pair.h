/* SPDX-License-Identifier: Apache-2.0 */
/* Two engines and the wire between them, for tests. Everything here fails the test if it cannot. */
#ifndef PANTAU_TESTS_UNIT_TLS_PAIR_H
#define PANTAU_TESTS_UNIT_TLS_PAIR_H

#include "common/tls_internal.h"
#include "tests/unit/tls/authority.h"

struct pair {
	struct tls_context *client_context, *server_context;
	struct tls *client, *server;
	struct err client_err, server_err;
	size_t step; /* bytes carried at once; 0: all */
};

/* The files of the authority: agent-7 or its collector. */
struct tls_settings pair_settings(const struct authority *authority, enum tls_role role);

void pair_init(
	struct pair *pair, const struct tls_settings *client, const struct tls_settings *server);
/* Both ends of one authority. */
void pair_init_of(struct pair *pair, const struct authority *authority);
void pair_done(struct pair *pair);

/* Moves what waits; returns how much that was. */
size_t pair_carry(struct tls *from, struct tls *to, size_t step);
/* Until both are done, one failed, or nothing moves; gives the last results. */
void pair_shake(struct pair *pair, int *ret_client, int *ret_server);
void pair_shake_well(struct pair *pair);

#endif
