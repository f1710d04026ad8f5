/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that keeps the exporter going: waits when there is nothing, backs off when it
 * fails. */
#ifndef PANTAU_LEDGERD_EXPORTING_H
#define PANTAU_LEDGERD_EXPORTING_H

#include "collector/ledgerd/desk.h"
#include "collector/settings.h"

struct exporting;

/* From the position that the desk has. Without [export] url no thread is started. Borrows the
 * desk. */
int exporting_start(const char *state, const struct settings *settings, struct desk *desk,
	struct exporting **ret_exporting, struct err *err);
/* Waits for the thread; the desk must have stopped. NULL is accepted. */
void exporting_end(struct exporting *exporting);

#endif
