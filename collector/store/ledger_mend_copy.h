/* SPDX-License-Identifier: Apache-2.0 */
/* What of a damaged ledger nobody could make again, copied at once. Private to collector/store. */
#ifndef PANTAU_STORE_LEDGER_MEND_COPY_H
#define PANTAU_STORE_LEDGER_MEND_COPY_H

#include "collector/store/db.h"
#include "collector/store/ledger_mend.h"

/* Issued documents that are what their hash says; what the outbox holds and has told; when this
 * collector heard nobody. Sets what of the mending follows from it. Within a batch of `to`. */
int mend_copy(struct db *to, struct db *from, struct mending *mending, struct err *err);
/* Imports whose file is still in the folder are read again. */
int mend_forget_imports(struct db *db, const char *folder, struct err *err);

#endif
