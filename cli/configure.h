/* SPDX-License-Identifier: Apache-2.0 */
/* pantau agent configure: what is asked of agents from afar, and what they say to it. */
#ifndef PANTAU_CLI_CONFIGURE_H
#define PANTAU_CLI_CONFIGURE_H

#include "cli/cmd.h"

extern const struct opt configure_options[];
extern const char configure_help[];

enum cmd_exit configure_run(struct cmd *cmd);
/* --list. */
enum cmd_exit configure_list(struct cmd *cmd);

#endif
