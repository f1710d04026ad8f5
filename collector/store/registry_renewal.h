/* SPDX-License-Identifier: Apache-2.0 */
/* How the renewal of agents' certificates stands, in three numbers. */
#ifndef PANTAU_STORE_REGISTRY_RENEWAL_H
#define PANTAU_STORE_REGISTRY_RENEWAL_H

#include "collector/store/registry_identity.h"

struct renewal_counts {
	int64_t parked; /* requests that wait for a person */
	int64_t late; /* end within RENEW_LATE_S, and are not renewed */
	int64_t expired;
	uint32_t agent; /* one of those that wait, else of the late or expired ones; 0: none */
};
int renewal_count(struct registry *registry, int64_t now_s, struct renewal_counts *ret_counts,
	struct err *err);

#endif
