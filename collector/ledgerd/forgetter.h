/* SPDX-License-Identifier: Apache-2.0 */
/* Once a day, when nothing else is to be done: slots that have been kept long enough go, and it is
 * said (store/forget.h). */
#ifndef PANTAU_LEDGERD_FORGETTER_H
#define PANTAU_LEDGERD_FORGETTER_H

#include "collector/store/forget.h"

struct forgetter;

struct forgetter *forgetter_new(void); /* NULL: out of memory */
void forgetter_free(struct forgetter *forgetter);
/* For so many months; 0, as it begins: for ever. */
void forgetter_keep(struct forgetter *forgetter, int64_t months);

bool forgetter_wants(const struct forgetter *forgetter, int64_t now_s);
/* Inside a batch, when nothing waits to be derived. *ret_more: it is not done. */
int forgetter_work(struct forgetter *forgetter, struct ledger_writer *writer, int64_t now_s,
	bool *ret_more, struct err *err);
/* The batch never happened: it begins anew. */
void forgetter_rollback(struct forgetter *forgetter);

#endif
