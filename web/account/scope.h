/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the province is whose: an officer's kabupaten, a provider's links, everything for those
 * at the desk. The one place that knows; all lists and all changes ask here.
 */
#ifndef PANTAU_WEB_ACCOUNT_SCOPE_H
#define PANTAU_WEB_ACCOUNT_SCOPE_H

#include <stdbool.h>

#include "web/account/principal.h"
#include "web/http.h"

/* Whether this link is theirs. Pure, as all here. */
bool scope_has_link(const struct principal *who, const struct registry_link *link);
/* Whether all of this region is: an officer's kabupaten, what lies in it; never a provider's. */
bool scope_has_region(const struct principal *who, const char *code);
/* Whether they see more than their own. */
bool scope_is_all(const struct principal *who);

/* Narrows what was asked to what is theirs; borrows from `who`. False: they asked for what is
 * another's, and 403 was said. A link is not looked at here: books_open_for() does. */
bool scope_narrow(
	const struct principal *who, struct registry_filter *filter, struct response *ret);
/* 403, in words that say whose this is not. */
void scope_refuse(const struct principal *who, const char *what, struct response *ret);

#endif
