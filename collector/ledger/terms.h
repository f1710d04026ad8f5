/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's terms: every number by which a link is judged and paid. Data, with effective dates.
 */
#ifndef PANTAU_LEDGER_TERMS_H
#define PANTAU_LEDGER_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/cause.h"

#define TERMS_BANDS_MAX 16 /* a contract's table of penalties has three to five rows */
#define TERMS_PPM 1000000

enum formula {
	FORMULA_PRORATA,
	FORMULA_PRORATA_SLA,
	FORMULA_EXCESS,
	FORMULA_SHORTFALL,
	FORMULA_BANDS,
	FORMULA_COUNT
};
enum power_rule { POWER_UNKNOWN, POWER_EXCLUDE };
enum rounding { ROUND_DOWN, ROUND_NEAREST, ROUND_UP };

struct band { /* availability below this: this much of the fee */
	uint32_t below_ppm, pay_ppm;
};

struct terms {
	uint32_t target_ppm; /* s: 1 to 1,000,000 */
	uint32_t loss_threshold_ppm; /* C: a slot is bad above it; default 500,000 */
	uint32_t window_s; /* W: 1 to 86,400; default 300 */
	uint32_t bridge_s; /* B: 0 to 3,600; default 120 */
	uint32_t notice_s; /* maintenance counts from its entry plus this; default 86,400 */
	uint32_t uncharged; /* bit 1 << enum down_cause; default local alone */
	enum power_rule power;
	int64_t fee_rupiah; /* F: a month, before VAT; 0 to TERMS_FEE_MAX */
	enum formula formula;
	enum rounding rounding;
	uint32_t band_count;
	struct band bands[TERMS_BANDS_MAX];
};

#define TERMS_FEE_MAX 1000000000000LL /* a trillion rupiah a month: products stay below 2^127 */

/* Fills in the defaults; target, fee and formula are the caller's to set. */
void terms_init(struct terms *terms);
const char *formula_name(enum formula formula);
int formula_parse(const char *name); /* -1 for a word that is none */

#endif
