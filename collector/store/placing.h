/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stretches of a boot's time on UTC, and back. Pure, beside ledger/place.h, which places moments.
 *
 *	mono  --a1-----------a2--------->     each anchor places what comes up to the next one, so a
 *	UTC   [......)[...........           stretch may tear, overlap itself or run back
 */
#ifndef PANTAU_STORE_PLACING_H
#define PANTAU_STORE_PLACING_H

#include <stdbool.h>

#include "collector/ledger/place.h"
#include "collector/ledger/span.h"

struct placing { /* the chosen anchors of a boot; borrowed */
	const struct place_anchor *items;
	size_t count; /* more than 0 */
};

struct mono_span { /* microseconds of a boot, [from_us, to_us) */
	uint64_t from_us, to_us;
};

/* The seconds from where the stretch's first moment lies to where its last one does, and all of it
 * between: every slot in the stretch is placed within. */
struct span placing_hull(struct placing placing, struct mono_span stretch);
/* The stretch that holds every moment that is placed within the span. False: there is none. */
bool placing_back(struct placing placing, const struct span *span, struct mono_span *ret_stretch);

#endif
