/* SPDX-License-Identifier: Apache-2.0 */
/* Which closed months would perhaps come out differently now. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/health.h"
#include "collector/closing/stale.h"

struct found {
	size_t months, stale;
	char names[120]; /* of the stale ones */
};

static int look(void *arg, const struct stale_month *month)
{
	struct found *found = arg;
	size_t at = strlen(found->names);

	found->months++;
	if (!is_stale(month))
		return 0;
	found->stale++;
	if (at + sizeof(month->closed.month) + 8 < sizeof(found->names))
		snprintf(found->names + at, sizeof(found->names) - at, "%s%s", at ? ", " : "",
			month->closed.month);
	else if (at && found->names[at - 1] != '.')
		strcpy(found->names + at, ", ...");
	return 0;
}

static int look_at_all(const char *state, struct found *found, struct err *err)
{
	struct registry *registry = NULL;
	struct ledger_db *ledger = NULL;
	int r = registry_open(state, REGISTRY_READ, NULL, &registry, err);

	if (r == 0)
		r = ledger_db_open(state, &ledger, err);
	if (r == 0)
		r = stale_months(registry, ledger, look, found, err);
	ledger_db_close(ledger);
	registry_close(registry);
	return r;
}

void health_closing(const char *state, struct health *health)
{
	struct found found = {0};
	struct err err = {0};
	int r = look_at_all(state, &found, &err);

	health->state = r < 0 || found.stale ? HEALTH_WARN : HEALTH_OK;
	if (r < 0 && r != -ENOENT) {
		snprintf(health->words, sizeof(health->words), "unknown: %.250s", err.text);
		return;
	}
	health->state = found.stale ? HEALTH_WARN : HEALTH_OK;
	if (!found.stale) {
		snprintf(health->words, sizeof(health->words), "%zu months are closed",
			found.months);
		return;
	}
	snprintf(health->words, sizeof(health->words),
		"of %zu closed months these may come out differently now: %s", found.months,
		found.names);
	snprintf(health->advice, sizeof(health->advice),
		"\"pantau close --list\" says since when; \"pantau close --month M\" again counts "
		"anew, and issues a revision where something differs");
}
