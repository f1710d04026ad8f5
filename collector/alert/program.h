/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process `pantau-collector alert`: looks at the ledger and the registry, which it never
 * writes, and tells people of incidents.
 *
 *   ledger.db -> lookout -> falls_group -> desk -> couriers -> Telegram, mail, ...
 *   registry.db: names, and who takes care          alert.sock: its status
 */
#ifndef PANTAU_ALERT_PROGRAM_H
#define PANTAU_ALERT_PROGRAM_H

#include "collector/settings.h"
#include "common/err.h"

#define ALERT_SOCKET "alert.sock"

/* Runs until SIGTERM or SIGINT: 0 after an orderly stop, or a negative errno with words.
 * Borrows. */
int alert_run(const char *state, const struct settings *settings, struct err *err);

#endif
