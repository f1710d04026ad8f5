/* SPDX-License-Identifier: Apache-2.0 */
/* Flags: what an agent says and what the collector saw cannot both be true (docs/WITNESS.md). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/health_part.h"
#include "collector/explain/flags_open.h"
#include "collector/store/ledger_db.h"
#include "common/civil.h"

#define NOON_S 43200 /* of a local day that begins at day_s: the same date in UTC */

static int look(const char *state, struct flags_open *ret_open, struct err *err)
{
	struct sla_source source = {NULL, NULL};
	int r = registry_open(state, REGISTRY_READ, NULL, &source.registry, err);

	if (r < 0)
		return r;
	r = ledger_db_open(state, &source.ledger, err);
	if (r == 0 || r == -ENOENT) /* nothing was ever heard */
		r = flags_open(&source, 0, time(NULL), ret_open, err);
	ledger_db_close(source.ledger);
	registry_close(source.registry);
	return r;
}

void health_witness(const char *state, struct health *health)
{
	struct flags_open open;
	char month[8], advice[96];
	struct err err;

	if (look(state, &open, &err) < 0)
		health_say(health, HEALTH_WARN, "", "unknown: %.250s", err.text);
	else if (open.count) {
		civil_month_name(open.day_s + NOON_S, 0, month);
		snprintf(advice, sizeof(advice),
			"look at the router, and answer it: \"pantau decide list --month %s\"",
			month);
		health_say(health, HEALTH_WARN, advice,
			"open flags: %" PRId64 "; what the agent says and what the collector saw "
			"cannot both be true; the latest of link %" PRId64,
			open.count, open.link);
	} else
		health_say(health, HEALTH_OK, "", "no flags open");
}
