/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/outage_report.h"

#include <stdio.h>

#include "collector/report/sla_report.h"
#include "common/civil.h"

#define US_PER_S 1000000

static const struct table_column columns[] = {
	{"start"},
	{"end"},
	{"first_lost"},
	{"first_answered"},
	{"cause"},
	{"link", NULL, TABLE_NUMBER},
	{"desa"},
	{"provider"},
	{"contract", NULL, TABLE_NUMBER},
	{"d", NULL, TABLE_NUMBER},
	{"n", NULL, TABLE_NUMBER},
	{"note"},
	{"ttr_min_s", NULL, TABLE_NUMBER},
	{"ttr_max_s", NULL, TABLE_NUMBER},
	{"ticket"},
	{"ticket_opened"},
	{"ticket_ttr_min_s", NULL, TABLE_NUMBER},
	{"ticket_ttr_max_s", NULL, TABLE_NUMBER},
	{"objection"},
	{NULL},
};

static const struct table_column text_columns[] = {
	{"start", "Mulai"},
	{"end", "Selesai"},
	{"zone", "Zona"},
	{"d", "Mati", TABLE_NUMBER},
	{"d_n", "paling lama", TABLE_NUMBER},
	{"cause", "Sebab"},
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"name", "Nama"},
	{"provider", "Penyedia"},
	{"note", "Catatan"},
	{"ticket", "Tiket"},
	{"objection", "Keberatan"},
	{NULL},
};

static void put_evidence(struct table *table, int64_t utc_us)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_us)
		civil_format(utc_us / US_PER_S, text);
	table_text(table, text);
}

/* An interval, where the outage has ended. */
static void put_ttr(struct table *table, const struct ttr *ttr, bool known)
{
	if (known) {
		table_number(table, ttr->shortest_s);
		table_number(table, ttr->longest_s);
	} else {
		table_empty(table);
		table_empty(table);
	}
}

static void put_papers(struct table *table, const struct sla_outage *outage)
{
	const struct sla_papers *papers = &outage->papers;
	char opened[CIVIL_TIME_BYTES] = "";

	if (papers->ticket[0])
		civil_format(papers->ticket_opened_s, opened);
	put_ttr(table, &outage->ttr, !outage->running);
	table_text(table, papers->ticket);
	table_text(table, opened);
	put_ttr(table, &outage->ticket_ttr, papers->ticket[0] && !outage->running);
	table_text(table, papers->objections);
}

struct table *outage_report_new(void)
{
	return table_new(columns);
}

void outage_report_add(struct table *table, const struct sla_outage *outage)
{
	char start[CIVIL_TIME_BYTES], end[CIVIL_TIME_BYTES] = "";

	civil_format(outage->start_s, start);
	if (!outage->running)
		civil_format(outage->end_s, end);
	table_text(table, start);
	table_text(table, end);
	put_evidence(table, outage->first_lost_us);
	put_evidence(table, outage->first_answered_us);
	table_text(table, down_cause_name(outage->cause));
	table_number(table, outage->link);
	table_text(table, outage->desa);
	table_text(table, outage->provider);
	table_number(table, outage->contract);
	table_number(table, outage->d_s);
	table_number(table, outage->n_s);
	table_text(table, sla_outage_note(outage));
	put_papers(table, outage);
}

struct table *outage_report_text_new(void)
{
	return table_new(text_columns);
}

void outage_report_text_add(struct table *table, const struct sla_outage *outage,
	const struct registry_link *link, const char *name)
{
	char start[CIVIL_TIME_BYTES], end[CIVIL_TIME_BYTES] = "-";
	char down[DURATION_BYTES], longest[DURATION_BYTES];

	civil_format_local(outage->start_s, link->offset_s, start);
	if (!outage->running)
		civil_format_local(outage->end_s, link->offset_s, end);
	duration_format(outage->d_s, down);
	duration_format(outage->d_s + outage->n_s, longest);
	table_text(table, start);
	table_text(table, end);
	table_text(table, link->zone);
	table_text(table, down);
	table_text(table, longest);
	table_text(table, down_cause_name(outage->cause));
	table_number(table, outage->link);
	table_text(table, outage->desa);
	table_text(table, name);
	table_text(table, outage->provider);
	table_text(table, sla_outage_note(outage));
	table_text(table, outage->papers.ticket);
	table_text(table, outage->papers.objections);
}
