/* SPDX-License-Identifier: Apache-2.0 */
/* Of a commissioning: a resolver, a page, a speed test, as far as they are configured. */
#ifndef PANTAU_AGENT_COMMISSION_SAMPLES_H
#define PANTAU_AGENT_COMMISSION_SAMPLES_H

#include "agent/technician/certificate.h"
#include "agent/technician/commission.h"
#include "agent/net/wan.h"

/* false: one of them failed. */
bool commission_sample(const struct commission_order *order, const struct wan *wan,
	struct certificate *certificate);

#endif
