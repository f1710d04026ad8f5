/* SPDX-License-Identifier: Apache-2.0 */
/* What the evidence sources say now, into a certificate: "modem.rsrp = -97". */
#ifndef PANTAU_AGENT_COMMISSION_EVIDENCE_H
#define PANTAU_AGENT_COMMISSION_EVIDENCE_H

#include "agent/technician/certificate.h"

/* `folder` "": there are none. */
void commission_add_evidence(const char *folder, struct certificate *certificate);

#endif
