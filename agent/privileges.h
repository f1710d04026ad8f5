/* SPDX-License-Identifier: Apache-2.0 */
/* What the process may do, given up as soon as its sockets are open. */
#ifndef PANTAU_AGENT_PRIVILEGES_H
#define PANTAU_AGENT_PRIVILEGES_H

#include <stddef.h>

#include "common/err.h"

/* As root with a user named: makes the folders, gives them to that user, and becomes it. In any
 * case drops every capability but (for root that stays root) those that open files, and those by
 * which its helper becomes nobody and is killed. Cannot be undone. */
int privileges_drop(const char *user, const char *const *folders, size_t count, struct err *err);

#endif
