/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the web process can answer questions: one GET /readyz with a deadline. How the other
 * parts are is not its business here, so not /healthz.
 */
#ifndef PANTAU_CLI_WEB_PROBE_H
#define PANTAU_CLI_WEB_PROBE_H

#include <stdbool.h>

#include "common/err.h"

#define WEB_PROBE_TIMEOUT_MS 2000

/* `listen` as in the configuration: "127.0.0.1:8080", "[::1]:8080". 0 when it answers 200, and
 * *ret_noted: it can note what speed tests are sent; otherwise a negative errno with words, which
 * are its own where it gave a reason. */
int web_probe(const char *listen, bool *ret_noted, struct err *err);

#endif
