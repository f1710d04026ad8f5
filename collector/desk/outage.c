/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/outage.h"

#include <errno.h>
#include <inttypes.h>

#include "common/civil.h"
#include "common/clock.h"

static int is_it(void *arg, const struct sla_outage *outage)
{
	const int64_t *start_s = arg;

	return outage->start_s == *start_s;
}

int outage_begins(const struct sla_source *source, const struct registry_link *link, int64_t at_s,
	struct err *err)
{
	char month[8], start[CIVIL_TIME_BYTES];
	const struct sla_query query = {
		.month = month, .as_of_s = clock_utc_us() / 1000000, .filter.link = link->id};
	int rc;

	civil_month_name(at_s, link->offset_s, month);
	rc = sla_outages(source, &query, is_it, &at_s, err);
	if (rc < 0)
		return rc;
	if (rc > 0)
		return 0;
	civil_format(at_s, start);
	return err_set(err, -ENOENT, "outage = %s: no outage of link %" PRId64 " begins then",
		start, link->id);
}
