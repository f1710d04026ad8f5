/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of a commissioning: the link's facts, fifty echoes, and one question of each kind
 * that is configured. */
#ifndef PANTAU_AGENT_COMMISSION_ASKS_H
#define PANTAU_AGENT_COMMISSION_ASKS_H

#include "agent/technician/certificate.h"
#include "agent/technician/commission.h"

enum commission_result {
	COMMISSION_GOOD,
	COMMISSION_PARTLY, /* some of it failed */
	COMMISSION_BAD, /* the internet does not answer */
};

/* Asks them one after the other. */
int commission_ask(const struct commission_order *order, struct certificate *certificate,
	enum commission_result *ret_result, struct err *err);

#endif
