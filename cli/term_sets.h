/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of a contract that are entered as --set KEY=VALUE, by one table of keys. */
#ifndef PANTAU_CLI_TERM_SETS_H
#define PANTAU_CLI_TERM_SETS_H

#include "cli/opts.h"
#include "collector/ledger/terms.h"
#include "common/err.h"

/* What --help says of the keys, a line each. */
#define TERM_SETS_HELP                                                                           \
	"Keys of --set, with their defaults:\n"                                                  \
	"  rounding=down           of the restitution to whole rupiah: down, nearest or up\n"    \
	"  service-hours=always    local time that counts: 08:00-16:00, mon-fri@08:00-16:00,\n"  \
	"                          several with a comma between; 22:00-06:00 goes on past\n"     \
	"                          midnight\n"                                                   \
	"  speed=none              RATE:SHARE:TESTS[:DAYS]: at least RATE % of the contracted\n" \
	"                          rate in at least SHARE % of the speed tests, from at least\n" \
	"                          TESTS of them on at least DAYS days (default 1)\n"            \
	"  limit-rtt=800           ms\n"                                                         \
	"  limit-loss=5            percent\n"                                                    \
	"  limit-pdv=100           ms: beyond one of these three over five slots a link that\n"  \
	"                          is up is shown as DEGRADED\n"                                 \
	"  claim-days=14           the provider must be told of an outage within so many days\n" \
	"  final-days=none         so many days after a month's end nothing is revised any more"

/* Reads all --set into the terms. -EINVAL with the key, the value and what is allowed. */
int term_sets_read(struct terms *terms, const struct opts *opts, struct err *err);

#define TERM_SET_BYTES 512
const char *term_sets_rounding(enum rounding rounding);
/* "80:90:30:1"; "none" */
void term_sets_speed(const struct speed_terms *speed, char ret_text[TERM_SET_BYTES]);

#endif
