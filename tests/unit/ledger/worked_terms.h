/* SPDX-License-Identifier: Apache-2.0 */
/* Terms and months of the cases that tests write as JSON. */
#ifndef PANTAU_TESTS_WORKED_TERMS_H
#define PANTAU_TESTS_WORKED_TERMS_H

#include <jansson.h>

#include "collector/ledger/month.h"

int64_t worked_integer(const json_t *object, const char *key, int64_t fallback);
const char *worked_text(const json_t *object, const char *key); /* "" when it is missing */

/* A contract's terms: as tests/data/vectors/README.md has them, and bridge_s, rounding, service. */
struct terms worked_terms(const json_t *contract);
/* `period` in the zone `zone_offset_s`, up to `as_of`. */
struct month_period worked_period(const json_t *input);

#endif
