/* SPDX-License-Identifier: Apache-2.0 */
/* `pantau agent issue --every-link`: agents for all links that nobody measures yet, in one go. */
#ifndef PANTAU_CLI_ISSUE_MANY_H
#define PANTAU_CLI_ISSUE_MANY_H

#include "cli/issue.h"
#include "cli/unmeasured.h"

struct issue_many {
	const struct issue_order *order; /* but its link, name and folder */
	struct unmeasured of;
	struct issue_order *orders; /* as many */
	uint32_t *agents;
};

/* Each agent's folder is FOLDER/link-ID. All or none; 0 links are no error. */
int issue_every_link(struct registry *registry, const struct issue_order *order,
	struct issue_many *ret_many, struct err *err);
void issue_many_done(struct issue_many *many);

#endif
