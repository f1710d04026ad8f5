/* SPDX-License-Identifier: Apache-2.0 */
/* pantau agent waiting, readmit: agents whose certificates expired, and a person's yes. */
#ifndef PANTAU_CLI_READMIT_H
#define PANTAU_CLI_READMIT_H

#include "cli/cmd.h"

extern const struct opt readmit_options[];
extern const char readmit_help[], readmit_waiting_help[];

enum cmd_exit readmit_run(struct cmd *cmd);
enum cmd_exit readmit_list(struct cmd *cmd);

#endif
