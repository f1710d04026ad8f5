/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's terms: every number by which a link is judged and paid. Data, with effective dates.
 */
#ifndef PANTAU_LEDGER_TERMS_H
#define PANTAU_LEDGER_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/cause.h"
#include "collector/ledger/service.h"
#include "common/err.h"

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

/* When the speeds of a month are enough: at least `rate` of the contracted rate in at least `share`
 * of the tests, of at least `tests` tests on at least `days` local days (sla.md section 5). */
struct speed_terms {
	uint32_t rate_ppm; /* X; 0: speed is not judged */
	uint32_t share_ppm; /* Y */
	uint32_t tests; /* M */
	uint32_t days; /* what "spread over the month" asks for: 1 to 31 */
};

/* Beyond these a link that is up is shown as DEGRADED: a word for the wall, not a state. */
struct limit_terms {
	uint32_t rtt_us, loss_ppm, pdv_us;
};
/* Our own choice, for all kinds of links: a round trip by a geostationary satellite takes 600 ms
 * and passes; every twentieth probe lost, or 100 ms of jitter, breaks a call. */
#define TERMS_LIMIT_RTT_US 800000
#define TERMS_LIMIT_LOSS_PPM 50000
#define TERMS_LIMIT_PDV_US 100000

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
	struct service service; /* P is within these hours; default always */
	struct speed_terms speed;
	struct limit_terms limits;
	uint32_t claim_days; /* the provider is told of an outage within so many; default 14 */
	uint32_t final_days; /* after the month's end; then nothing is revised. TERMS_NEVER */
};

#define TERMS_NEVER UINT32_MAX

#define TERMS_FEE_MAX 1000000000000LL /* a trillion rupiah a month: products stay below 2^127 */
#define TERMS_WINDOW_MAX_S 86400
#define TERMS_BRIDGE_MAX_S 3600
#define TERMS_NOTICE_MAX_S (366 * 86400) /* nobody announces work more than a year ahead */
#define TERMS_TESTS_MAX 10000 /* a speed test every four minutes */
#define TERMS_LIMIT_MAX_US 3000000 /* a later answer is none */
#define TERMS_CLAIM_DAYS_MAX 366
#define TERMS_FINAL_DAYS_MAX 3660 /* ten years: what a budget can be audited for */

/* Fills in the defaults; target, fee and formula are the caller's to set. */
void terms_init(struct terms *terms);
/* -EINVAL with the field, its value and what is allowed. */
int terms_check(const struct terms *terms, struct err *err);
const char *formula_name(enum formula formula);
int formula_parse(const char *name); /* -1 for a word that is none */

#endif
