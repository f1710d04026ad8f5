/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a TCP connection to a port takes. A reset is an answer too: the host spoke. For networks
 * that drop ICMP.
 */
#ifndef PANTAU_AGENT_PROBES_TCP_H
#define PANTAU_AGENT_PROBES_TCP_H

#include "agent/probes/probe.h"

extern const struct probe_type probe_tcp;

#endif
