/* SPDX-License-Identifier: Apache-2.0 */
/* The links of who asks, read once for a question about many things. */
#ifndef PANTAU_WEB_ACCOUNT_OWN_H
#define PANTAU_WEB_ACCOUNT_OWN_H

#include "web/account/principal.h"

struct own {
	bool all; /* everything is theirs: `links` is not filled */
	struct registry_link *links; /* by id */
	size_t count, room;
};

/* 0 or a negative errno with words. */
int own_read(struct registry *registry, const struct principal *who, struct own *ret_own,
	struct err *err);
/* The same of the links that a filter lets pass; one without a word: of all. */
int own_find(struct registry *registry, const struct registry_filter *filter, struct own *ret_own,
	struct err *err);
bool own_has_link(const struct own *own, int64_t link);
/* Whether it reaches any of their links. */
bool own_is_reached(const struct own *own, const struct registry_exclusion *exclusion);
void own_done(struct own *own);

#endif
