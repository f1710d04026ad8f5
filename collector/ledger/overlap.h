/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which witness speaks for a second: where slots overlap, the newer agent's wins from its
 * acceptance on; between slots of one agent the lower (run, sequence).
 *
 *   A: [  slot 1  ][  slot 2  ]             pieces: [  A1  ][A2 ][  B1  ]
 *   B:                    [  slot 1  ]   ->
 */
#ifndef PANTAU_LEDGER_OVERLAP_H
#define PANTAU_LEDGER_OVERLAP_H

#include "collector/ledger/history.h"

struct piece { /* sorted, disjoint */
	int64_t from, to;
	const struct history_slot *slot; /* borrowed from the history */
};

/* Caller frees *ret_pieces. 0 or -ENOMEM. */
int overlap_resolve(const struct history *history, struct piece **ret_pieces, size_t *ret_count);

#endif
