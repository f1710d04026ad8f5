/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/decision_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/civil.h"

static const struct table_column columns[] = {
	{"kind", "Jenis"},
	{"number", "Nomor", TABLE_NUMBER},
	{"what", "Perkara"},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"decision", "Keputusan"},
	{"entered", "Dicatat"},
	{"by", "Oleh"},
	{"note", "Catatan"},
	{"revoked", "Dicabut"},
	{"revoked_by", "oleh"},
	{"revoke_note", "karena"},
	{NULL},
};

struct table *decision_report_new(void)
{
	return table_new(columns);
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s)
		civil_format(utc_s, text);
	table_text(table, text);
}

void decision_report_dismissal(struct table *table, const struct registry_dismissal *row)
{
	table_text(table, "dismissal");
	table_number(table, row->id);
	table_text(table, row->item);
	table_empty(table);
	table_empty(table);
	table_text(table, "dismissed");
	put_time(table, row->entered_s);
	table_text(table, row->by);
	table_text(table, row->note);
	put_time(table, row->revoked_s);
	table_text(table, row->revoked_by);
	table_text(table, row->revoke_note);
}

void decision_report_settlement(struct table *table, const struct registry_settlement *row)
{
	char agent[32];

	snprintf(agent, sizeof(agent), "agent %" PRIu32, row->agent);
	table_text(table, "dispute");
	table_number(table, row->id);
	table_text(table, agent);
	put_time(table, row->from_s);
	put_time(table, row->to_s);
	table_text(table, row->accept);
	put_time(table, row->entered_s);
	table_text(table, row->by);
	table_text(table, row->note);
	put_time(table, row->revoked_s);
	table_text(table, row->revoked_by);
	table_text(table, row->revoke_note);
}
