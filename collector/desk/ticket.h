/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a ticket can be about its outage. */
#ifndef PANTAU_DESK_TICKET_H
#define PANTAU_DESK_TICKET_H

#include "collector/store/registry_ticket.h"
#include "collector/store/sla.h"

/* The time to repair counts from it: it was not opened before the outage that it is about can have
 * begun, which the undetermined time before it leaves open. Where no outage is counted at its
 * second there is nothing to compare with. -EINVAL with words. */
int ticket_check(
	const struct sla_source *source, const struct registry_ticket *ticket, struct err *err);

/* The words, for who knows when it began: -EINVAL when it was opened before. */
int ticket_check_opened(const struct registry_ticket *ticket, int64_t begins_s, struct err *err);

#endif
