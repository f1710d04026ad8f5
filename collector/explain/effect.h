/* SPDX-License-Identifier: Apache-2.0 */
/* What an exclusion would remove that is not removed already: before it is entered. */
#ifndef PANTAU_EXPLAIN_EFFECT_H
#define PANTAU_EXPLAIN_EFFECT_H

#include "collector/store/sla.h"

struct effect {
	int64_t links; /* that it reaches */
	int64_t seconds; /* of their rows that E would grow by, up to now */
};

/* As if it were entered at now_s. By the month's own rules, under each contract that it meets. */
int effect_of(const struct sla_source *source, const struct registry_exclusion *exclusion,
	int64_t now_s, struct effect *ret_effect, struct err *err);

#endif
