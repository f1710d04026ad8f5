/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/sla_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/civil.h"

/* The columns as the manual names them, a line or two a group. */
/* clang-format off */
#define TEXT(key) {key}
#define NUMBER(key) {key, NULL, TABLE_NUMBER}

#define LINK_COLUMNS \
	TEXT("period"), TEXT("as_of"), NUMBER("link"), TEXT("desa"), TEXT("kecamatan"), \
	TEXT("kabupaten"), TEXT("provider"), NUMBER("contract"), TEXT("segment_start"), \
	TEXT("segment_end")
#define FIGURE_COLUMNS \
	NUMBER("s"), NUMBER("e"), NUMBER("u"), NUMBER("d"), NUMBER("n"), \
	NUMBER("a_known"), NUMBER("a_low"), NUMBER("a_high"), NUMBER("coverage"), \
	NUMBER("target"), TEXT("verdict"), NUMBER("outages"), NUMBER("longest_s"), \
	NUMBER("high_loss_intervals")
#define CAUSE_COLUMNS /* in the order of the enums */ \
	NUMBER("n_power"), NUMBER("n_restart"), NUMBER("n_agent"), NUMBER("n_dropped"), \
	NUMBER("n_clock"), NUMBER("n_local"), NUMBER("n_disputed"), NUMBER("n_edge"), \
	NUMBER("n_silent"), \
	NUMBER("d_local"), NUMBER("d_cpe"), NUMBER("d_access"), NUMBER("d_provider"), \
	NUMBER("d_upstream")
#define QUALITY_COLUMNS \
	NUMBER("rtt_median_us"), NUMBER("rtt_p95_us"), NUMBER("loss_ppm"), NUMBER("pdv_p95_us"), \
	NUMBER("down_median_kbps"), NUMBER("up_median_kbps"), NUMBER("speed_tests"), \
	NUMBER("restitution_low"), NUMBER("restitution_high"), TEXT("revision")
#define GROUP_COLUMNS \
	NUMBER("links_met"), NUMBER("links_missed"), NUMBER("links_undecided"), \
	NUMBER("links_never")
#define ISSUED_COLUMNS TEXT("speed_verdict")
/* clang-format on */

static const struct table_column link_columns[] = {
	LINK_COLUMNS, FIGURE_COLUMNS, CAUSE_COLUMNS, QUALITY_COLUMNS, {NULL}};
static const struct table_column link_issued_columns[] = {
	LINK_COLUMNS, FIGURE_COLUMNS, CAUSE_COLUMNS, QUALITY_COLUMNS, ISSUED_COLUMNS, {NULL}};
static const struct table_column group_columns[] = {
	LINK_COLUMNS, FIGURE_COLUMNS, CAUSE_COLUMNS, QUALITY_COLUMNS, GROUP_COLUMNS, {NULL}};

static const struct table_column link_text_columns[] = {
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"name", "Nama"},
	{"provider", "Penyedia"},
	{"contract", "Kontrak", TABLE_NUMBER},
	{"a_low", "A min %", TABLE_NUMBER},
	{"a_high", "A maks %", TABLE_NUMBER},
	{"target", "Target %", TABLE_NUMBER},
	{"verdict", "Putusan"},
	{"speed", "Kecepatan"},
	{"d", "Mati", TABLE_NUMBER},
	{"n", "Tak tentu", TABLE_NUMBER},
	{"e", "Kecuali", TABLE_NUMBER},
	{"outages", "Gangguan", TABLE_NUMBER},
	{"restitution_low", "Rp terbukti", TABLE_NUMBER},
	{"restitution_high", "Rp mungkin", TABLE_NUMBER},
	{"revision", "Status"},
	{NULL},
};

static const struct table_column group_text_columns[] = {
	{"key", "Kelompok"},
	{"name", "Nama"},
	{"a_low", "A min %", TABLE_NUMBER},
	{"a_high", "A maks %", TABLE_NUMBER},
	{"d", "Mati", TABLE_NUMBER},
	{"n", "Tak tentu", TABLE_NUMBER},
	{"e", "Kecuali", TABLE_NUMBER},
	{"links_met", "Memenuhi", TABLE_NUMBER},
	{"links_missed", "Tidak memenuhi", TABLE_NUMBER},
	{"links_undecided", "Data tidak cukup", TABLE_NUMBER},
	{"links_never", "Belum pernah", TABLE_NUMBER},
	{"restitution_low", "Rp terbukti", TABLE_NUMBER},
	{"restitution_high", "Rp mungkin", TABLE_NUMBER},
	{"revision", "Status"},
	{NULL},
};

void rupiah_format(int64_t rupiah, char ret_text[RUPIAH_BYTES])
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRId64, rupiah), out = 0;

	for (int i = 0; i < length; i++) {
		ret_text[out++] = digits[i];
		if ((length - 1 - i) % 3 == 0 && i + 1 < length && digits[i] != '-')
			ret_text[out++] = '.';
	}
	ret_text[out] = '\0';
}

void duration_format(int64_t seconds, char ret_text[DURATION_BYTES])
{
	snprintf(ret_text, DURATION_BYTES, "%" PRId64 ":%02d:%02d", seconds / 3600,
		(int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void put_id(struct table *table, int64_t id)
{
	if (id)
		table_number(table, id);
	else
		table_empty(table);
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	table_text(table, text);
}

static void put_percent(struct table *table, int64_t part, int64_t whole)
{
	char text[MONTH_PERCENT_BYTES];

	month_percent(part, whole, text);
	table_text(table, text);
}

static void put_target(struct table *table, const struct sla_row *row)
{
	put_percent(table, row->target_ppm, row->has_target ? TERMS_PPM : 0);
}

static void put_if(struct table *table, bool known, int64_t value)
{
	if (known)
		table_number(table, value);
	else
		table_empty(table);
}

static void put_link(struct table *table, enum sla_by by, const struct sla_row *row)
{
	table_text(table, row->period);
	put_time(table, row->as_of_s);
	put_id(table, row->link);
	table_text(table, row->desa);
	table_text(table, row->kecamatan);
	table_text(table, row->kabupaten);
	table_text(table, row->provider);
	put_id(table, row->contract);
	if (by == SLA_BY_LINK) {
		put_time(table, row->month.segment_from);
		put_time(table, row->month.segment_to);
	} else {
		table_empty(table);
		table_empty(table);
	}
}

static void put_figures(struct table *table, const struct sla_row *row)
{
	const struct month_row *month = &row->month;
	int64_t judged = month->s - month->e;

	table_number(table, month->s);
	table_number(table, month->e);
	table_number(table, month->u);
	table_number(table, month->d);
	table_number(table, month->n);
	put_percent(table, month->u, month->u + month->d);
	put_percent(table, month->u, judged);
	put_percent(table, month->u + month->n, judged);
	put_percent(table, month->u + month->d, judged);
	put_target(table, row);
	table_text(table, row->has_verdict ? verdict_name(month->verdict) : "");
	table_number(table, month->outages);
	table_number(table, month->longest_s);
	table_number(table, month->high_loss_intervals);
}

static void put_causes(struct table *table, const struct month_row *month)
{
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		table_number(table, month->n_by[i]);
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++)
		table_number(table, month->d_by[i]);
}

static void put_quality(struct table *table, const struct sla_row *row)
{
	const struct sla_figures *figures = &row->figures;

	put_if(table, figures->has_rtt, figures->rtt_median_us);
	put_if(table, figures->has_rtt, figures->rtt_p95_us);
	put_if(table, figures->has_loss, figures->loss_ppm);
	put_if(table, figures->has_rtt, figures->pdv_p95_us);
	put_if(table, figures->has_down, figures->down_median_kbps);
	put_if(table, figures->has_up, figures->up_median_kbps);
	table_number(table, figures->speed_tests);
	put_if(table, row->month.has_restitution, row->month.restitution_low);
	put_if(table, row->month.has_restitution, row->month.restitution_high);
	table_text(table, row->revision);
}

static void put_speed(struct table *table, const struct sla_figures *figures)
{
	table_text(table, figures->has_speed_verdict ? verdict_name(figures->speed_verdict) : "");
}

struct table *sla_report_new(enum sla_by by)
{
	return table_new(by == SLA_BY_LINK ? link_columns : group_columns);
}

void sla_report_add(struct table *table, enum sla_by by, const struct sla_row *row)
{
	put_link(table, by, row);
	put_figures(table, row);
	put_causes(table, &row->month);
	put_quality(table, row);
	if (by == SLA_BY_LINK)
		return;
	table_number(table, row->links_met);
	table_number(table, row->links_missed);
	table_number(table, row->links_undecided);
	table_number(table, row->links_never);
}

struct table *sla_report_issued_new(enum sla_by by)
{
	return table_new(by == SLA_BY_LINK ? link_issued_columns : group_columns);
}

void sla_report_issued_add(struct table *table, enum sla_by by, const struct sla_row *row)
{
	sla_report_add(table, by, row);
	if (by == SLA_BY_LINK)
		put_speed(table, &row->figures);
}

struct table *sla_report_text_new(enum sla_by by)
{
	return table_new(by == SLA_BY_LINK ? link_text_columns : group_text_columns);
}

static void put_duration(struct table *table, int64_t seconds)
{
	char text[DURATION_BYTES];

	duration_format(seconds, text);
	table_text(table, text);
}

static void put_rupiah(struct table *table, bool known, int64_t rupiah)
{
	char text[RUPIAH_BYTES] = "-";

	if (known)
		rupiah_format(rupiah, text);
	table_text(table, text);
}

static const char *group_key(enum sla_by by, const struct sla_row *row)
{
	switch (by) {
	case SLA_BY_LINK:
	case SLA_BY_DESA: return row->desa;
	case SLA_BY_KECAMATAN: return row->kecamatan;
	case SLA_BY_KABUPATEN: return row->kabupaten;
	case SLA_BY_PROVIDER: return row->provider;
	}
	return "";
}

static void put_text_link(struct table *table, const struct sla_row *row, const char *name)
{
	table_number(table, row->link);
	table_text(table, row->desa);
	table_text(table, name);
	table_text(table, row->provider);
	table_number(table, row->contract);
}

static void put_bounds(struct table *table, const struct month_row *month)
{
	put_percent(table, month->u, month->s - month->e);
	put_percent(table, month->u + month->n, month->s - month->e);
}

static void put_durations(struct table *table, const struct month_row *month)
{
	put_duration(table, month->d);
	put_duration(table, month->n);
	put_duration(table, month->e);
}

void sla_report_text_add(
	struct table *table, enum sla_by by, const struct sla_row *row, const char *name)
{
	const struct month_row *month = &row->month;

	if (by == SLA_BY_LINK) {
		put_text_link(table, row, name);
		put_bounds(table, month);
		put_target(table, row);
		table_text(table, row->has_verdict ? verdict_name(month->verdict) : "");
		put_speed(table, &row->figures);
		put_durations(table, month);
		table_number(table, month->outages);
	} else {
		table_text(table, group_key(by, row));
		table_text(table, name);
		put_bounds(table, month);
		put_durations(table, month);
		table_number(table, row->links_met);
		table_number(table, row->links_missed);
		table_number(table, row->links_undecided);
		table_number(table, row->links_never);
	}
	put_rupiah(table, month->has_restitution, month->restitution_low);
	put_rupiah(table, month->has_restitution, month->restitution_high);
	table_text(table, row->revision);
}
