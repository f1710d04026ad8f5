/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contract_entry.h"

#include <string.h>

#include "cli/contract_table.h"
#include "cli/term_options.h"
#include "cli/term_sets.h"

#define KBPS_MAX 1000000000 /* 1 Tbit/s */

static const char *const formulas[] = {
	"prorata", "prorata-sla", "excess", "shortfall", "bands", NULL};
static const char *const powers[] = {"unknown", "exclude", NULL};

const struct opt contract_entry_options[] = {
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

int contract_entry_terms(struct cmd *cmd, struct registry_contract *contract)
{
	const struct opts *opts = cmd->opts;
	struct terms *terms = &contract->terms;

	memset(contract, 0, sizeof(*contract));
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

enum cmd_exit contract_entry_read(
	struct cmd *cmd, struct registry *registry, struct registry_contract *ret_contract)
{
	struct registry_contract contract;
	struct registry_link link;

	if (contract_entry_terms(cmd, &contract))
		return CMD_USAGE;
	if (registry_link_get(registry, contract.link, &link, &cmd->err))
		return CMD_FAILED;
	contract.to_s = SPAN_FOREVER;
	if (cmd_time(cmd, "from", link.offset_s, &contract.from_s) ||
		cmd_time(cmd, "to", link.offset_s, &contract.to_s))
		return CMD_USAGE;
	*ret_contract = contract;
	return CMD_OK;
}
