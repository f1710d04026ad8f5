/* SPDX-License-Identifier: Apache-2.0 */
/* pantau import: a file of evidence into this instance. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/cmd.h"
#include "collector/archive/archive_import.h"
#include "collector/settings.h"
#include "common/ask.h"

#define LOOK_MS 200

static const struct opt options[] = {
	{"check", OPT_FLAG, 0, NULL, "only check the file and say what it holds"},
	{"wait", OPT_FLAG, 0, NULL, "until the ledger has taken it (default: if it runs)"},
	{"no-wait", OPT_FLAG, 0, NULL, "return as soon as it is accepted"},
	{NULL},
};

static void say_summary(const char *path, const struct archive_summary *summary)
{
	printf("%s: %" PRId64 " rows, %" PRId64 " records in %" PRIu32 " parts, %" PRIu64
	       " bytes; made %s by %s for %s\nSHA-256 of its parts: %s\n",
		path, summary->rows, summary->records, summary->parts, summary->bytes,
		summary->made, summary->program, summary->month, summary->digest);
}

static enum cmd_exit check(struct cmd *cmd, const char *path)
{
	struct archive_summary summary;
	int rc = archive_check(path, NULL, NULL, &summary, &cmd->err);

	if (!rc)
		say_summary(path, &summary);
	return cmd_result(rc);
}

/* ---- waiting */

static bool ledger_runs(const char *state)
{
	uint8_t *text;
	size_t length;

	if (ask_status(state, "ledger.sock", &text, &length, NULL))
		return false;
	free(text);
	return true;
}

/* 1: it is in the ledger; 0: not yet. */
static int look(struct cmd *cmd, const struct import_entry *entry)
{
	struct import_place place = {0, 0};
	struct ledger_db *ledger;
	int rc = ledger_db_open(cmd->state, &ledger, &cmd->err);

	if (rc == -ENOENT)
		return 0;
	if (rc)
		return rc;
	rc = ledger_import_place(ledger, entry, &place, &cmd->err);
	ledger_db_close(ledger);
	return rc ? rc : place.part == IMPORT_DONE;
}

static int wait_for_ledger(struct cmd *cmd, const struct import_entry *entry)
{
	static const struct timespec pause = {0, LOOK_MS * 1000000L};
	bool wanted = opts_has(cmd->opts, "wait");
	int rc;

	while ((rc = look(cmd, entry)) == 0) {
		if (!wanted && !ledger_runs(cmd->state)) {
			puts("The ledger does not run: it takes the records at its next start.");
			return 0;
		}
		nanosleep(&pause, NULL);
	}
	if (rc > 0)
		puts("The ledger has taken them.");
	return rc > 0 ? 0 : rc;
}

/* ---- the import */

static int import(struct cmd *cmd, const char *path, struct archive_imported *ret_imported)
{
	struct archive_order order = {.state = cmd->state, .path = path};
	struct settings settings;
	int rc = settings_load(cmd->config, &settings, &cmd->err);

	if (rc)
		return rc;
	order.reserve_bytes = (uint64_t)settings.reserve_mib << 20;
	settings_done(&settings);
	rc = cmd_registry(cmd, REGISTRY_WRITE, &order.registry);
	if (rc)
		return rc;
	rc = archive_import(&order, ret_imported, &cmd->err);
	registry_close(order.registry);
	return rc;
}

static enum cmd_exit run(struct cmd *cmd)
{
	const char *path = cmd->opts->operand_count ? cmd->opts->operands[0] : NULL;
	struct archive_imported imported;
	int rc;

	if (!path)
		return cmd_usage(cmd, "which FILE? it was written by \"pantau export\"");
	if (opts_has(cmd->opts, "wait") && opts_has(cmd->opts, "no-wait"))
		return cmd_usage(cmd, "--wait and --no-wait contradict each other");
	if (opts_has(cmd->opts, "check"))
		return check(cmd, path);
	rc = import(cmd, path, &imported);
	if (rc)
		return CMD_FAILED;
	printf("%s: %" PRId64 " rows added, %" PRId64 " completed, %" PRId64 " were here; %" PRId64
	       " records\n",
		path, imported.rows.added, imported.rows.newer, imported.rows.same,
		imported.summary.records);
	fflush(stdout);
	if (imported.summary.records && !opts_has(cmd->opts, "no-wait"))
		rc = wait_for_ledger(cmd, &imported.entry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "Take a file of evidence into this instance",
		.help = "All of it or nothing: a file that is cut or damaged anywhere is refused "
			"with "
			"the place, and so is one\nof whose numbers (of links, contracts, agents "
			"...) "
			"another one is here. What is here already is left;\nwhat was open here "
			"and "
			"has an end in the file gets it. A file may be imported twice: the second "
			"time\n"
			"changes nothing. The rows are in the log of changes under your name; the "
			"records go to the ledger\nby way of STATE/import/. Keys and the "
			"certificate "
			"authority do not travel: see docs/OPERATIONS.md.",
		.options = options,
		.operands = "FILE",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_import = {
	"import", "Take a file of evidence into this instance", verbs};
