/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of cuts, such as PLN hands out, as exclusions: a CSV file with the columns kecamatan,
 * from, to and, if it has one, note. Read whole before anything is entered; every line that is
 * refused is told.
 */
#ifndef PANTAU_CLI_CUTS_H
#define PANTAU_CLI_CUTS_H

#include "collector/store/registry.h"
#include "common/err.h"

#define CUTS_MAX 50000 /* a month of every kecamatan of the country takes less */

struct cuts_how { /* borrowed */
	struct registry_exclusion common; /* reason, by, note */
	bool has_zone;
	int32_t offset_s; /* of times that name no zone; without has_zone, that of the kecamatan */
	struct registry *registry;
	void (*refuse)(void *arg, const struct err *err); /* once a bad line */
	void *arg;
};

struct cuts {
	struct registry_exclusion *items;
	unsigned *lines; /* where each was read */
	size_t count;
};

/* -EINVAL: some lines were refused; the words count them. */
int cuts_read(const char *path, const struct cuts_how *how, struct cuts *ret_cuts, struct err *err);
void cuts_done(struct cuts *cuts);

#endif
