/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process `pantau-collector reflector`: answers the agents' STAMP questions. It needs the
 * master key and its addresses, and nothing else of the server's.
 *
 *   door (UDP) -> reflect -> door          journal/reflector.sock: its status
 */
#ifndef PANTAU_COLLECTOR_REFLECTOR_PROGRAM_H
#define PANTAU_COLLECTOR_REFLECTOR_PROGRAM_H

#include "collector/settings.h"
#include "common/err.h"

#define REFLECTOR_SOCKET "journal/reflector.sock"

/* Runs until SIGTERM or SIGINT: 0 after an orderly stop, or a negative errno with words.
 * Borrows. */
int reflector_run(const char *state, const struct settings *settings, struct err *err);

#endif
