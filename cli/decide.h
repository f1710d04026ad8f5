/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is named on the command line is there to be decided. */
#ifndef PANTAU_CLI_DECIDE_H
#define PANTAU_CLI_DECIDE_H

#include "cli/cmd.h"
#include "collector/store/registry_decision.h"

/* The item is in the inbox now, and may be dismissed. -ENOENT, -EINVAL with words. */
int decide_find(struct cmd *cmd, struct registry *registry, const char *item);

/* "none", or 8 to 32 hexadecimal digits, which may be a boot's. -EINVAL with words. */
int decide_check_accept(struct cmd *cmd, const char *accept);

/* Some slot of the agent that lies wholly within is disputed, and told by the boot to accept, whose
 * whole id is filled in. -ENOENT, -EEXIST with words; whether agent and dates make sense is the
 * registry's business. */
int decide_disputed(
	struct cmd *cmd, struct registry *registry, struct registry_settlement *settlement);

#endif
