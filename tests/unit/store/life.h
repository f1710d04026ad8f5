/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's life drawn from a seed: boots, gaps, stops, gap records, conflicts, anchors that move
 * everything, two agents, contracts that come in between; and the order in which it arrives.
 */
#ifndef TESTS_STORE_LIFE_H
#define TESTS_STORE_LIFE_H

#include "tests/unit/store/fixture.h"

#define RECORDS_MAX 1200
#define CONTRACTS_MAX 16

struct life { /* one seed */
	struct fixture *fixture;
	uint64_t seed, random;
	int64_t link, start_s;
	uint32_t agents[2];
	struct sent records[RECORDS_MAX];
	size_t count;
	int64_t ends_s;
};

struct contracts { /* of the link, by beginning */
	struct registry_contract items[CONTRACTS_MAX];
	size_t count;
};

/* All that will come, in the order in which it will; a link for it. Caller frees. */
struct life *life_new(struct fixture *fixture, uint64_t seed);
/* A number below that. */
uint32_t draw(struct life *life, uint32_t below);
/* A contract that may overlap another one, and is none then. */
void life_sign(struct life *life);
struct contracts life_contracts(struct life *life);
/* SPAN_FOREVER: there is none. */
int64_t life_first_contract(const struct contracts *contracts);
/* A batch in which the ledger follows the registry's word on the link. */
void life_follow(struct life *life);
/* Fails the test with the error's words. */
void must(int result, const struct err *err);

#endif
