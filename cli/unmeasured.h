/* SPDX-License-Identifier: Apache-2.0 */
/* The links that no agent measures yet. */
#ifndef PANTAU_CLI_UNMEASURED_H
#define PANTAU_CLI_UNMEASURED_H

#include "collector/store/registry.h"

struct unmeasured {
	struct registry_link *links; /* by number */
	size_t count;
};

/* No links are no error. The caller ends it with unmeasured_done(). */
int unmeasured_find(struct registry *registry, struct unmeasured *ret_unmeasured, struct err *err);
void unmeasured_done(struct unmeasured *unmeasured);

#endif
