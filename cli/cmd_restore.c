/* SPDX-License-Identifier: Apache-2.0 */
/* pantau restore: the automatic copies of registry.db, and one of them put back. */
#include <errno.h>
#include <stdio.h>

#include "cli/cmd.h"
#include "collector/store/registry_copies.h"
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

static enum cmd_exit run(struct cmd *cmd)
{
	const char *name;

	if (!cmd->opts->operand_count)
		return run_list(cmd);
	name = cmd->opts->operands[0];
	if (registry_restore(cmd->state, name, cmd_person(), clock_utc_us() / 1000000, &cmd->err) <
		0)
		return CMD_FAILED;
	printf("%s is registry.db now; the one before lies beside it as registry.db.damaged-*.\n"
	       "Start pantau-ledger and pantau-web, and enter again what was entered since.\n",
		name);
	return CMD_OK;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "List the copies of the registry, or put one back",
		.help = "The collector keeps copies of registry.db in the folder backup of the "
			"state: "
			"after changes, at most one\na minute, the newest few and the last one of "
			"each of the last days. Without COPY it lists them with\nthe last change "
			"that "
			"each holds. With COPY it checks that one and puts it in the place of "
			"registry.db,\nwhich is set aside. Links, agents and other things that are "
			"made "
			"afterwards get higher numbers than\nany before. Agents go on being heard "
			"meanwhile; those issued after the copy was made must be issued anew.",
		.operands = "[COPY]",
		.operands_max = 1,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_restore = {
	"restore", "The copies of the registry, and one of them put back", verbs};
