/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link of a desa as JSON, as tests/support/worlds.py writes it: contracts, what each agent
 * witnessed, decisions. Aborts on what is no such thing.
 */
#ifndef PANTAU_TESTS_WORLD_H
#define PANTAU_TESTS_WORLD_H

#include <jansson.h>

#include "collector/ledger/history.h"
#include "collector/ledger/month.h"

struct world_link {
	struct history history;
	int64_t begins; /* of the timeline */
	struct exclusion *exclusions;
	size_t exclusion_count;
	const json_t *contracts; /* borrowed from the JSON */
};

void world_link_read(const json_t *input, struct world_link *ret_link);
void world_link_done(struct world_link *link);

#endif
