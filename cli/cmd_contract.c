/* SPDX-License-Identifier: Apache-2.0 */
/* pantau contract: the terms by which a link is judged and paid, with their dates. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/contract_table.h"
#include "cli/term_options.h"
#include "cli/term_sets.h"

#define KBPS_MAX 1000000000 /* 1 Tbit/s */

static const char *const formulas[] = {
	"prorata", "prorata-sla", "excess", "shortfall", "bands", NULL};
static const char *const powers[] = {"unknown", "exclude", NULL};

static const struct opt add_options[] = {
	{"link", OPT_NUMBER, OPT_REQUIRED, "ID", "the link", NULL, 1, INT64_MAX},
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "begin; a date is 00:00 of the link's zone"},
	{"to", OPT_TEXT, 0, "TIME", "end, exclusive (default: open)"},
	{"mbps-down", OPT_NUMBER, OPT_REQUIRED, "N", "contracted rate to the desa, Mbit/s", NULL, 1,
		KBPS_MAX, KBPS_DECIMALS},
	{"mbps-up", OPT_NUMBER, OPT_REQUIRED, "N", "contracted rate from the desa, Mbit/s", NULL, 1,
		KBPS_MAX, KBPS_DECIMALS},
	{"fee", OPT_NUMBER, OPT_REQUIRED, "RUPIAH", "monthly fee before VAT, whole rupiah", NULL, 0,
		TERMS_FEE_MAX},
	{"target", OPT_NUMBER, OPT_REQUIRED, "PERCENT", "availability that must be reached: 99.5",
		NULL, 1, TERMS_PPM, TERM_PERCENT_DECIMALS},
	{"formula", OPT_CHOICE, OPT_REQUIRED, NULL, "how restitution is computed", formulas},
	{"band", OPT_TEXT, OPT_REPEAT, "BELOW:PERCENT",
		"formula bands: availability below BELOW % costs PERCENT % of the fee"},
	{"set", OPT_TEXT, OPT_REPEAT, "KEY=VALUE", "other terms, each with its key: see above"},
	{"loss-threshold", OPT_NUMBER, 0, "PCT",
		"a slot is bad when more of its rounds are lost (default 50)", NULL, 0, TERMS_PPM,
		TERM_PERCENT_DECIMALS},
	{"window", OPT_NUMBER, 0, "SECONDS", "shorter outages are forgiven (default 300)", NULL, 1,
		86400},
	{"bridge", OPT_NUMBER, 0, "SECONDS", "holes up to this are bridged (default 120)", NULL, 0,
		3600},
	{"notice", OPT_NUMBER, 0, "SECONDS",
		"maintenance counts from its entry plus this (default 86400)", NULL, 0,
		TERMS_NOTICE_MAX_S},
	{"uncharged", OPT_TEXT, 0, "CAUSE,...",
		"causes that are unknown, not down: local,cpe,access,provider,upstream or none "
		"(default local)"},
	{"power", OPT_CHOICE, 0, NULL, "power cuts: unknown (default), or excluded by rule",
		powers},
	{NULL},
};

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

/* Everything that the command line says without the link's zone. */
static int read_terms(struct cmd *cmd, struct registry_contract *contract)
{
	const struct opts *opts = cmd->opts;
	struct terms *terms = &contract->terms;

	terms_init(terms);
	contract->link = opts_number(opts, "link", 0);
	contract->kbps_down = (uint32_t)opts_number(opts, "mbps-down", 0);
	contract->kbps_up = (uint32_t)opts_number(opts, "mbps-up", 0);
	terms->fee_rupiah = opts_number(opts, "fee", 0);
	terms->target_ppm = (uint32_t)opts_number(opts, "target", 0);
	terms->formula = (enum formula)formula_parse(opts_text(opts, "formula", ""));
	terms->loss_threshold_ppm = (uint32_t)opts_number(
		opts, "loss-threshold", terms->loss_threshold_ppm);
	terms->window_s = (uint32_t)opts_number(opts, "window", terms->window_s);
	terms->bridge_s = (uint32_t)opts_number(opts, "bridge", terms->bridge_s);
	terms->notice_s = (uint32_t)opts_number(opts, "notice", terms->notice_s);
	terms->power = (enum power_rule)opts_number(opts, "power", terms->power);
	return term_options_read(terms, opts, &cmd->err);
}

static enum cmd_exit add(
	struct cmd *cmd, struct registry *registry, struct registry_contract *contract)
{
	struct registry_link link;
	int64_t id;

	if (registry_link_get(registry, contract->link, &link, &cmd->err))
		return CMD_FAILED;
	contract->to_s = SPAN_FOREVER;
	if (cmd_time(cmd, "from", link.offset_s, &contract->from_s) ||
		cmd_time(cmd, "to", link.offset_s, &contract->to_s))
		return CMD_USAGE;
	if (registry_contract_add(registry, contract, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry_contract contract = {0};
	struct registry *registry;
	enum cmd_exit status;

	if (read_terms(cmd, &contract))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = add(cmd, registry, &contract);
	registry_close(registry);
	return status;
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
		.options = add_options,
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
