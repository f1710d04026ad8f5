/* SPDX-License-Identifier: Apache-2.0 */
/* The speed tests of a row, and of the group that it belongs to. Private to collector/store. */
#ifndef PANTAU_STORE_SLA_SPEED_H
#define PANTAU_STORE_SLA_SPEED_H

#include "collector/ledger/speed.h"
#include "collector/store/sla.h"

struct sla_speed { /* of one query */
	bool asked, any; /* whether the ledger has speed tests at all */
	struct speed_list row, sum;
};

void sla_speed_done(struct sla_speed *speed);
/* Into `row`: the contract's tests that were done in its counted seconds. */
int sla_speed_gather(struct sla_speed *speed, struct ledger_db *ledger,
	const struct registry_contract *contract, const struct spans *counted, struct err *err);
/* `terms` NULL: a group, which has no verdict. */
int sla_speed_publish(struct speed_list *list, const struct speed_terms *terms, int32_t offset_s,
	struct sla_figures *figures);

#endif
