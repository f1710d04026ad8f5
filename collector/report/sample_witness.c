/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in other records: questions to resolvers, starts. */
#include <stdio.h>

#include "collector/report/sample_report.h"
#include "collector/store/ledger_starts.h"
#include "proto/names.h"

#define US_PER_MS 1000
#define US_PER_S 1000000

/* ---- questions to resolvers */

const struct table_column dns_columns[] = {
	{"at", "Waktu"},
	{"wan"},
	{"resolver"},
	{"question"},
	{"outcome"},
	{"rtt_us", NULL, TABLE_NUMBER},
	{"disputed", "Sengketa"},
	{NULL},
};

static void put_question(struct sample_list *list, int64_t at_us, const struct ledger_slot *row,
	const struct dns *dns)
{
	int64_t at_s = at_us / US_PER_S;

	if (at_s < list->span.from_s || at_s >= list->span.to_s || !sample_row_begin(list, at_us))
		return;
	table_text(list->table, row->slot->wan);
	sample_put_address(list->table, &dns->resolver, 0);
	table_text(list->table, dns_question_name(dns->question));
	table_text(list->table, dns_outcome_name(dns->outcome));
	if (dns->outcome == DNS_TIMEOUT || dns->outcome == DNS_UNSENT)
		table_empty(list->table);
	else
		table_number(list->table, dns->rtt_us);
	sample_put_disputed(list->table, row->disputed);
}

static int put_slot(void *arg, const struct ledger_slot *row)
{
	for (uint16_t i = 0; i < row->slot->dns_count; i++) {
		const struct dns *dns = &row->slot->dns[i];

		put_question(
			arg, row->start_utc_us + dns->offset_ms * (int64_t)US_PER_MS, row, dns);
	}
	return 0;
}

int dns_rows(const struct sample_rows *rows, struct err *err)
{
	return ledger_slots(rows->ledger, &rows->list->span, put_slot, rows->list, err);
}

/* ---- starts */

const struct table_column start_columns[] = {
	{"at", "Waktu"},
	{"why", "Sebab"},
	{"agent", "Agen", TABLE_NUMBER},
	{"run", "Run", TABLE_NUMBER},
	{"software"},
	{"reset"},
	{"boot"},
	{NULL},
};

static int put_start(void *arg, const struct ledger_start *found)
{
	struct sample_list *list = arg;
	char boot[2 * BOOT_BYTES + 1];

	if (!sample_row_begin(list, found->at_us))
		return 0;
	for (size_t i = 0; i < BOOT_BYTES; i++)
		snprintf(boot + 2 * i, 3, "%02x", found->start->boot[i]);
	table_text(list->table, start_word_name(found->word));
	table_number(list->table, found->agent);
	table_number(list->table, found->run);
	table_text(list->table, found->start->software);
	table_text(list->table, reset_name(found->start->reset));
	table_text(list->table, boot);
	return 0;
}

int start_rows(const struct sample_rows *rows, struct err *err)
{
	return ledger_starts(rows->ledger, &rows->list->span, put_start, rows->list, err);
}
