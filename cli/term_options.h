/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of a contract that are lists on the command line: --band, --uncharged and --set. */
#ifndef PANTAU_CLI_TERM_OPTIONS_H
#define PANTAU_CLI_TERM_OPTIONS_H

#include "cli/opts.h"
#include "collector/ledger/terms.h"
#include "common/err.h"

#define TERM_PERCENT_DECIMALS 4 /* a percentage with four decimals is a whole number of ppm */

/* Reads the three (--set by term_sets.h) into the terms. -EINVAL with words. */
int term_options_read(struct terms *terms, const struct opts *opts, struct err *err);

#define TERM_TEXT_BYTES 512 /* the longest table of bands, 16 of them, takes 300 */
/* "99:10,95:20" */
void term_options_bands(const struct terms *terms, char ret_text[TERM_TEXT_BYTES]);
/* "local,cpe"; "none" */
void term_options_uncharged(const struct terms *terms, char ret_text[TERM_TEXT_BYTES]);

#endif
