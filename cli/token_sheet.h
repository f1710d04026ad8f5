/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens on their way to routers: a table for a factory's program, labels for its boxes. */
#ifndef PANTAU_CLI_TOKEN_SHEET_H
#define PANTAU_CLI_TOKEN_SHEET_H

#include "cli/tokens.h"
#include "common/buf.h"

/* Both append their file. 0 or a negative errno with words. */
int token_sheet_csv(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct buf *out, struct err *err);
int token_sheet_labels(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct buf *out, struct err *err);

#endif
