/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of a base has to be looked at. A run of at least W good seconds decides: whatever came
 * before it, the link is up there, and what follows does not depend on what came before.
 *
 *	base    ... ?  ? [ good, W or more ] bad ? bad [ asked ] ? good [ good, W or more ] ? ...
 *	looked at             [W             ............                W]
 */
#ifndef PANTAU_LEDGER_DECISIVE_H
#define PANTAU_LEDGER_DECISIVE_H

#include "collector/ledger/base.h"
#include "collector/ledger/span.h"

struct decisive {
	struct span asked;
	/* Where the base is right. INT64_MIN and SPAN_FOREVER: up to the timeline's own ends, so
	 * that on this side nothing has to decide. */
	struct span sound;
	uint32_t window_s;
	/* out */
	bool short_before, short_after; /* more has to be read on this side */
	struct span right; /* the seconds of which the states will be right */
};

/* Cuts the base down to what decides on either side of what is asked, and puts good without end
 * behind it: the input of states_of_base(). False: more has to be read, and the base is as it was.
 * The base has room for one segment more. */
bool decisive_cut(struct decisive *decisive, struct base *base);

#endif
