/* SPDX-License-Identifier: Apache-2.0 */
/* A contract as a row of registry.db. Private to collector/store. */
#ifndef PANTAU_STORE_REGISTRY_CONTRACT_ROW_H
#define PANTAU_STORE_REGISTRY_CONTRACT_ROW_H

#include "collector/store/db.h"
#include "collector/store/registry.h"

extern const char contract_schema[];
#define CONTRACT_COLUMNS                                                                    \
	"link, from_s, to_s, kbps_down, kbps_up, target_ppm, loss_threshold_ppm, window_s," \
	" bridge_s, notice_s, uncharged, power, fee_rupiah, formula, rounding, bands,"      \
	" service, speed_rate_ppm, speed_share_ppm, speed_tests, speed_days, limit_rtt_us," \
	" limit_loss_ppm, limit_pdv_us, claim_days, final_days"
int contract_insert(
	struct registry *registry, const struct registry_contract *contract, struct err *err);
/* Of a row "id, CONTRACT_COLUMNS". */
void contract_read(struct query *q, struct registry_contract *ret_contract);

#endif
