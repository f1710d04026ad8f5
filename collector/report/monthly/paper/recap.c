/* SPDX-License-Identifier: Apache-2.0 */
/* Recap by kecamatan and desa, the verdict of each link, and the providers side by side. */
#include <stdio.h>

#include "collector/report/monthly/paper/parts.h"

static const char nothing_id[] = "Tidak ada kontrak pada bulan ini.";
static const char nothing_en[] = "There is no contract in this month.";

/* clang-format off */
#define LINKS_COLUMNS \
	{6, "links", NULL, LOOK_PLAIN, NULL, NULL}, \
	{8.5, "links_met", NULL, LOOK_PLAIN, "Memenuhi", "Met"}, \
	{8.5, "links_missed", NULL, LOOK_PLAIN, "Tidak memenuhi", "Missed"}, \
	{8, "links_undecided", NULL, LOOK_PLAIN, "Data tidak cukup", "Undecided"}, \
	{8.5, "links_never", NULL, LOOK_PLAIN, "Belum terdengar", "Never heard"}
#define SHARES_COLUMNS \
	{11.2, "a_low", NULL, LOOK_PLAIN, NULL, NULL}, \
	{11.2, "a_high", NULL, LOOK_PLAIN, NULL, NULL}, \
	{11.2, "coverage", NULL, LOOK_PLAIN, NULL, NULL}
#define TIMES_COLUMNS \
	{9.5, "d", NULL, LOOK_PLAIN, NULL, NULL}, \
	{9.5, "n", NULL, LOOK_PLAIN, NULL, NULL}, \
	{9.5, "e", NULL, LOOK_PLAIN, "E (kecuali)", "E (excluded)"}
#define MONEY_COLUMNS \
	{10.5, "restitution_low", NULL, LOOK_PLAIN, "Restitusi terbukti (Rp)", \
		"Restitution proven (Rp)"}, \
	{10.5, "restitution_high", NULL, LOOK_PLAIN, "Restitusi mungkin (Rp)", \
		"Restitution possible (Rp)"}

static const struct paper_column kecamatan_columns[] = {
	{4, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{18, "kecamatan_name", "kecamatan", LOOK_STRONG, NULL, NULL},
	LINKS_COLUMNS,
	SHARES_COLUMNS,
	TIMES_COLUMNS,
	{12, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	MONEY_COLUMNS,
	{0},
};

static const struct paper_column desa_columns[] = {
	{5, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{16.5, "desa_name", "desa", LOOK_STRONG, NULL, NULL},
	{12, "kecamatan_name", NULL, LOOK_PLAIN, NULL, NULL},
	LINKS_COLUMNS,
	SHARES_COLUMNS,
	TIMES_COLUMNS,
	{8, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	MONEY_COLUMNS,
	{0},
};

static const struct paper_column link_columns[] = {
	{5, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{16.5, "desa_name", "desa", LOOK_STRONG, NULL, NULL},
	{7, "link", "contract", LOOK_PLAIN, "Link / kontrak", "Link / contract"},
	{14, "provider", "kind", LOOK_PLAIN, NULL, NULL},
	{15, "verdict", "speed_verdict", LOOK_VERDICT, "Putusan (di bawahnya: kecepatan)",
		"Verdict (below: speed)"},
	{11.2, "target", NULL, LOOK_PLAIN, NULL, NULL},
	SHARES_COLUMNS,
	TIMES_COLUMNS,
	{9.8, "outages", "longest_s", LOOK_PLAIN, "Gangguan / terlama", "Outages / longest"},
	{10, "fee", NULL, LOOK_PLAIN, "Biaya sebulan (Rp)", "Fee a month (Rp)"},
	MONEY_COLUMNS,
	{0},
};

static const struct paper_column provider_columns[] = {
	{20, "provider", NULL, LOOK_STRONG, NULL, NULL},
	LINKS_COLUMNS,
	SHARES_COLUMNS,
	TIMES_COLUMNS,
	{9.8, "outages", "longest_s", LOOK_PLAIN, "Gangguan / terlama", "Outages / longest"},
	{12, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	MONEY_COLUMNS,
	{0},
};
/* clang-format on */

static void say_order(struct job *job, bool links)
{
	paper_paragraph(job->paper,
		links ? job_pick(job,
				"Terburuk lebih dahulu: menurut putusan, lalu A tertinggi, lalu A "
				"terendah. Satu baris untuk setiap link dan kontrak.",
				"Worst first: by verdict, then A highest, then A lowest. One row a "
				"link and contract.")
		      : job_pick(job,
				"Terburuk lebih dahulu: menurut A tertinggi, lalu A terendah. "
				"Angka kelompok adalah jumlah detik, bukan rata-rata persentase. "
				"Durasi dalam jam:menit:detik; restitusi dalam rupiah.",
				"Worst first: by A highest, then A lowest. Groups are sums of "
				"seconds, not averages of percentages. Durations in "
				"hours:minutes:seconds; restitution in rupiah."));
}

void part_recap(struct job *job)
{
	const char *nothing = job_pick(job, nothing_id, nothing_en);
	const char *const *title = section_titles[SECTION_RECAP];

	job_section(job, true, job_pick(job, title[0], title[1]));
	say_order(job, false);
	paper_subheading(job->paper, job_pick(job, "Per kecamatan", "By kecamatan"));
	job_table(job, TABLE_OF_KECAMATAN, kecamatan_columns, nothing);
	paper_subheading(job->paper, job_pick(job, "Per desa dan kelurahan", "By desa"));
	job_table(job, TABLE_OF_DESA, desa_columns, nothing);
}

void part_links(struct job *job)
{
	const char *const *title = section_titles[SECTION_LINKS];

	job_section(job, true, job_pick(job, title[0], title[1]));
	say_order(job, true);
	job_table(job, TABLE_OF_LINKS, link_columns, job_pick(job, nothing_id, nothing_en));
}

void part_providers(struct job *job)
{
	const char *const *title = section_titles[SECTION_PROVIDERS];

	job_section(job, true, job_pick(job, title[0], title[1]));
	say_order(job, false);
	job_table(job, TABLE_OF_PROVIDERS, provider_columns, job_pick(job, nothing_id, nothing_en));
}
