/* SPDX-License-Identifier: Apache-2.0 */
/* What else makes agents within a change of its own: for the files of the registry. */
#ifndef PANTAU_STORE_REGISTRY_AGENT_H
#define PANTAU_STORE_REGISTRY_AGENT_H

#include "collector/store/registry_private.h"

/* -EINVAL with words. */
int wan_check(const char *wan, struct err *err);
/* A new agent, its binding and its certificate. */
int agent_add(struct change *change, const struct registry_issue *issue, uint32_t *ret_agent,
	struct err *err);

#endif
