/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder into which another program of this router puts what the collector shall keep, as
 * `pantau-agent commission` does: each file is an observation, recorded once and removed.
 *
 *   commission --rename--> <runtime_folder>/inbox/commission.1234 --> record "commission"
 */
#ifndef PANTAU_AGENT_ERRANDS_INBOX_H
#define PANTAU_AGENT_ERRANDS_INBOX_H

#include "agent/errands/errand.h"

#define INBOX_FOLDER "inbox" /* in the runtime folder */

extern const struct errand_type errand_inbox;

#endif
