/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/health_part.h"
#include "collector/store/derived.h"
#include "collector/store/forget.h"
#include "collector/store/ledger_db.h"
#include "collector/store/ledger_witness.h"

#define NAMES_BYTES 120

struct names { /* of the first few that a person must look at */
	char text[NAMES_BYTES];
	size_t length;
};

static int add_name(struct names *names, uint32_t agent, const char *wan)
{
	size_t left = sizeof(names->text) - names->length;
	int added = snprintf(names->text + names->length, left, "%sagent-%u%s%s",
		names->length ? ", " : "", agent, wan ? " " : "", wan ? wan : "");

	if ((size_t)added >= left) {
		strcpy(names->text + sizeof(names->text) - 4, "...");
		return 1;
	}
	names->length += (size_t)added;
	return 0;
}

static int name_wan(void *arg, const struct ledger_unbound *unbound)
{
	return add_name(arg, unbound->agent, unbound->wan);
}

static int name_clone(void *arg, const struct ledger_heard *heard)
{
	return heard->conflicts ? add_name(arg, heard->agent, NULL) : 0;
}

/* Pairs come by agent. */
static int name_twin(void *arg, const struct ledger_twin *twin)
{
	struct names *names = arg;
	char name[24];

	snprintf(name, sizeof(name), "agent-%u", twin->agent);
	if (twin->until_s != SPAN_FOREVER || strstr(names->text, name))
		return 0;
	return add_name(names, twin->agent, NULL);
}

static int name_waiting(void *arg, const struct ledger_unplaced *unplaced)
{
	return add_name(arg, unplaced->agent, NULL);
}

/* Until then figures are the same, and take longer. */
static const char *name_derived(struct ledger_db *db, char text[NAMES_BYTES])
{
	int64_t links = 0;

	if (derived_waiting(db, &links, NULL) < 0 || !links)
		return "";
	snprintf(text, NAMES_BYTES, "; %" PRId64 " links are still derived under new rules", links);
	return text;
}

/* The latest pass, which comes first. */
static int name_forgotten(void *arg, const struct forgotten *forgotten)
{
	snprintf(arg, NAMES_BYTES, "; those of %s and before are gone (keep_months)",
		forgotten->month);
	return 1;
}

static void say_data(
	struct ledger_db *db, const struct ledger_counts *counts, struct health *health)
{
	struct names names = {{0}, 0};
	char gone[NAMES_BYTES] = "";

	if (counts->clones) {
		ledger_twins_each(db, name_twin, &names, NULL);
		health_say(health, HEALTH_WARN,
			"two devices were alive at once: take one away and give it an identity of "
			"its own; \"pantau decide list\" asks which of them was right",
			"%" PRId64 " identities are used by two devices: %s", counts->clones,
			names.text);
	} else if (counts->unbound) {
		ledger_unbound_each(db, name_wan, &names, NULL);
		health_say(health, HEALTH_WARN,
			"\"pantau agent bind\" says which link they measured; they are kept until "
			"then",
			"%" PRId64 " slots of a WAN that no binding covers: %s", counts->unbound,
			names.text);
	} else if (counts->conflicts) {
		ledger_heard_each(db, name_clone, &names, NULL);
		health_say(health, HEALTH_WARN,
			"two devices use one identity: revoke it and issue two new ones",
			"%" PRId64 " records came with other content than before: %s",
			counts->conflicts, names.text);
	} else if (counts->unplaced) {
		ledger_unplaced_each(db, name_waiting, &names, NULL);
		health_say(health, HEALTH_WARN,
			"they count once the router learns the time; see that the collector's "
			"clock is synchronised",
			"%" PRId64 " slots wait for the time of their router: %s", counts->unplaced,
			names.text);
	} else {
		ledger_forgotten(db, name_forgotten, gone, NULL);
		health_say(health, HEALTH_OK, "",
			"%" PRId64 " slots%s, %" PRId64 " records rejected%s", counts->slots, gone,
			counts->rejected, name_derived(db, names.text));
	}
}

void health_data(const char *state, struct health *health)
{
	struct ledger_counts counts = {0};
	struct ledger_db *db = NULL;
	struct err err = {0};
	int rc = ledger_db_open(state, &db, &err);

	if (!rc)
		rc = ledger_counts(db, &counts, &err);
	if (rc == -ENOENT)
		health_say(health, HEALTH_WARN, "",
			"no ledger.db yet: the ledger makes it at its start");
	else if (rc)
		health_say(health, HEALTH_FAIL,
			"start \"pantau-collector ledger\": a damaged file is set aside and made "
			"anew from the journal and what can still be read in it",
			"%s", err.text);
	else
		say_data(db, &counts, health);
	ledger_db_close(db);
}
