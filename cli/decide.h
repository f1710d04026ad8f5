/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is named on the command line is there to be decided. */
#ifndef PANTAU_CLI_DECIDE_H
#define PANTAU_CLI_DECIDE_H

#include "cli/cmd.h"
#include "collector/store/registry_decision.h"

/* The item is in the inbox now, and may be dismissed. -ENOENT, -EINVAL with words. */
int decide_find(struct cmd *cmd, struct registry *registry, const char *item);

/* Some slot of the agent that lies wholly within is disputed. -ENOENT with words; whether agent and
 * dates make sense is the registry's business. */
int decide_disputed(
	struct cmd *cmd, struct registry *registry, const struct registry_settlement *settlement);

#endif
