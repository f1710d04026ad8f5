/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_papers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_objection.h"
#include "collector/store/registry_ticket.h"

static bool is_about(const struct sla_outage *outage, int64_t at_s)
{
	return outage->span_from_s <= at_s && at_s < outage->span_to_s;
}

static int see_objection(void *arg, const struct registry_objection *objection)
{
	struct sla_outage *outage = arg;
	char *text = outage->papers.objections;
	size_t length = strlen(text);

	if (!objection->answered_s && is_about(outage, objection->at_s))
		snprintf(text + length, SLA_OBJECTIONS_BYTES - length, "%s%" PRId64,
			length ? "; " : "", objection->id);
	return 0;
}

/* They come by their opening: the first one is what the time to repair counts from. */
static int see_ticket(void *arg, const struct registry_ticket *ticket)
{
	struct sla_outage *outage = arg;

	if (ticket->revoked_s || !is_about(outage, ticket->at_s))
		return 0;
	memcpy(outage->papers.ticket, ticket->number, sizeof(outage->papers.ticket));
	outage->papers.ticket_opened_s = ticket->opened_s;
	return 1;
}

int sla_papers(struct registry *registry, struct sla_outage *outage, struct err *err)
{
	const struct registry_filter filter = {.link = outage->link};
	int r = registry_objections(registry, &filter, see_objection, outage, err);

	if (r == 0)
		r = registry_tickets(registry, outage->link, see_ticket, outage, err);
	return r < 0 ? r : 0;
}
