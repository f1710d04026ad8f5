/* SPDX-License-Identifier: Apache-2.0 */
/* The section [stamp] of a new agent's configuration. */
#ifndef PANTAU_CLI_ISSUE_STAMP_H
#define PANTAU_CLI_ISSUE_STAMP_H

#include "cli/issue.h"

#define ISSUE_STAMP_BYTES 512

/* Empty without a reflector. Where agents call the collector by a name, or on this machine itself,
 * without a target: a STAMP target is an address, and one that is reached over the link. */
int issue_stamp(const struct issue_order *order, uint32_t agent, char ret_text[ISSUE_STAMP_BYTES],
	struct err *err);

#endif
