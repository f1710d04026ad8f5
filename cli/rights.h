/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who owns what in the state folder, where each process has an account of its own: the table is in
 * rights.c, and for people in docs/ACCOUNTS.md. On a machine without those accounts one account
 * owns everything, and nothing of this applies.
 */
#ifndef PANTAU_CLI_RIGHTS_H
#define PANTAU_CLI_RIGHTS_H

#include <stdbool.h>

#include "common/err.h"

/* Whether the accounts are there, and this process is root. */
bool rights_apply(void);

/* Gives everything in the folder to its owner, also in a folder from before there were several.
 * May be repeated at any time, beside running processes. */
int rights_give(const char *state, struct err *err);

#endif
