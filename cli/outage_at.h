/* SPDX-License-Identifier: Apache-2.0 */
/* Which second of a link is meant: --at TIME, or the outage that begins at --outage START. */
#ifndef PANTAU_CLI_OUTAGE_AT_H
#define PANTAU_CLI_OUTAGE_AT_H

#include "cli/cmd.h"

/* clang-format off */
#define OUTAGE_AT_OPTIONS \
	{"link", OPT_NUMBER, OPT_REQUIRED, "ID", "the link", NULL, 1, INT64_MAX}, \
	{"at", OPT_TEXT, 0, "TIME", "a second of it, in the link's zone unless it says; or"}, \
	{"outage", OPT_TEXT, 0, "START", "the outage's start, as \"pantau outages\" has it"}
/* clang-format on */

struct outage_at {
	struct registry_link link;
	int64_t at_s;
};

/* Reads both. With --outage there must be an outage that begins then. CMD_USAGE or CMD_FAILED with
 * words. */
enum cmd_exit outage_at_read(
	struct cmd *cmd, struct registry *registry, struct outage_at *ret_outage);

#endif
