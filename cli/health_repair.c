/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged files: what lies set aside, how far the rest reaches, and what a person can still do. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/health_part.h"
#include "collector/store/closed_month.h"
#include "collector/store/ledger_lost.h"
#include "collector/store/registry_close.h"
#include "common/civil.h"
#include "common/file.h"

#define NAMES_BYTES 120
#define ASIDE LEDGER_NAME ".damaged-"

struct gaps { /* the first few, and how many there are */
	char names[NAMES_BYTES];
	size_t length;
	int64_t runs;
	bool unknown;
	int64_t from_s, to_s;
};

static int add_gap(void *arg, const struct ledger_lost *lost)
{
	struct gaps *gaps = arg;
	size_t left = sizeof(gaps->names) - gaps->length;
	int added;

	gaps->runs++;
	gaps->unknown |= !lost->agent;
	gaps->from_s = lost->from_s < gaps->from_s ? lost->from_s : gaps->from_s;
	gaps->to_s = lost->to_s > gaps->to_s ? lost->to_s : gaps->to_s;
	if (!lost->agent || gaps->length + 1 >= sizeof(gaps->names))
		return 0;
	added = snprintf(gaps->names + gaps->length, left,
		"%sagent-%" PRIu32 " run %" PRIu32 " (%" PRId64 ")", gaps->length ? ", " : "",
		lost->agent, lost->run, lost->records);
	if ((size_t)added < left) {
		gaps->length += (size_t)added;
	} else {
		strcpy(gaps->names + sizeof(gaps->names) - 4, "...");
		gaps->length = sizeof(gaps->names) - 1;
	}
	return 0;
}

/* A damaged file that nobody has taken away yet; the last one by name. */
static bool find_aside(const char *state, char ret_name[NAME_MAX + 1])
{
	const struct dirent *entry;
	DIR *folder = opendir(state);
	bool found = false;

	*ret_name = '\0';
	while (folder && (entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);
		bool beside = length > 4 &&
			(!strcmp(entry->d_name + length - 4, "-wal") ||
				!strcmp(entry->d_name + length - 4, "-shm"));

		if (strncmp(entry->d_name, ASIDE, strlen(ASIDE)) != 0 || beside ||
			strcmp(entry->d_name, ret_name) < 0)
			continue;
		snprintf(ret_name, NAME_MAX + 1, "%s", entry->d_name);
		found = true;
	}
	if (folder)
		closedir(folder);
	return found;
}

static void format_limit(int64_t at_s, char ret_text[CIVIL_TIME_BYTES])
{
	if (at_s == INT64_MIN || at_s == SPAN_FOREVER)
		snprintf(ret_text, CIVIL_TIME_BYTES, "%s",
			at_s == INT64_MIN ? "the beginning" : "now");
	else
		civil_format(at_s, ret_text);
}

static void say_gaps(const struct gaps *gaps, struct health *health)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];

	format_limit(gaps->from_s, from);
	format_limit(gaps->to_s, to);
	health_say(health, HEALTH_WARN,
		"routers send again what they still hold; import an older export (\"pantau "
		"import\"); "
		"what stays missing is unknown in the figures, never down",
		"records are missing since ledger.db was damaged, from %s to %s: %s%s%s", from, to,
		gaps->names, gaps->length && gaps->unknown ? "; " : "",
		gaps->unknown ? "of which agents cannot be read" : "");
}

struct documents { /* of months that were to be closed before the damage, and are not here */
	struct ledger_db *ledger;
	int64_t before_s;
	unsigned missing;
	char month[MONTH_NAME_BYTES]; /* the last of them */
};

static int find_missing(void *arg, const struct registry_closing *wish)
{
	struct documents *documents = arg;
	struct closed_month closed;

	if (wish->entered_s > documents->before_s ||
		closed_month_find(documents->ledger, wish->month, CLOSED_LATEST, &closed, NULL) ==
			0)
		return 0;
	documents->missing++;
	memcpy(documents->month, wish->month, sizeof(documents->month));
	return 0;
}

/* True: some are, and it was said. */
static bool say_documents(const char *state, struct ledger_db *db, const struct mending *mending,
	struct health *health)
{
	struct documents documents = {.ledger = db, .before_s = mending->at_s};
	struct registry *registry;

	if (!mending->unsure || registry_open(state, REGISTRY_READ, NULL, &registry, NULL) < 0)
		return false;
	registry_closings(registry, find_missing, &documents, NULL);
	registry_close(registry);
	if (documents.missing)
		health_say(health, HEALTH_FAIL,
			"restore ledger.db from a backup; nothing is issued in their place, and "
			"what was handed out stays good (\"pantau verify\")",
			"documents of closed months are missing since ledger.db was damaged: %u, "
			"such as %s",
			documents.missing, documents.month);
	return documents.missing > 0;
}

static void say_done(const struct mending *mending, const char *aside, const struct gaps *gaps,
	struct health *health)
{
	if (gaps->runs)
		say_gaps(gaps, health);
	else if (*aside)
		health_say(health, HEALTH_WARN,
			"nothing is missing: move it away when nobody needs it for a look",
			"%s lies here; %" PRId64 " records of it were read", aside,
			mending->records);
	else
		health_say(health, HEALTH_OK, "", "no damaged file lies here");
}

static void say(const char *state, struct ledger_db *db, const char *aside, struct health *health)
{
	struct gaps gaps = {.from_s = INT64_MAX, .to_s = INT64_MIN};
	struct mending mending = {.done = true};
	struct err err = {0};
	int r = ledger_mending(db, &mending, &err);

	if (r == 0)
		r = ledger_lost_each(db, add_gap, &gaps, &err);
	if (r < 0 && r != -ENOENT)
		health_say(health, HEALTH_FAIL, "see the part \"data\"", "%s", err.text);
	else if (!mending.done)
		health_say(health, HEALTH_WARN, "wait: figures grow until it is done",
			"ledger.db was damaged (%.100s) and is made anew: %" PRId64
			" records so far",
			mending.why, mending.records);
	else if (!say_documents(state, db, &mending, health))
		say_done(&mending, aside, &gaps, health);
}

void health_repair(const char *state, struct health *health)
{
	char aside[NAME_MAX + 1], mark[PATH_MAX];
	struct ledger_db *db = NULL;

	find_aside(state, aside);
	if (file_join(mark, sizeof(mark), state, LEDGER_DAMAGE) == 0 && access(mark, F_OK) == 0)
		health_say(health, HEALTH_FAIL,
			"start \"pantau-collector ledger\": it makes it anew",
			"ledger.db is damaged");
	else if (ledger_db_open(state, &db, NULL) == 0)
		say(state, db, aside, health);
	else
		health_say(health, HEALTH_OK, "", "nothing is known of a damaged file");
	ledger_db_close(db);
}
