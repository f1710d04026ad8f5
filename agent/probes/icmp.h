/* SPDX-License-Identifier: Apache-2.0 */
/* ICMP echo over IPv4 and IPv6. */
#ifndef PANTAU_AGENT_PROBES_ICMP_H
#define PANTAU_AGENT_PROBES_ICMP_H

#include "agent/probes/probe.h"

extern const struct probe_type probe_icmp;

#endif
