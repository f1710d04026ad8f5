/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the cut: what of a state folder is no part of a backup. */
#ifndef PANTAU_BACKUP_CUT_SKIP_H
#define PANTAU_BACKUP_CUT_SKIP_H

#include <stdbool.h>

/* `folder` is below the state folder, "" for itself. */
bool cut_skips(const char *folder, const char *name);

#endif
