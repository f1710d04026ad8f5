/* SPDX-License-Identifier: Apache-2.0 */
/* What a durable batch means: the marks move, and each session that is still there is told. */
#ifndef PANTAU_COLLECTOR_INGEST_ACKS_H
#define PANTAU_COLLECTOR_INGEST_ACKS_H

#include "collector/ingest/session.h"

void acks_deliver(struct session_shared *shared, const struct batch *batch);

#endif
