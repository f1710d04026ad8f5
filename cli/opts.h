/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of a command, read by one const table: what is unknown, doubled, out of range or lacks
 * its value is refused with words that say what is allowed. The help is printed from the same
 * table.
 */
#ifndef PANTAU_CLI_OPTS_H
#define PANTAU_CLI_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/err.h"

#define OPTS_GIVEN_MAX 128 /* options on one command line; a contract with all its terms has 40 */

enum opt_kind {
	OPT_FLAG, /* no value */
	OPT_TEXT, /* any text that is not empty */
	OPT_NUMBER, /* an exact decimal within [min, max], scaled by 10^decimals */
	OPT_CHOICE, /* one of `choices` */
};

#define OPT_REQUIRED 1u
#define OPT_REPEAT 2u

struct opt {
	const char *name; /* without the dashes (one before a single letter); NULL ends a table */
	enum opt_kind kind;
	unsigned flags;
	const char *value; /* how the help calls the value: "KODE" */
	const char *help; /* one line, with the unit and the default */
	const char *const *choices; /* OPT_CHOICE: NULL-terminated */
	int64_t min, max; /* OPT_NUMBER: scaled like the value */
	unsigned decimals; /* OPT_NUMBER */
};

struct opts_given {
	const struct opt *opt;
	const char *text; /* borrowed from argv; NULL for a flag */
	int64_t number; /* OPT_NUMBER: the scaled value; OPT_CHOICE: the index */
};

struct opts {
	struct opts_given given[OPTS_GIVEN_MAX];
	size_t count;
	char **operands; /* what is no option, in order; borrowed from argv */
	size_t operand_count;
};

/* Reads argv[0..argc) by the tables (an array of tables, NULL-terminated). Borrows argv and moves
 * the operands to its front. -EINVAL with words. A required option that is missing is not an error
 * here: opts_check() finds it, so that --help works without it. */
int opts_parse(const struct opt *const *tables, int argc, char **argv, struct opts *ret_opts,
	struct err *err);
/* -EINVAL with words when a required option of the tables is missing. */
int opts_check(const struct opt *const *tables, const struct opts *opts, struct err *err);

bool opts_has(const struct opts *opts, const char *name);
/* The value's text, or the fallback when the option was not given. */
const char *opts_text(const struct opts *opts, const char *name, const char *fallback);
int64_t opts_number(const struct opts *opts, const char *name, int64_t fallback);
/* The nth value of a repeated option; NULL when there are not so many. */
const char *opts_nth(const struct opts *opts, const char *name, size_t n);

/* "--desa KODE --provider NAME [--lat DEGREES]", on as many lines as it takes. */
void opts_print_usage(const struct opt *const *tables, FILE *out);
void opts_print_help(const struct opt *const *tables, FILE *out);

#endif
