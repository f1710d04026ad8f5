/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed tests now and then over each WAN. A test is skipped, and recorded as skipped with its
 * reason, rather than that it costs the village or the provider what it should not:
 *
 * due --> helper? --> WAN up? --> budget? --> 10 s of looking: others? --> lease? --> test --> due
 *             | OTHER     | DOWN      | BUDGET      | BUSY                    | LEASE
 *             +-----------+-----------+-------------+-------------------------+--> skipped --> due
 */
#ifndef PANTAU_AGENT_ERRANDS_SPEED_H
#define PANTAU_AGENT_ERRANDS_SPEED_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_speed;

#endif
