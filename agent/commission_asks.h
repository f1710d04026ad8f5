/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of a commissioning: the link's facts, fifty echoes, one probe of each kind that is
 * configured, and what evidence there is. */
#ifndef PANTAU_AGENT_COMMISSION_ASKS_H
#define PANTAU_AGENT_COMMISSION_ASKS_H

#include "agent/certificate.h"
#include "agent/commission.h"

/* Asks them one after the other. *ret_answers: the internet does, as good as always. */
int commission_ask(const struct commission_order *order, struct certificate *certificate,
	bool *ret_answers, struct err *err);

#endif
