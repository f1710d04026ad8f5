/* SPDX-License-Identifier: Apache-2.0 */
/* The wish to close a month, and waiting for what comes of it. */
#ifndef PANTAU_CLI_CLOSING_H
#define PANTAU_CLI_CLOSING_H

#include "cli/cmd.h"
#include "collector/store/closed_month.h"
#include "common/civil.h"

struct closing_books {
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: the ledger never ran here */
};

int closing_books_open(struct cmd *cmd, enum registry_mode mode, struct closing_books *ret_books);
void closing_books_close(struct closing_books *books);

/* Enters the wish and prints what the ledger made of it. */
enum cmd_exit closing_close(struct cmd *cmd, struct closing_books *books);

#endif
