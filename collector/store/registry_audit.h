/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as people look into it: from the newest back, and by who, what and when. */
#ifndef PANTAU_STORE_REGISTRY_AUDIT_H
#define PANTAU_STORE_REGISTRY_AUDIT_H

#include "collector/store/registry.h"

struct registry_audit { /* NULL: any */
	int64_t before; /* sequences below this one; INT64_MAX: all */
	int64_t from_s, to_s; /* to_s exclusive; INT64_MAX: no end */
	const char *who, *table, *row;
};

int registry_audit(struct registry *registry, const struct registry_audit *audit,
	int (*each)(void *arg, const struct registry_change *change), void *arg, struct err *err);

#endif
