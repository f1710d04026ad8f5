/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/claims.h"
#include "collector/report/sla_report.h"
#include "common/civil.h"

static const struct table_column columns[] = {
	{"state"},
	{"link", NULL, TABLE_NUMBER},
	{"desa"},
	{"provider"},
	{"contract", NULL, TABLE_NUMBER},
	{"start"},
	{"end"},
	{"cause"},
	{"d", NULL, TABLE_NUMBER},
	{"n", NULL, TABLE_NUMBER},
	{"claim_days", NULL, TABLE_NUMBER},
	{"window_start"},
	{"window_end"},
	{"days_left", NULL, TABLE_NUMBER},
	{"seconds_left", NULL, TABLE_NUMBER},
	{"told", NULL, TABLE_NUMBER},
	{"told_when"},
	{"told_by"},
	{"told_note"},
	{NULL},
};

static const struct table_column text_columns[] = {
	{"state", "Status"},
	{"days_left", "Sisa hari", TABLE_NUMBER},
	{"window_end", "Batas klaim (UTC)"},
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"provider", "Penyedia"},
	{"start", "Mulai"},
	{"end", "Selesai"},
	{"d", "Mati", TABLE_NUMBER},
	{"cause", "Sebab"},
	{"told", "Diberitahukan"},
	{"told_by", "oleh"},
	{NULL},
};

static const char *state_word(enum claim_state state)
{
	static const char *const words[] = {
		[CLAIM_OVERDUE] = "LEWAT",
		[CLAIM_OPEN] = "belum",
		[CLAIM_RUNNING] = "masih berlangsung",
		[CLAIM_TOLD] = "sudah",
		[CLAIM_TOLD_LATE] = "sudah, terlambat",
	};

	return words[state];
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s && utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

static void put_local(struct table *table, int64_t utc_s, int32_t offset_s)
{
	char text[CIVIL_TIME_BYTES] = "-";

	if (utc_s && utc_s != SPAN_FOREVER)
		civil_format_local(utc_s, offset_s, text);
	table_text(table, text);
}

/* Of a window that has an end, and that still matters. */
static bool counts_down(const struct claim *claim)
{
	return claim->state == CLAIM_OPEN || claim->state == CLAIM_OVERDUE;
}

struct table *claims_table_new(void)
{
	return table_new(columns);
}

static void put_outage(struct table *table, const struct sla_outage *outage)
{
	table_number(table, outage->link);
	table_text(table, outage->desa);
	table_text(table, outage->provider);
	table_number(table, outage->contract);
	put_time(table, outage->start_s);
	put_time(table, outage->running ? SPAN_FOREVER : outage->end_s);
	table_text(table, down_cause_name(outage->cause));
	table_number(table, outage->d_s);
	table_number(table, outage->n_s);
}

static void put_left(struct table *table, const struct claim *claim, int64_t now_s)
{
	if (counts_down(claim)) {
		table_number(table, claim_days_left(claim, now_s));
		table_number(table, claim->window_to_s - now_s);
	} else {
		table_empty(table);
		table_empty(table);
	}
}

void claims_table_add(struct table *table, const struct claim *claim, int64_t now_s)
{
	table_text(table, claim_state_name(claim->state));
	put_outage(table, &claim->outage);
	table_number(table, claim->claim_days);
	put_time(table, claim->window_from_s);
	put_time(table, claim->window_to_s);
	put_left(table, claim, now_s);
	if (claim->told.id)
		table_number(table, claim->told.id);
	else
		table_empty(table);
	put_time(table, claim->told.told_s);
	table_text(table, claim->told.by);
	table_text(table, claim->told.note);
}

struct table *claims_text_new(void)
{
	return table_new(text_columns);
}

void claims_text_add(struct table *table, const struct claim *claim, int64_t now_s)
{
	const struct sla_outage *outage = &claim->outage;
	char down[DURATION_BYTES];

	duration_format(outage->d_s, down);
	table_text(table, state_word(claim->state));
	if (counts_down(claim))
		table_number(table, claim_days_left(claim, now_s));
	else
		table_empty(table);
	put_time(table, claim->window_to_s);
	table_number(table, outage->link);
	table_text(table, outage->desa);
	table_text(table, outage->provider);
	put_local(table, outage->start_s, claim->offset_s);
	put_local(table, outage->running ? SPAN_FOREVER : outage->end_s, claim->offset_s);
	table_text(table, down);
	table_text(table, down_cause_name(outage->cause));
	put_local(table, claim->told.told_s, claim->offset_s);
	table_text(table, claim->told.by);
}
