/* SPDX-License-Identifier: Apache-2.0 */
/* pantau exclusion import: the verb that is too long for cmd_exclusion.c. */
#ifndef PANTAU_CLI_EXCLUSION_IMPORT_H
#define PANTAU_CLI_EXCLUSION_IMPORT_H

#include "cli/cmd.h"

extern const struct opt exclusion_import_options[];
enum cmd_exit exclusion_import_run(struct cmd *cmd);

#endif
