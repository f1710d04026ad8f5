/* SPDX-License-Identifier: Apache-2.0 */
/* Links and sums: the columns of `pantau sla`, with names. */
#include <inttypes.h>
#include <string.h>

#include "collector/report/monthly/grids.h"

/* clang-format off */
#define SECONDS_COLUMNS \
	{"s", GRID_SECONDS, "S (seluruh)", "S (all)"}, \
	{"e", GRID_SECONDS, "E (dikecualikan)", "E (excluded)"}, \
	{"u", GRID_SECONDS, "U (tersedia)", "U (up)"}, \
	{"d", GRID_SECONDS, "D (mati)", "D (down)"}, \
	{"n", GRID_SECONDS, "N (tak tentu)", "N (undetermined)"}, \
	{"a_known", GRID_PERCENT, "A yang diketahui %", "A known %"}, \
	{"a_low", GRID_PERCENT, "A terendah %", "A lowest %"}, \
	{"a_high", GRID_PERCENT, "A tertinggi %", "A highest %"}, \
	{"coverage", GRID_PERCENT, "Cakupan %", "Coverage %"}
#define COUNT_COLUMNS \
	{"outages", GRID_COUNT, "Gangguan", "Outages"}, \
	{"longest_s", GRID_SECONDS, "Gangguan terlama", "Longest outage"}, \
	{"high_loss_intervals", GRID_COUNT, "Selang banyak hilang", "High-loss intervals"}
#define CAUSE_COLUMNS /* in the order of the enums */ \
	{"n_power", GRID_SECONDS, "N listrik", "N power"}, \
	{"n_restart", GRID_SECONDS, "N mulai ulang", "N restart"}, \
	{"n_agent", GRID_SECONDS, "N agen", "N agent"}, \
	{"n_dropped", GRID_SECONDS, "N terbuang", "N dropped"}, \
	{"n_clock", GRID_SECONDS, "N jam", "N clock"}, \
	{"n_local", GRID_SECONDS, "N lokal", "N local"}, \
	{"n_disputed", GRID_SECONDS, "N disengketakan", "N disputed"}, \
	{"n_edge", GRID_SECONDS, "N tepi", "N edge"}, \
	{"n_silent", GRID_SECONDS, "N tanpa kabar", "N silent"}, \
	{"d_local", GRID_SECONDS, "D lokal", "D local"}, \
	{"d_cpe", GRID_SECONDS, "D perangkat", "D cpe"}, \
	{"d_access", GRID_SECONDS, "D akses", "D access"}, \
	{"d_provider", GRID_SECONDS, "D penyedia", "D provider"}, \
	{"d_upstream", GRID_SECONDS, "D hulu", "D upstream"}
#define MONEY_COLUMNS \
	{"restitution_low", GRID_RUPIAH, "Restitusi terbukti (Rp)", "Restitution proven (Rp)"}, \
	{"restitution_high", GRID_RUPIAH, "Restitusi mungkin (Rp)", "Restitution possible (Rp)"}

const struct grid_column links_columns[] = {
	{"period", GRID_TEXT, "Periode", "Period"},
	{"kabupaten", GRID_TEXT, "Kode kabupaten", "Kabupaten code"},
	{"kabupaten_name", GRID_TEXT, "Kabupaten/kota", "Kabupaten or kota"},
	{"kecamatan", GRID_TEXT, "Kode kecamatan", "Kecamatan code"},
	{"kecamatan_name", GRID_TEXT, "Kecamatan", "Kecamatan"},
	{"desa", GRID_TEXT, "Kode desa", "Desa code"},
	{"desa_name", GRID_TEXT, "Desa/kelurahan", "Desa or kelurahan"},
	{"link", GRID_ID, "Link", "Link"},
	{"provider", GRID_TEXT, "Penyedia", "Provider"},
	{"kind", GRID_TEXT, "Jenis", "Kind"},
	{"contract", GRID_ID, "Kontrak", "Contract"},
	{"fee", GRID_RUPIAH, "Biaya sebulan (Rp)", "Fee a month (Rp)"},
	{"kbps_down", GRID_COUNT, "Kontrak unduh kbps", "Contract down kbps"},
	{"kbps_up", GRID_COUNT, "Kontrak unggah kbps", "Contract up kbps"},
	{"verdict", GRID_TEXT, "Putusan", "Verdict"},
	{"speed_verdict", GRID_TEXT, "Putusan kecepatan", "Speed verdict"},
	{"target", GRID_PERCENT, "Target %", "Target %"},
	SECONDS_COLUMNS,
	MONEY_COLUMNS,
	COUNT_COLUMNS,
	CAUSE_COLUMNS,
	{"rtt_median_us", GRID_COUNT, "RTT median (us)", "RTT median (us)"},
	{"rtt_p95_us", GRID_COUNT, "RTT p95 (us)", "RTT p95 (us)"},
	{"loss_ppm", GRID_COUNT, "Paket hilang (ppm)", "Loss (ppm)"},
	{"pdv_p95_us", GRID_COUNT, "PDV p95 (us)", "PDV p95 (us)"},
	{"down_median_kbps", GRID_COUNT, "Unduh median kbps", "Down median kbps"},
	{"up_median_kbps", GRID_COUNT, "Unggah median kbps", "Up median kbps"},
	{"speed_tests", GRID_COUNT, "Uji kecepatan", "Speed tests"},
	{"segment_start", GRID_TIME, "Dihitung sejak", "Counted from"},
	{"segment_end", GRID_TIME, "Dihitung sampai", "Counted to"},
	{"zone", GRID_TEXT, "Zona", "Zone"},
	{"as_of", GRID_TIME, "Keadaan pada", "As of"},
	{"revision", GRID_TEXT, "Status", "Status"},
	{NULL},
};

const struct grid_column sums_columns[] = {
	{"period", GRID_TEXT, "Periode", "Period"},
	{"kecamatan", GRID_TEXT, "Kode kecamatan", "Kecamatan code"},
	{"kecamatan_name", GRID_TEXT, "Kecamatan", "Kecamatan"},
	{"desa", GRID_TEXT, "Kode desa", "Desa code"},
	{"desa_name", GRID_TEXT, "Desa/kelurahan", "Desa or kelurahan"},
	{"provider", GRID_TEXT, "Penyedia", "Provider"},
	{"links", GRID_COUNT, "Link", "Links"},
	{"links_met", GRID_COUNT, "Memenuhi", "Met"},
	{"links_missed", GRID_COUNT, "Tidak memenuhi", "Missed"},
	{"links_undecided", GRID_COUNT, "Data tidak cukup", "Undecided"},
	{"links_never", GRID_COUNT, "Belum pernah terdengar", "Never heard"},
	SECONDS_COLUMNS,
	MONEY_COLUMNS,
	COUNT_COLUMNS,
	CAUSE_COLUMNS,
	{"revision", GRID_TEXT, "Status", "Status"},
	{NULL},
};
/* clang-format on */

static void put_seconds(struct grid *grid, const struct month_row *month)
{
	int64_t judged = month->s - month->e;

	grid_number(grid, month->s);
	grid_number(grid, month->e);
	grid_number(grid, month->u);
	grid_number(grid, month->d);
	grid_number(grid, month->n);
	grid_share(grid, month->u, month->u + month->d);
	grid_share(grid, month->u, judged);
	grid_share(grid, month->u + month->n, judged);
	grid_share(grid, month->u + month->d, judged);
}

static void put_money(struct grid *grid, const struct month_row *month)
{
	grid_number_if(grid, month->has_restitution, month->restitution_low);
	grid_number_if(grid, month->has_restitution, month->restitution_high);
}

static void put_counts(struct grid *grid, const struct month_row *month)
{
	grid_number(grid, month->outages);
	grid_number(grid, month->longest_s);
	grid_number(grid, month->high_loss_intervals);
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		grid_number(grid, month->n_by[i]);
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++)
		grid_number(grid, month->d_by[i]);
}

static void put_figures(struct grid *grid, const struct sla_figures *figures)
{
	grid_number_if(grid, figures->has_rtt, figures->rtt_median_us);
	grid_number_if(grid, figures->has_rtt, figures->rtt_p95_us);
	grid_number_if(grid, figures->has_loss, figures->loss_ppm);
	grid_number_if(grid, figures->has_rtt, figures->pdv_p95_us);
	grid_number_if(grid, figures->has_down, figures->down_median_kbps);
	grid_number_if(grid, figures->has_up, figures->up_median_kbps);
	grid_number(grid, figures->speed_tests);
}

static void put_place(struct grid *grid, const struct report *report, const struct report_row *row)
{
	grid_text(grid, row->sla.period);
	grid_text(grid, report->kabupaten.code);
	grid_text(grid, report->kabupaten.name);
	grid_text(grid, row->sla.kecamatan);
	grid_text(grid, row->kecamatan);
	grid_text(grid, row->sla.desa);
	grid_text(grid, row->desa);
	grid_number(grid, row->sla.link);
	grid_text(grid, row->sla.provider);
	grid_text(grid, row->kind);
}

static void put_contract(struct grid *grid, const struct report_row *row)
{
	const struct sla_row *sla = &row->sla;

	grid_number(grid, sla->contract);
	grid_number_if(grid, row->has_contract, row->fee);
	grid_number_if(grid, row->has_contract, row->kbps_down);
	grid_number_if(grid, row->has_contract, row->kbps_up);
	grid_text(grid, sla->has_verdict ? verdict_name(sla->month.verdict) : "");
	grid_text(grid,
		sla->figures.has_speed_verdict ? verdict_name(sla->figures.speed_verdict) : "");
	if (sla->has_target)
		grid_share(grid, sla->target_ppm, TERMS_PPM);
	else
		grid_empty(grid);
}

void links_fill(const struct report *report, struct grid *grid)
{
	for (size_t i = 0; i < report->links.count; i++) {
		const struct report_row *row = &report->links.items[i];
		const struct month_row *month = &row->sla.month;

		put_place(grid, report, row);
		put_contract(grid, row);
		put_seconds(grid, month);
		put_money(grid, month);
		put_counts(grid, month);
		put_figures(grid, &row->sla.figures);
		grid_time(grid, month->segment_from, row->offset_s);
		grid_time(grid, month->segment_to, row->offset_s);
		grid_text(grid, row->zone);
		grid_time(grid, row->sla.as_of_s, row->offset_s);
		grid_text(grid, report->revision);
	}
}

void sums_fill(const struct report *report, const struct report_rows *rows, struct grid *grid)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct report_row *row = &rows->items[i];
		const struct sla_row *sla = &row->sla;

		grid_text(grid, sla->period);
		grid_text(grid, sla->kecamatan);
		grid_text(grid, row->kecamatan);
		grid_text(grid, sla->desa);
		grid_text(grid, row->desa);
		grid_text(grid, sla->provider);
		grid_number(grid, (int64_t)row->links);
		grid_number(grid, sla->links_met);
		grid_number(grid, sla->links_missed);
		grid_number(grid, sla->links_undecided);
		grid_number(grid, sla->links_never);
		put_seconds(grid, &sla->month);
		put_money(grid, &sla->month);
		put_counts(grid, &sla->month);
		grid_text(grid, report->revision);
	}
}
