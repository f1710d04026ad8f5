/* SPDX-License-Identifier: Apache-2.0 */
/* pantau restore: an instance made anew from a backup; and the automatic copies of registry.db. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/sealing.h"
#include "collector/backup/restore.h"
#include "collector/store/registry_copies.h"
#include "common/civil.h"
#include "common/clock.h"

static const struct table_column columns[] = {
	{"name", "Copy"},
	{"at", "Made"},
	{"sequence", "Last change", .kind = TABLE_NUMBER},
	{"state", "State"},
	{NULL},
};

static int add_row(void *arg, const struct registry_copy *copy)
{
	struct table *table = arg;

	table_text(table, copy->name);
	cmd_put_time(table, copy->at_s);
	table_number(table, copy->sequence);
	table_text(table, copy->sound ? "ok" : "damaged");
	return 0;
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	struct table *table = table_new(columns);

	if (!table) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	if (registry_copies(cmd->state, add_row, table, &cmd->err) < 0) {
		table_free(table);
		return CMD_FAILED;
	}
	return cmd_print(cmd, table, cmd->json ? CMD_JSON : CMD_TEXT,
		"\n\"pantau restore COPY\" puts one back; stop pantau-ledger and pantau-web "
		"before.\n");
}

/* ---- a copy of the registry */

static enum cmd_exit put_back(struct cmd *cmd, const char *name)
{
	if (registry_restore(cmd->state, name, cmd_person(), clock_utc_us() / 1000000, &cmd->err) <
		0)
		return CMD_FAILED;
	printf("%s is registry.db now; the one before lies beside it as registry.db.damaged-*.\n"
	       "Start pantau-ledger and pantau-web, and enter again what was entered since.\n",
		name);
	return CMD_OK;
}

/* ---- a backup of everything */

static void say(const struct cmd *cmd, const struct restored *restored, bool check)
{
	char made[CIVIL_TIME_BYTES] = "";

	civil_format(restored->about.made_s, made);
	printf("%s: of %s, by version %s: %zu parts, %" PRIu64 " bytes, as they were written\n",
		cmd->opts->operands[0], made, restored->about.version, restored->content.parts,
		restored->content.bytes);
	if (check)
		return;
	if (restored->content.strange_owners)
		printf("%zu owners have no account here: their files are root's. chown them, or "
		       "systemd-sysusers and once more\n",
			restored->content.strange_owners);
	printf("%s is whole. The configuration lies in %s/configuration: copy it to its place.\n",
		cmd->state, cmd->state);
}

static enum cmd_exit run_file(struct cmd *cmd, const char *file)
{
	struct restore_order order = {.file = file, .state = cmd->state, .who = cmd_person()};
	bool check = opts_has(cmd->opts, "check");
	struct sealed_about about;
	struct restored restored;
	struct sealing sealing;
	int r = restore_look(file, &about, &cmd->err);

	if (r < 0)
		return CMD_FAILED;
	r = sealing_find(cmd->opts, about.kind, &sealing, &cmd->err);
	order.lock = &sealing.lock;
	if (r == 0)
		r = check ? restore_check(&order, &restored, &cmd->err)
			  : restore_run(&order, &restored, &cmd->err);
	sealing_done(&sealing);
	if (r == 0)
		say(cmd, &restored, check);
	return cmd_result(r);
}

/* Copies bear a name that no file outside has to bear: a path is always a backup. */
static bool is_copy(const char *name)
{
	return !strchr(name, '/') && !strncmp(name, "registry-", strlen("registry-"));
}

static enum cmd_exit run(struct cmd *cmd)
{
	const char *name;

	if (!cmd->opts->operand_count)
		return run_list(cmd);
	name = cmd->opts->operands[0];
	return is_copy(name) ? put_back(cmd, name) : run_file(cmd, name);
}

static const struct opt options[] = {
	{"check", OPT_FLAG, 0, NULL, "of a backup: read all of it, compare, write nothing"},
	{"key", OPT_TEXT, 0, "FILE", "of a backup: the private X25519 key (PEM) it is sealed to"},
	{"passphrase-file", OPT_TEXT, 0, "FILE",
		"its passphrase (or that of the key) is the first line; otherwise it asks"},
	{NULL},
};

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "Make an instance anew from a backup, or put back a registry",
		.help = "With FILE, of \"pantau backup\": makes the folder of --state anew, which "
			"must be empty or not there yet. It is\nmade beside it, compared with its "
			"manifest, both databases are checked, and it is moved to its name at "
			"the\nend: a restore that fails leaves nothing. Run it as root, so that "
			"owners come back.\nWith COPY: the collector keeps copies of registry.db "
			"in "
			"the folder backup of the state, after changes, at most\none a minute, the "
			"newest few and the last one of each of the last days. It checks that one "
			"and puts it in\nthe place of registry.db, which is set aside. Without an "
			"operand it lists them with the last change in each.\nIn both cases links, "
			"agents and other things that are made afterwards get higher numbers than "
			"any before;\nagents that were issued after the copy was made must be "
			"issued anew.",
		.options = options,
		.operands = "[FILE|COPY]",
		.operands_max = 1,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_restore = {
	"restore", "An instance from its backup, or a copy of its registry", verbs};
