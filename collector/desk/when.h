/* SPDX-License-Identifier: Apache-2.0 */
/* In which zone the times of an exclusion are meant: that of the links that it reaches. */
#ifndef PANTAU_DESK_WHEN_H
#define PANTAU_DESK_WHEN_H

#include "collector/store/registry.h"

/* As UTC seconds. Where the links lie in several zones, a time that does not name its own is
 * refused. -EINVAL with words. */
int when_read(struct registry *registry, const struct registry_exclusion *exclusion,
	const char *text, int64_t *ret_utc_s, struct err *err);

/* The zone in which people read the exclusion's times: the link's, or that of the region's
 * province; 0 where it has none of its own. */
int when_zone(struct registry *registry, const struct registry_exclusion *exclusion,
	int32_t *ret_offset_s, struct err *err);

#endif
