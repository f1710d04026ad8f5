/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an item named on the command line is in the inbox of its month. */
#ifndef PANTAU_CLI_DECIDE_H
#define PANTAU_CLI_DECIDE_H

#include "cli/cmd.h"

/* The item is in the inbox now, and may be dismissed. -ENOENT, -EINVAL with words. */
int decide_find(struct cmd *cmd, struct registry *registry, const char *item);

#endif
