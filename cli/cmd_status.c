/* SPDX-License-Identifier: Apache-2.0 */
/* pantau status: is everything running, and what to do where it is not. */
#include <errno.h>

#include "cli/cmd.h"
#include "cli/health.h"

static const struct table_column columns[] = {
	{"part", "Part"},
	{"state", "State"},
	{"words", "What"},
	{"advice", "What to do"},
	{NULL},
};

static enum cmd_exit run(struct cmd *cmd)
{
	struct health parts[HEALTH_PARTS];
	struct settings settings;
	struct table *table;
	enum cmd_exit status = CMD_OK;

	if (settings_load(cmd->config, &settings, &cmd->err))
		return CMD_FAILED;
	health_check(cmd->state, &settings, parts);
	settings_done(&settings);
	table = table_new(columns);
	if (!table) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	for (size_t i = 0; i < HEALTH_PARTS; i++) {
		table_text(table, parts[i].part);
		table_text(table, health_state_name(parts[i].state));
		table_text(table, parts[i].words);
		table_text(table, parts[i].advice);
		if (parts[i].state == HEALTH_FAIL)
			status = CMD_FAILED;
	}
	if (cmd_print_table(cmd, table) != CMD_OK)
		return CMD_FAILED;
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "The health of the parts, and what to do about each fault",
		.help = "Asks the disk, both databases and each process. Exit status 1 when a part "
			"has failed or does not run.",
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_status = {
	"status", "The health of the parts, and what to do about each fault", verbs};
