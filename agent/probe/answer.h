/* SPDX-License-Identifier: Apache-2.0 */
/* What the program prints: `key=value` lines, each at once, so that what is known is out when it is
 * killed. agent/errands/answer.h reads them. */
#ifndef PANTAU_AGENT_PROBE_ANSWER_H
#define PANTAU_AGENT_PROBE_ANSWER_H

#include "proto/model.h"

void answer_number(const char *key, uint64_t value);
/* What is not printable ASCII becomes a question mark. */
void answer_text(const char *key, const char *value);
/* `address` and `port`; nothing without an address. */
void answer_server(const struct address *address, uint16_t port);

#endif
