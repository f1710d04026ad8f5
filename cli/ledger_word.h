/* SPDX-License-Identifier: Apache-2.0 */
/* What the process `ledger` says of itself, as far as somebody waits for it. */
#ifndef PANTAU_CLI_LEDGER_WORD_H
#define PANTAU_CLI_LEDGER_WORD_H

#include <stdbool.h>

#include "common/err.h"

struct ledger_word {
	bool runs;
	char fault[ERR_TEXT_BYTES]; /* what keeps it from going on; "" nothing */
};

/* `err` says why it does not run; may be NULL. */
struct ledger_word ledger_ask(const char *state, struct err *err);

#endif
