/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many devices are behind the router, into each slot of the first WAN: those that hold a DHCP
 * lease and those that were heard a moment ago. They are counted and forgotten; no address and no
 * name is kept, logged or sent.
 */
#ifndef PANTAU_AGENT_ERRANDS_USAGE_H
#define PANTAU_AGENT_ERRANDS_USAGE_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_usage;

#endif
