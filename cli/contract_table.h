/* SPDX-License-Identifier: Apache-2.0 */
/* The contracts as a table, with the gaps between those of one link as lines of their own. */
#ifndef PANTAU_CLI_CONTRACT_TABLE_H
#define PANTAU_CLI_CONTRACT_TABLE_H

#include "cli/cmd.h"
#include "collector/report/table.h"
#include "collector/store/registry.h"

#define KBPS_DECIMALS 3 /* of a Mbit/s */

/* Of one link; 0: of all. Times as by cmd_put_time_in(). The table is the caller's to free. */
int contract_table(
	struct cmd *cmd, struct registry *registry, int64_t link, struct table **ret_table);

#endif
