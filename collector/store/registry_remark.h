/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people of the NOC say while a link is down or silent: that somebody takes care of it, or a
 * comment. A remark names the link and a second of its fall, so it stays with the incident however
 * that grows. It changes no figure.
 */
#ifndef PANTAU_STORE_REGISTRY_REMARK_H
#define PANTAU_STORE_REGISTRY_REMARK_H

#include "collector/store/registry.h"

struct registry_remark {
	int64_t id, link;
	int64_t at_s; /* a second of the fall */
	bool acknowledged; /* somebody takes care of it */
	char note[REGISTRY_NOTE_BYTES]; /* may be "" with acknowledged */
	char by[REGISTRY_NAME_BYTES];
	int64_t entered_s; /* not read by add */
};

/* -ENOENT: no such link. -EINVAL: says nothing, or of a time that has not been yet. */
int registry_remark_add(struct registry *registry, const struct registry_remark *remark,
	int64_t *ret_id, struct err *err);
/* Those of seconds at or after from_s, by link and second. `each` as in registry.h. */
int registry_remarks(struct registry *registry, int64_t from_s,
	int (*each)(void *arg, const struct registry_remark *remark), void *arg, struct err *err);

#endif
