/* SPDX-License-Identifier: Apache-2.0 */
/* pantau contract: the terms by which a link is judged and paid, with their dates. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/contract_entry.h"
#include "cli/contract_import.h"
#include "cli/contract_table.h"
#include "cli/term_sets.h"

static const struct opt list_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "only contracts of this link", NULL, 1, INT64_MAX},
	{NULL},
};

static const struct opt end_options[] = {
	{"contract", OPT_NUMBER, 0, "ID", "the contract, or", NULL, 1, INT64_MAX},
	{"link", OPT_NUMBER, 0, "ID", "the link whose contract is in force before --to", NULL, 1,
		INT64_MAX},
	{"to", OPT_TEXT, OPT_REQUIRED, "TIME",
		"end, exclusive; a date is 00:00 of the link's zone"},
	{NULL},
};

static enum cmd_exit add(struct cmd *cmd, struct registry *registry)
{
	struct registry_contract contract;
	enum cmd_exit status = contract_entry_read(cmd, registry, &contract);
	int64_t id;

	if (status != CMD_OK)
		return status;
	if (registry_contract_add(registry, &contract, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry_contract contract;
	struct registry *registry;
	enum cmd_exit status;

	if (contract_entry_terms(cmd, &contract))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = add(cmd, registry);
	registry_close(registry);
	return status;
}

static enum cmd_exit run_import(struct cmd *cmd)
{
	struct registry *registry;
	size_t count;
	int rc;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "FILE is missing");
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = contract_import(cmd, cmd->opts->operands[0], registry, &count);
	registry_close(registry);
	if (!rc)
		printf("%zu contracts\n", count);
	return cmd_result(rc);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	struct registry *registry;
	struct table *table = NULL;
	int rc;

	if (cmd_registry(cmd, REGISTRY_READ, &registry))
		return CMD_FAILED;
	rc = contract_table(cmd, registry, opts_number(cmd->opts, "link", 0), &table);
	registry_close(registry);
	return rc ? CMD_FAILED : cmd_print_table(cmd, table);
}

struct search { /* for the contract to end: by its id, or by its link and a moment */
	int64_t id; /* 0: whichever is in force just before the moment */
	struct cmd *cmd;
	struct registry *registry;
	int64_t found, to_s; /* found 0: none */
	enum cmd_exit status;
};

static int find_contract(void *arg, const struct registry_contract *contract)
{
	struct search *search = arg;
	struct registry_link link;
	int64_t to_s;

	if (search->id && contract->id != search->id)
		return 0;
	if (registry_link_get(search->registry, contract->link, &link, &search->cmd->err)) {
		search->status = CMD_FAILED;
		return -EIO;
	}
	if (cmd_time(search->cmd, "to", link.offset_s, &to_s)) {
		search->status = CMD_USAGE;
		return -EINVAL;
	}
	if (search->id || (contract->from_s < to_s && to_s <= contract->to_s)) {
		search->found = contract->id;
		search->to_s = to_s;
	}
	return 0;
}

static enum cmd_exit end(struct cmd *cmd, struct registry *registry, int64_t id, int64_t link)
{
	struct search search = {.id = id, .cmd = cmd, .registry = registry, .status = CMD_FAILED};

	if (registry_contracts(registry, link, find_contract, &search, &cmd->err))
		return search.status;
	if (!search.found) {
		if (id)
			err_set(&cmd->err, -ENOENT, "no contract %" PRId64, id);
		else
			err_set(&cmd->err, -ENOENT,
				"link %" PRId64 " has no contract in force just before --to", link);
		return CMD_FAILED;
	}
	return cmd_result(registry_contract_end(registry, search.found, search.to_s, &cmd->err));
}

static enum cmd_exit run_end(struct cmd *cmd)
{
	int64_t id = 0, link = opts_number(cmd->opts, "link", 0);
	struct registry *registry;
	enum cmd_exit status;

	if (!link && cmd_id(cmd, "contract", &id))
		return CMD_USAGE;
	if (link && (opts_has(cmd->opts, "contract") || cmd->opts->operand_count))
		return cmd_usage(cmd, "give --contract or --link, not both");
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = end(cmd, registry, id, link);
	registry_close(registry);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Add a contract and print its number",
		.help = "Contracts of one link may not overlap. What is left out has the default "
			"that is named below.\nPrints the number alone, for "
			"scripts.\n\n" TERM_SETS_HELP,
		.options = contract_entry_options,
	},
	{
		.name = "import",
		.run = run_import,
		.summary = "Add the contracts of a CSV file",
		.help = "The first row names options of `contract add`, in any order, without "
			"their "
			"dashes: link,from,mbps-down,...\nAn empty field is an option that is not "
			"given; several values of band or set stand with a ; between them.\n"
			"All rows or none: an error names file, line, field and value and changes "
			"nothing.",
		.operands = "FILE",
		.operands_max = 1,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the contracts",
		.help = "All contracts with all their terms; times are of the link's zone, with "
			"--json UTC. Time between two\ncontracts of a link is a line of its own, "
			"with the word `gap` in the last column: it is in no row\nof any month.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "end",
		.run = run_end,
		.summary = "End a contract",
		.help = "From --to on the contract is no longer in force.",
		.options = end_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_contract = {
	"contract", "Contracts: target, fee and terms of a link", verbs};
