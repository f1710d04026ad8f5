/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of the ledger tell each other: one lock, short words. */
#ifndef PANTAU_LEDGERD_DESK_H
#define PANTAU_LEDGERD_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct desk;

struct desk_export {
	bool on;
	int64_t position; /* taken up to this id of the outbox */
	int64_t rows_max; /* of the outbox, beyond it */
	uint64_t points, refused, partial, dropped, unremoved, tries_failed;
	char error[ERR_TEXT_BYTES]; /* "" it goes */
	char warning[ERR_TEXT_BYTES]; /* it goes, but the store loses points; "" it does not */
};

struct desk *desk_new(void); /* NULL: out of memory */
void desk_free(struct desk *desk);

/* All waits end at once. */
void desk_stop(struct desk *desk);
bool desk_stopping(struct desk *desk);
/* True: it is time to stop. */
bool desk_wait_ms(struct desk *desk, unsigned wait_ms);

/* What keeps the follower from going on; "" nothing. Copies. */
void desk_put_fault(struct desk *desk, const char *words);
void desk_get_fault(struct desk *desk, char ret_words[ERR_TEXT_BYTES]);

/* The exporter's state. Copies. */
void desk_put_export(struct desk *desk, const struct desk_export *state);
void desk_get_export(struct desk *desk, struct desk_export *ret_state);

#endif
