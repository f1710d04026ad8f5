/* SPDX-License-Identifier: Apache-2.0 */
/* The contracts as a table, with the gaps between those of one link as lines of their own. */
#ifndef PANTAU_CLI_CONTRACT_TABLE_H
#define PANTAU_CLI_CONTRACT_TABLE_H

#include "collector/report/table.h"
#include "collector/store/registry.h"

#define KBPS_DECIMALS 3 /* of a Mbit/s */

/* Of one link; 0: of all. The table is the caller's to free. */
int contract_table(
	struct registry *registry, int64_t link, struct table **ret_table, struct err *err);

#endif
