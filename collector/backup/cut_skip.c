/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/cut_skip.h"

#include <stddef.h>
#include <string.h>

#include "collector/backup/cut.h"

/* Of a running process, or unfinished. */
static const char *const endings[] = {
	".sock", ".lock", "-wal", "-shm", "-journal", ".new", ".restored", ".doubt", NULL};
/* Set aside: kept for a look, and as large as what is in use. */
static const char *const marks[] = {".damaged-", ".before-schema-", NULL};
/* At the top: taken as snapshots, made anew from the registry, or left by an earlier restore. */
static const char *const tops[] = {
	"ledger.db", "registry.db", "roster.json", CUT_CONFIGURATION, NULL};

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), wanted = strlen(ending);

	return length >= wanted && !strcmp(name + length - wanted, ending);
}

bool cut_skips(const char *folder, const char *name)
{
	if (*name == '.') /* folders, and files that are being replaced */
		return true;
	for (size_t i = 0; endings[i]; i++) {
		if (ends_with(name, endings[i]))
			return true;
	}
	for (size_t i = 0; marks[i]; i++) {
		if (strstr(name, marks[i]))
			return true;
	}
	for (size_t i = 0; !*folder && tops[i]; i++) {
		if (!strcmp(name, tops[i]))
			return true;
	}
	return !strcmp(name, "ingest.roster") ||
		(!strcmp(folder, "journal") && !strcmp(name, "lock")) ||
		(!strcmp(folder, "backup") && !strcmp(name, "unchecked.db"));
}
