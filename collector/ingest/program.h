/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process `pantau-collector ingest`: takes what agents send, makes it durable, says so.
 *
 *   listener -> session (stream: TLS) -> receiver -> commit -> journal on disk -> acks -> session
 *                  ^ watch: roster.json                 \-> snapshot: ingest.marks
 */
#ifndef PANTAU_COLLECTOR_INGEST_PROGRAM_H
#define PANTAU_COLLECTOR_INGEST_PROGRAM_H

#include "collector/settings.h"
#include "common/err.h"

/* Runs until SIGTERM or SIGINT: 0 after an orderly stop, or a negative errno with words.
 * Borrows. */
int ingest_run(const char *state, const struct settings *settings, struct err *err);
/* What `pantau-collector check` can say about this process without starting it. */
int ingest_check(const char *state, const struct settings *settings, struct err *err);

#endif
