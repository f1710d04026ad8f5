/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix by which a WAN with IPv6 alone reaches IPv4 (RFC 7050). */
#ifndef PANTAU_AGENT_ERRANDS_NAT64_H
#define PANTAU_AGENT_ERRANDS_NAT64_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_nat64;

#endif
