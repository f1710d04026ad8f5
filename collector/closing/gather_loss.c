/* SPDX-License-Identifier: Apache-2.0 */
/* High-loss intervals: forgiven, and shown beside the outages because villagers feel them. */
#include <errno.h>

#include "collector/closing/gather_private.h"
#include "collector/store/sla_link.h"
#include "common/civil.h"

static const struct table_column columns[] = {
	{"start"},
	{"end"},
	{"link"},
	{"contract"},
	{NULL},
};

struct losses {
	struct scope *scope;
	struct table *table;
};

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	table_text(table, text);
}

/* Those that begin in P, as the row counts them. */
static void put_intervals(const struct losses *losses, const struct registry_contract *contract,
	const struct states *states, const struct month_row *row)
{
	for (size_t i = 0; i < states->high_loss.count; i++) {
		const struct span *interval = &states->high_loss.items[i];

		if (!spans_within(&row->period, interval->from, interval->from + 1))
			continue;
		put_time(losses->table, interval->from);
		put_time(losses->table, interval->to);
		table_number(losses->table, contract->link);
		table_number(losses->table, contract->id);
	}
}

static int put_contract(const struct losses *losses, struct sla_case *sla_case,
	const struct registry_contract *contract)
{
	struct states states;
	struct month_row row;
	int r = sla_case_compute(sla_case, contract, &states, &row, losses->scope->err);

	if (r == -ENODATA)
		return 0;
	if (r < 0)
		return r;
	put_intervals(losses, contract, &states, &row);
	month_row_done(&row);
	states_done(&states);
	return 0;
}

static int put_case(const struct losses *losses, const struct registry_link *link)
{
	const struct gather *gather = losses->scope->gather;
	const struct sla_query query = {.month = gather->month, .as_of_s = gather->span.to};
	struct sla_case sla_case;
	int r = sla_case_load(&sla_case, gather->source, link, &query, losses->scope->err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < sla_case.contract_count; i++)
		r = put_contract(losses, &sla_case, &sla_case.contracts[i]);
	sla_case_done(&sla_case);
	return r;
}

static int add_link(void *arg, const struct registry_link *link)
{
	const struct losses *losses = arg;
	struct ledger_db *ledger = losses->scope->gather->source->ledger;
	int r;

	if (!ledger || !scope_find_link(losses->scope, link->id))
		return 0;
	r = ledger_read_begin(ledger, losses->scope->err);
	if (r < 0)
		return r;
	r = put_case(losses, link);
	ledger_read_end(ledger);
	return r;
}

int gather_losses(struct scope *scope)
{
	struct losses losses = {scope, table_new(columns)};
	int r;

	if (!losses.table)
		return scope_no_memory(scope);
	r = registry_links(scope->gather->source->registry, NULL, add_link, &losses, scope->err);
	return scope_put(scope, TABLE_HIGH_LOSS, losses.table, r);
}
