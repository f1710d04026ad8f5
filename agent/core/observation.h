/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `key=value` lines, as a program or a file gives them, made into the items of an observation.
 *
 *   # a comment          skipped, as an empty line is
 *   signal.rsrp = -97    blanks around key and value do not count
 *   operator="Telkom"    quotes around a value are taken off
 *
 * A line that is none costs itself alone. Pure.
 */
#ifndef PANTAU_AGENT_CORE_OBSERVATION_H
#define PANTAU_AGENT_CORE_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/model.h"

/* The source of what a technician said at commissioning: no program may bear its name. */
#define OBSERVATION_COMMISSION "commission"

enum observation_fault {
	OBSERVATION_NO_EQUALS, /* no key=value */
	OBSERVATION_BAD_KEY, /* empty, too long, or of other signs than [a-z0-9_.-] */
	OBSERVATION_BAD_VALUE, /* too long, or not printable ASCII */
	OBSERVATION_TWICE, /* the key was there already */
	OBSERVATION_TOO_MANY,
};

struct observation_bad_line {
	enum observation_fault fault;
	unsigned line; /* from 1 */
	char text[OBSERVATION_KEY_MAX + 1]; /* its beginning, printable */
};

/* Fills in the items, in the order of their lines, and leaves the rest of it alone. `bad` is told
 * of each bad line; it may be NULL. */
void observation_parse(struct observation *observation, const char *text, size_t length,
	void (*bad)(void *arg, const struct observation_bad_line *line), void *arg);
/* What is wrong, in a few words. */
const char *observation_fault_words(enum observation_fault fault);

/* The file's name without what follows its last dot, as a source: other signs become "_". false:
 * nothing is left. */
bool observation_source_of(const char *file_name, char ret_source[OBSERVATION_SOURCE_MAX + 1]);
bool observation_same_items(const struct observation *a, const struct observation *b);

#endif
