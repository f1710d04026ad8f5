/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a TCP connection to a port takes. For networks that drop ICMP. A reset is no answer:
 * the port is known to be open, so whoever resets it is a filter on the way (a provider that cuts
 * off a customer), and the internet was not reached.
 */
#ifndef PANTAU_AGENT_PROBES_TCP_H
#define PANTAU_AGENT_PROBES_TCP_H

#include "agent/probes/probe.h"

extern const struct probe_type probe_tcp;

#endif
