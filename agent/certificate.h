/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate of installation while it is being filled in: each line is printed, and becomes an
 * item of the observation that the collector keeps. */
#ifndef PANTAU_AGENT_CERTIFICATE_H
#define PANTAU_AGENT_CERTIFICATE_H

#include <stdio.h>

#include "agent/words.h"
#include "common/err.h"
#include "proto/model.h"

struct certificate {
	enum language language;
	FILE *out; /* borrowed */
	struct observation *items; /* borrowed */
};

/* Prints "label: value" and keeps "key=value"; signs that do not travel become "?". An empty value
 * is left out. */
void certificate_add(
	struct certificate *certificate, const char *key, enum word label, const char *value);
/* The same with a label of its own. */
void certificate_add_as(
	struct certificate *certificate, const char *key, const char *label, const char *value);
/* Puts it into the folder under this name, complete from the first moment. */
int certificate_hand_over(const struct certificate *certificate, const char *folder,
	const char *name, struct err *err);

#endif
