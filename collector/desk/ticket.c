/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/ticket.h"

#include <errno.h>

#include "common/civil.h"
#include "common/clock.h"

struct around {
	int64_t at_s, begins_s;
};

static int is_around(void *arg, const struct sla_outage *outage)
{
	struct around *around = arg;

	around->begins_s = outage->span_from_s;
	return outage->span_from_s <= around->at_s && around->at_s < outage->span_to_s;
}

int ticket_check_opened(const struct registry_ticket *ticket, int64_t begins_s, struct err *err)
{
	char opened[CIVIL_TIME_BYTES], begins[CIVIL_TIME_BYTES];

	if (ticket->opened_s >= begins_s)
		return 0;
	civil_format(ticket->opened_s, opened);
	civil_format(begins_s, begins);
	return err_set(
		err, -EINVAL, "opened = %s: the outage did not begin before %s", opened, begins);
}

int ticket_check(
	const struct sla_source *source, const struct registry_ticket *ticket, struct err *err)
{
	char month[8];
	const struct sla_query query = {
		.month = month, .as_of_s = clock_utc_us() / 1000000, .filter.link = ticket->link};
	struct around around = {.at_s = ticket->at_s};
	struct registry_link link;
	int r = registry_link_get(source->registry, ticket->link, &link, err);

	if (r < 0)
		return r;
	civil_month_name(ticket->at_s, link.offset_s, month);
	r = sla_outages(source, &query, is_around, &around, err);
	return r > 0 ? ticket_check_opened(ticket, around.begins_s, err) : r;
}
