/* SPDX-License-Identifier: Apache-2.0 */
/* What people wrote about an outage. Private to collector/store. */
#ifndef PANTAU_STORE_SLA_PAPERS_H
#define PANTAU_STORE_SLA_PAPERS_H

#include "collector/store/sla.h"

/* Fills in outage->papers: what names a second of the outage or of the N that adjoins it. */
int sla_papers(struct registry *registry, struct sla_outage *outage, struct err *err);

#endif
