/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process `pantau-collector signer`: alone with the CA's key, away from the network. It takes
 * one question at a time on STATE/signer.sock (signer/question.h), looks into the registry, signs
 * or refuses, and knows nothing else.
 *
 * The key is STATE/ca/ca.key, or ca.key in the folder that the service manager names with
 * CREDENTIALS_DIRECTORY: then the file itself can belong to root alone.
 */
#ifndef PANTAU_COLLECTOR_SIGNERD_PROGRAM_H
#define PANTAU_COLLECTOR_SIGNERD_PROGRAM_H

#include <stdbool.h>

#include "collector/settings.h"
#include "common/err.h"

/* Runs until SIGTERM or SIGINT: 0 after an orderly stop, or a negative errno with words.
 * Borrows. */
int signerd_run(const char *state, const struct settings *settings, struct err *err);

/* Whether this process could read the key: otherwise it need not be started. */
bool signerd_can_run(const char *state, struct err *err);

#endif
