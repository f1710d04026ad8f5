/* SPDX-License-Identifier: Apache-2.0 */
/* What a person hands over with a decision: names, notes and documents. */
#ifndef PANTAU_CLI_PAPERS_H
#define PANTAU_CLI_PAPERS_H

#include "cli/cmd.h"

/* --NAME into ret_text; "" when it was not given. -EINVAL with words when it does not fit. */
int papers_text(struct cmd *cmd, const char *name, char *ret_text, size_t size);
/* SHA-256 of the file --document; untouched when it was not given. Negative errno with words. */
int papers_document(struct cmd *cmd, char ret_hex[REGISTRY_HEX_BYTES]);
/* --by and --note, borrowed from the options. */
struct registry_word papers_word(const struct cmd *cmd);

#endif
