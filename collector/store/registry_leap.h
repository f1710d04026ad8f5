/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A registry that came back from a copy: what was entered after the copy was made is not in it, so
 * numbers go on a thousand higher and nothing made since is mistaken for something made now.
 */
#ifndef PANTAU_STORE_REGISTRY_LEAP_H
#define PANTAU_STORE_REGISTRY_LEAP_H

#include <stdint.h>

#include "common/err.h"

struct registry_return { /* borrowed */
	const char *name; /* of the copy, for the log of changes */
	const char *who;
	int64_t now_s;
};

/* The leap, and a row of the log of changes. */
int registry_leap(const char *path, const struct registry_return *order, struct err *err);
/* The same for STATE/registry.db, and writes roster.json. Nobody else may have it open. */
int registry_returned(const char *state, const struct registry_return *order, struct err *err);

#endif
