/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/sla_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/civil.h"

/* clang-format off: one line a group of columns, as the columns are documented */
#define LINK_COLUMNS                                                                              \
	{"period"}, {"as_of"}, {"link", NULL, TABLE_NUMBER}, {"desa"}, {"kecamatan"},             \
		{"kabupaten"}, {"provider"}, {"contract", NULL, TABLE_NUMBER}, {"segment_start"}, \
	{                                                                                         \
		"segment_end"                                                                     \
	}
#define FIGURE_COLUMNS                                                                        \
	{"s", NULL, TABLE_NUMBER}, {"e", NULL, TABLE_NUMBER}, {"u", NULL, TABLE_NUMBER},      \
		{"d", NULL, TABLE_NUMBER}, {"n", NULL, TABLE_NUMBER},                         \
		{"a_known", NULL, TABLE_NUMBER}, {"a_low", NULL, TABLE_NUMBER},               \
		{"a_high", NULL, TABLE_NUMBER}, {"coverage", NULL, TABLE_NUMBER},             \
		{"target", NULL, TABLE_NUMBER}, {"verdict"}, {"outages", NULL, TABLE_NUMBER}, \
		{"longest_s", NULL, TABLE_NUMBER},                                            \
	{                                                                                     \
		"high_loss_intervals", NULL, TABLE_NUMBER                                     \
	}
#define CAUSE_COLUMNS                                                               \
	{"n_power", NULL, TABLE_NUMBER}, {"n_restart", NULL, TABLE_NUMBER},         \
		{"n_agent", NULL, TABLE_NUMBER}, {"n_dropped", NULL, TABLE_NUMBER}, \
		{"n_clock", NULL, TABLE_NUMBER}, {"n_local", NULL, TABLE_NUMBER},   \
		{"n_disputed", NULL, TABLE_NUMBER}, {"n_edge", NULL, TABLE_NUMBER}, \
		{"n_silent", NULL, TABLE_NUMBER}, {"d_local", NULL, TABLE_NUMBER},  \
		{"d_cpe", NULL, TABLE_NUMBER}, {"d_access", NULL, TABLE_NUMBER},    \
		{"d_provider", NULL, TABLE_NUMBER},                                 \
	{                                                                           \
		"d_upstream", NULL, TABLE_NUMBER                                    \
	}
#define QUALITY_COLUMNS                                                                           \
	{"rtt_median_us", NULL, TABLE_NUMBER}, {"rtt_p95_us", NULL, TABLE_NUMBER},                \
		{"loss_ppm", NULL, TABLE_NUMBER}, {"pdv_p95_us", NULL, TABLE_NUMBER},             \
		{"down_median_kbps", NULL, TABLE_NUMBER}, {"up_median_kbps", NULL, TABLE_NUMBER}, \
		{"speed_tests", NULL, TABLE_NUMBER}, {"restitution_low", NULL, TABLE_NUMBER},     \
		{"restitution_high", NULL, TABLE_NUMBER},                                         \
	{                                                                                         \
		"revision"                                                                        \
	}
#define GROUP_COLUMNS                                                            \
	{"links_met", NULL, TABLE_NUMBER}, {"links_missed", NULL, TABLE_NUMBER}, \
		{"links_undecided", NULL, TABLE_NUMBER},                         \
	{                                                                        \
		"links_never", NULL, TABLE_NUMBER                                \
	}
/* clang-format on */

static const struct table_column link_columns[] = {
	LINK_COLUMNS, FIGURE_COLUMNS, CAUSE_COLUMNS, QUALITY_COLUMNS, {NULL}};
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
	table_empty(table); /* no speed test is known: no median */
	table_empty(table);
	table_number(table, figures->speed_tests);
	put_if(table, row->month.has_restitution, row->month.restitution_low);
	put_if(table, row->month.has_restitution, row->month.restitution_high);
	table_text(table, row->revision);
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
