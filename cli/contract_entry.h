/* SPDX-License-Identifier: Apache-2.0 */
/* A contract as it is entered: the options of `contract add`, each line of `contract import`. */
#ifndef PANTAU_CLI_CONTRACT_ENTRY_H
#define PANTAU_CLI_CONTRACT_ENTRY_H

#include "cli/cmd.h"

extern const struct opt contract_entry_options[];

/* What the options say without the link's zone. -EINVAL with words. */
int contract_entry_terms(struct cmd *cmd, struct registry_contract *contract);
/* All of it: the dates are those of the link's zone. */
enum cmd_exit contract_entry_read(
	struct cmd *cmd, struct registry *registry, struct registry_contract *ret_contract);

#endif
