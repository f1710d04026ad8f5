/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exclusions: time that a person or a rule removes from the month. Which seconds that are depends
 * on the reason (sla.md section 3).
 */
#ifndef PANTAU_LEDGER_EXCLUSION_H
#define PANTAU_LEDGER_EXCLUSION_H

#include "collector/ledger/states.h"

enum exclusion_reason {
	EXCLUSION_MAINTENANCE,
	EXCLUSION_FORCE_MAJEURE,
	EXCLUSION_POWER,
	EXCLUSION_CUSTOMER,
	EXCLUSION_REASON_COUNT
};
const char *exclusion_reason_name(enum exclusion_reason reason);
int exclusion_reason_parse(const char *name); /* -1 for a word that is none */

struct exclusion {
	enum exclusion_reason reason;
	int64_t from, to;
	int64_t entered; /* by the collector's clock */
	bool revoked;
	bool confirmed; /* a second officer and the hash of a document are there */
};

/* The first second that it can remove: its start, or for maintenance its entry plus the notice. */
int64_t exclusion_from(const struct exclusion *exclusion, const struct terms *terms);
/* Whether it can remove seconds of D. */
bool exclusion_reaches_down(const struct exclusion *exclusion);

struct exclusions {
	const struct exclusion *items;
	size_t count;
};

/* The seconds of `period` that are excluded under these terms. `ret` must be empty. */
int exclusions_spans(const struct exclusions *exclusions, const struct terms *terms,
	const struct states *states, const struct span *period, struct spans *ret);

#endif
