/* SPDX-License-Identifier: Apache-2.0 */
/* Contracts from a CSV file, whose columns are the options of `contract add`. */
#ifndef PANTAU_CLI_CONTRACT_IMPORT_H
#define PANTAU_CLI_CONTRACT_IMPORT_H

#include "cli/cmd.h"

/* Writes all or none. 0 or a negative errno; the words name file, line, option and value. */
int contract_import(
	struct cmd *cmd, const char *path, struct registry *registry, size_t *ret_count);

#endif
