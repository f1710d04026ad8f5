/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the edge: the first hop beyond the premises. */
#ifndef PANTAU_AGENT_ERRANDS_EDGE_H
#define PANTAU_AGENT_ERRANDS_EDGE_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_edge;

#endif
