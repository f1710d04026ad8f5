/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a word on disputed slots is about some that are. */
#ifndef PANTAU_DESK_DISPUTE_H
#define PANTAU_DESK_DISPUTE_H

#include "collector/store/registry_decision.h"
#include "collector/store/sla.h"

/* "none", or 8 to 32 hexadecimal digits, which may be a boot's. -EINVAL with words. */
int dispute_check_accept(const char *accept, struct err *err);

/* Some slot of the agent that lies wholly within is disputed, and told by the boot to accept, whose
 * whole id is filled in. -ENOENT, -EEXIST with words; whether agent and dates make sense is the
 * registry's business. */
int dispute_find(
	const struct sla_source *source, struct registry_settlement *settlement, struct err *err);

#endif
