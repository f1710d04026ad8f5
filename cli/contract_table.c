/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contract_table.h"

#include <errno.h>

#include "cli/cmd.h"
#include "cli/term_options.h"
#include "cli/term_sets.h"

#define MS_DECIMALS 3 /* of a millisecond */

static const char *const powers[] = {"unknown", "exclude"};

static const struct table_column columns[] = {
	{"contract", "Kontrak", TABLE_NUMBER},
	{"link", "Link", TABLE_NUMBER},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"mbps_down", "Mbps turun", TABLE_NUMBER},
	{"mbps_up", "naik", TABLE_NUMBER},
	{"fee", "Rupiah", TABLE_NUMBER},
	{"target", "Target %", TABLE_NUMBER},
	{"formula", "Rumus"},
	{"bands", "Tingkat"},
	{"loss_threshold", "C %", TABLE_NUMBER},
	{"window", "W s", TABLE_NUMBER},
	{"bridge", "B s", TABLE_NUMBER},
	{"notice", "Notis s", TABLE_NUMBER},
	{"uncharged", "Tak dibebankan"},
	{"power", "Listrik"},
	{"rounding", "Pembulatan"},
	{"service_hours", "Jam layanan"},
	{"speed", "Kecepatan"},
	{"limit_rtt_ms", "RTT ms", TABLE_NUMBER},
	{"limit_loss", "Hilang %", TABLE_NUMBER},
	{"limit_pdv_ms", "PDV ms", TABLE_NUMBER},
	{"claim_days", "Klaim hari", TABLE_NUMBER},
	{"final_days", "Final hari", TABLE_NUMBER},
	{"gap", "Celah"},
	{NULL},
};
#define COLUMNS (sizeof(columns) / sizeof(*columns) - 1)
#define GAP_CELLS 4 /* contract, link, from, to */

struct listing {
	struct cmd *cmd;
	struct registry *registry;
	struct table *table;
	int32_t offset_s; /* of the present link's zone */
	int64_t link, to_s; /* of the contract before; link 0: none yet */
};

/* Seconds of the link in no contract, between two that it has. */
static void put_gap(struct listing *listing, const struct registry_contract *next)
{
	struct table *table = listing->table;

	if (listing->link != next->link || listing->to_s >= next->from_s)
		return;
	table_empty(table);
	table_number(table, next->link);
	cmd_put_time_in(listing->cmd, table, listing->to_s, listing->offset_s);
	cmd_put_time_in(listing->cmd, table, next->from_s, listing->offset_s);
	for (size_t i = GAP_CELLS; i + 1 < COLUMNS; i++)
		table_empty(table);
	table_text(table, "gap");
}

static void put_terms(struct table *table, const struct terms *terms)
{
	char bands[TERM_TEXT_BYTES], uncharged[TERM_TEXT_BYTES];

	term_options_bands(terms, bands);
	term_options_uncharged(terms, uncharged);
	table_number(table, terms->fee_rupiah);
	cmd_put_decimal(table, terms->target_ppm, TERM_PERCENT_DECIMALS);
	table_text(table, formula_name(terms->formula));
	table_text(table, bands);
	cmd_put_decimal(table, terms->loss_threshold_ppm, TERM_PERCENT_DECIMALS);
	table_number(table, terms->window_s);
	table_number(table, terms->bridge_s);
	table_number(table, terms->notice_s);
	table_text(table, uncharged);
	table_text(table, powers[terms->power]);
	table_text(table, term_sets_rounding(terms->rounding));
}

/* Those of --set, in the order of the columns. */
static void put_sets(struct table *table, const struct terms *terms)
{
	char service[SERVICE_TEXT_BYTES], speed[TERM_SET_BYTES];

	service_format(&terms->service, service);
	term_sets_speed(&terms->speed, speed);
	table_text(table, service);
	table_text(table, speed);
	cmd_put_decimal(table, terms->limits.rtt_us, MS_DECIMALS);
	cmd_put_decimal(table, terms->limits.loss_ppm, TERM_PERCENT_DECIMALS);
	cmd_put_decimal(table, terms->limits.pdv_us, MS_DECIMALS);
	table_number(table, terms->claim_days);
	if (terms->final_days == TERMS_NEVER)
		table_empty(table);
	else
		table_number(table, terms->final_days);
}

/* Contracts come by link and beginning. */
static int put_contract(void *arg, const struct registry_contract *contract)
{
	struct listing *listing = arg;
	struct table *table = listing->table;
	struct registry_link link;
	int rc;

	if (listing->link != contract->link) {
		rc = registry_link_get(
			listing->registry, contract->link, &link, &listing->cmd->err);
		if (rc)
			return rc;
		listing->offset_s = link.offset_s;
	}
	put_gap(listing, contract);
	table_number(table, contract->id);
	table_number(table, contract->link);
	cmd_put_time_in(listing->cmd, table, contract->from_s, listing->offset_s);
	cmd_put_time_in(listing->cmd, table, contract->to_s, listing->offset_s);
	cmd_put_decimal(table, contract->kbps_down, KBPS_DECIMALS);
	cmd_put_decimal(table, contract->kbps_up, KBPS_DECIMALS);
	put_terms(table, &contract->terms);
	put_sets(table, &contract->terms);
	table_empty(table);
	listing->link = contract->link;
	listing->to_s = contract->to_s;
	return 0;
}

int contract_table(
	struct cmd *cmd, struct registry *registry, int64_t link, struct table **ret_table)
{
	struct listing listing = {.cmd = cmd, .registry = registry, .table = table_new(columns)};
	int rc;

	if (!listing.table)
		return err_set(&cmd->err, -ENOMEM, "out of memory");
	rc = registry_contracts(registry, link, put_contract, &listing, &cmd->err);
	if (rc) {
		table_free(listing.table);
		return rc;
	}
	*ret_table = listing.table;
	return 0;
}
