/* SPDX-License-Identifier: Apache-2.0 */
/* What a month's downtime costs the provider: sla.md section 4, in exact integers. */
#ifndef PANTAU_LEDGER_RESTITUTION_H
#define PANTAU_LEDGER_RESTITUTION_H

#include "collector/ledger/terms.h"

struct restitution_month {
	int64_t whole_s; /* Z: contracted seconds of the whole month */
	int64_t row_s; /* S of the row */
	int64_t judged_s; /* S - E, more than 0 */
};

/* The formula at Y = down_s, rounded once by the contract's rule, never more than F * S / Z.
 * Rupiah. */
int64_t restitution_compute(
	const struct terms *terms, const struct restitution_month *month, int64_t down_s);

#endif
