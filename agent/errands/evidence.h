/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What others on the router know: the modem's signal, the dish's state, the battery. Each file in
 * the folder is a source: a program is run (5 s, 4 KiB, an empty environment, one at a time), any
 * other file read, for `key=value` lines.
 *
 *   every interval_s: source after source --> observation --> recorded if it says something new,
 *                                                             and at least once an hour
 */
#ifndef PANTAU_AGENT_ERRANDS_EVIDENCE_H
#define PANTAU_AGENT_ERRANDS_EVIDENCE_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_evidence;

#endif
