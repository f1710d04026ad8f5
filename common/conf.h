/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration from an INI file, driven by one table of keys: parsing, defaults, ranges, --check,
 * --print-config and the sample file's test all come from the table.
 */
#ifndef PANTAU_COMMON_CONF_H
#define PANTAU_COMMON_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/err.h"

#define CONF_WHY_BYTES 160 /* of what is wrong with a value */
#define CONF_VALUE_MAX 1024 /* bytes of one value; a list of 16 addresses fits four times over */

enum conf_type {
	CONF_TEXT, /* char * (heap, owned by the configuration) */
	CONF_NUMBER, /* long long, within [min, max] */
	CONF_SWITCH, /* bool: yes/no, true/false, on/off, 1/0 */
	CONF_CHOICE, /* int: index into `choices` */
};

struct conf_key {
	const char *section, *key;
	enum conf_type type;
	unsigned offset; /* offsetof() the member in the program's struct */
	const char *fallback; /* the default, as it would stand in the file */
	long long min, max; /* CONF_NUMBER; CONF_TEXT: most bytes in max (0: CONF_VALUE_MAX) */
	const char *const *choices; /* CONF_CHOICE, NULL-terminated */
	const char *help; /* one line, with the unit */
	/* The agent also takes it from its collector: the rule for its value (enum afar_rule);
	 * 0: it does not. */
	unsigned char from_afar;
	long long least, most; /* CONF_NUMBER from afar; 0 is allowed too where min is 0 */
	/* CONF_TEXT that is not empty: NULL or what is wrong with it, for ever. `there` is asked by
	 * conf_check() alone: it looks at what the value names. */
	const char *(*fault)(const char *value);
	const char *(*there)(const char *value);
};

/* A table ends with a key whose section is NULL. The target struct must be zeroed before. */
int conf_defaults(const struct conf_key *table, void *target, struct err *err);
/* Defaults, then the file. Errors name file, line, key, value and what is allowed:
 * "agent.conf:12: [agent] slot_s = 90: must be 1 to 60". Unknown sections, unknown and doubled
 * keys are errors. On failure the target holds nothing. */
int conf_load(const struct conf_key *table, void *target, const char *path, struct err *err);

/* The same, and whether all that the file names is there. */
int conf_check(const struct conf_key *table, void *target, const char *path, struct err *err);

struct conf_text { /* borrowed */
	const char *name; /* stands for the file's in errors */
	const char *text;
	size_t length;
};
/* The same from memory. */
int conf_read(
	const struct conf_key *table, void *target, const struct conf_text *text, struct err *err);
/* Lines from afar over what the target holds: only keys with from_afar, whose values `allows` lets
 * pass (0, or -EINVAL with what is wrong). On failure the target holds nothing. */
int conf_overlay(const struct conf_key *table, void *target, const struct conf_text *text,
	int (*allows)(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES]),
	struct err *err);

/* Prints the effective configuration as an INI file, with each key's help as a comment. */
void conf_print(const struct conf_key *table, const void *target, FILE *out);
/* Frees the texts. */
void conf_done(const struct conf_key *table, void *target);

#endif
