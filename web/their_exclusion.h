/* SPDX-License-Identifier: Apache-2.0 */
/* Exclusions as a matter of scope: an officer's word reaches no further than their kabupaten. */
#ifndef PANTAU_WEB_THEIR_EXCLUSION_H
#define PANTAU_WEB_THEIR_EXCLUSION_H

#include "web/filter.h"

/* Whether all that it reaches is theirs who ask. False: 403 or 404 was said. */
bool their_exclusion(const struct books *books, const struct request *request,
	const struct registry_exclusion *exclusion, struct response *ret);
/* The exclusion of this number, if it is theirs. False: 403 or 404 was said. */
bool their_exclusion_find(const struct books *books, const struct request *request, int64_t id,
	struct registry_exclusion *ret_exclusion, struct response *ret);

#endif
