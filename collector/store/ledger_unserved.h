/* SPDX-License-Identifier: Apache-2.0 */
/* Flags of speed tests that brought more than our own endpoint sent. Private to collector/store. */
#ifndef PANTAU_STORE_LEDGER_UNSERVED_H
#define PANTAU_STORE_LEDGER_UNSERVED_H

#include "collector/store/ledger_flag.h"

/* Of a link's day, anew. A test of which no note is left keeps the flag that it had: notes may be
 * lost, or left behind by who moves a server, and what they once said stays said. */
int unserved_keep(struct ledger_writer *writer, const struct ledger_span *day, const char *state,
	struct err *err);

#endif
