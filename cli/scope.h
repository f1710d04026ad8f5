/* SPDX-License-Identifier: Apache-2.0 */
/* What an exclusion is for: exactly one of --link, --desa, --kecamatan, --kabupaten, --provider. */
#ifndef PANTAU_CLI_SCOPE_H
#define PANTAU_CLI_SCOPE_H

#include "cli/cmd.h"

/* Reads the one that was given into scope and value. -EINVAL with words. */
int scope_read(struct cmd *cmd, struct registry_exclusion *exclusion);

/* --NAME as UTC seconds, in the zone of the links in the scope. Where these lie in several zones, a
 * time that does not name its own is refused. -EINVAL with words. */
int scope_time(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, const char *name, int64_t *ret_utc_s);

/* The zone in which people read the exclusion's times: the link's, or that of the region's
 * province; 0 where it has none of its own. */
int scope_zone(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, int32_t *ret_offset_s);

#endif
