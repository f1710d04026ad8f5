/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate of installation while it is being filled in: lines for the technician in the
 * language of the place, and beside them the items of the observation that the collector keeps,
 * which are the same in every language.
 */
#ifndef PANTAU_AGENT_CERTIFICATE_H
#define PANTAU_AGENT_CERTIFICATE_H

#include <stdio.h>

#include "agent/technician/words.h"
#include "common/err.h"
#include "proto/model.h"

struct certificate {
	enum language language;
	FILE *out; /* borrowed */
	struct observation *items; /* borrowed */
};

/* Prints "label: text"; {0} to {3} in the text are replaced. */
void certificate_say(struct certificate *certificate, const char *label, enum word text,
	const char *const values[4]);
/* Prints "label: value" as it is. */
void certificate_show(struct certificate *certificate, const char *label, const char *value);
/* Keeps "key=value"; signs that do not travel become "?". An empty value is left out. */
void certificate_keep(struct certificate *certificate, const char *key, const char *value);
void certificate_keep_number(struct certificate *certificate, const char *key, uint64_t value);
/* Puts it into the folder under this name, complete from the first moment. */
int certificate_hand_over(const struct certificate *certificate, const char *folder,
	const char *name, struct err *err);

#endif
