/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/terms.h"

#include <stddef.h>
#include <string.h>

static const char *const formula_names[FORMULA_COUNT] = {
	[FORMULA_PRORATA] = "prorata",
	[FORMULA_PRORATA_SLA] = "prorata-sla",
	[FORMULA_EXCESS] = "excess",
	[FORMULA_SHORTFALL] = "shortfall",
	[FORMULA_BANDS] = "bands",
};

void terms_init(struct terms *terms)
{
	*terms = (struct terms){
		.target_ppm = TERMS_PPM,
		.loss_threshold_ppm = TERMS_PPM / 2,
		.window_s = 300,
		.bridge_s = 120,
		.notice_s = 86400,
		.uncharged = 1u << DOWN_LOCAL,
		.power = POWER_UNKNOWN,
		.formula = FORMULA_PRORATA,
		.rounding = ROUND_DOWN,
	};
}

const char *formula_name(enum formula formula)
{
	return formula < FORMULA_COUNT ? formula_names[formula] : "?";
}

int formula_parse(const char *name)
{
	for (size_t i = 0; i < FORMULA_COUNT; i++) {
		if (!strcmp(name, formula_names[i]))
			return (int)i;
	}
	return -1;
}
