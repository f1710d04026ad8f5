/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of every second of a link under one contract's terms: sla.md section 2.
 *
 *   line    good good bad  bad  ?    ?    bad  good ...
 *   pass 1  unknown taken as good  -> DOWN seconds are D
 *   pass 2  unknown taken as bad   -> UP seconds are U          the rest is N
 */
#ifndef PANTAU_LEDGER_STATES_H
#define PANTAU_LEDGER_STATES_H

#include "collector/ledger/base.h"
#include "collector/ledger/span.h"
#include "collector/ledger/terms.h"
#include "collector/ledger/timeline.h"

enum state { STATE_U, STATE_D, STATE_N };

struct state_run { /* sorted, touching; the last one has to == SPAN_FOREVER */
	int64_t from, to;
	enum state state;
	uint8_t cause; /* D: enum down_cause; N: enum unknown_cause; U: 0 */
};

struct states {
	struct state_run *runs;
	size_t count;
	struct spans high_loss; /* bad and forgiven: high-loss intervals */
	struct spans charged; /* charged bad seconds, bridged holes included */
	struct spans power_person; /* power gaps that the rule power=exclude leaves to a person */
};

/* `begins`: the earlier of the link's first contract and its first slot; UP before it. 0 or
 * -ENOMEM. */
int states_compute(const struct line *line, const struct terms *terms, int64_t begins,
	struct states *ret_states);
/* The same from the base, which must end with a segment without end. */
int states_of_base(const struct base *base, const struct terms *terms, struct states *ret_states);
void states_done(struct states *states);
/* The run that holds the second; NULL before the first. */
const struct state_run *states_at(const struct states *states, int64_t second);

#endif
