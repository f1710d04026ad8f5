/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STAMP in authenticated mode (RFC 8762, RFC 8972): an answer that nobody can forge, and which way
 * packets were lost. The round trip is without the time that the reflector itself took.
 */
#ifndef PANTAU_AGENT_PROBES_STAMP_H
#define PANTAU_AGENT_PROBES_STAMP_H

#include "agent/probes/probe.h"

extern const struct probe_type probe_stamp;

#endif
