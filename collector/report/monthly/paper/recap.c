/* SPDX-License-Identifier: Apache-2.0 */
/* Recap by kecamatan and desa, the verdict of each link, and the providers side by side. */
#include <stdio.h>

#include "collector/report/monthly/paper/parts.h"

static const char nothing_id[] = "Tidak ada kontrak pada bulan ini.";
static const char nothing_en[] = "There is no contract in this month.";

/* clang-format off */
static const struct paper_column kecamatan_columns[] = {
	{3, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{17, "kecamatan_name", "kecamatan", LOOK_STRONG, NULL, NULL},
	{5, "links", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_met", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_missed", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_undecided", NULL, LOOK_PLAIN, NULL, NULL},
	{8, "links_never", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_low", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_high", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "coverage", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "d", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "n", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "e", NULL, LOOK_PLAIN, NULL, NULL},
	{10, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	{10, "restitution_low", NULL, LOOK_PLAIN, NULL, NULL},
	{10, "restitution_high", NULL, LOOK_PLAIN, NULL, NULL},
	{0},
};

static const struct paper_column desa_columns[] = {
	{3.5, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{17, "desa_name", "desa", LOOK_STRONG, NULL, NULL},
	{12, "kecamatan_name", NULL, LOOK_PLAIN, NULL, NULL},
	{5, "links", NULL, LOOK_PLAIN, NULL, NULL},
	{7.5, "links_met", "links_missed", LOOK_PLAIN, "Memenuhi / tidak", "Met / missed"},
	{9, "links_undecided", "links_never", LOOK_PLAIN, "Data tak cukup / tak terdengar",
		"Undecided / never heard"},
	{9, "a_low", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_high", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "coverage", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "d", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "n", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "e", NULL, LOOK_PLAIN, NULL, NULL},
	{10, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	{10, "restitution_low", NULL, LOOK_PLAIN, NULL, NULL},
	{10, "restitution_high", NULL, LOOK_PLAIN, NULL, NULL},
	{0},
};

static const struct paper_column link_columns[] = {
	{3.5, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{16, "desa_name", "desa", LOOK_STRONG, NULL, NULL},
	{5, "link", "contract", LOOK_PLAIN, "Link / kontrak", "Link / contract"},
	{14, "provider", "kind", LOOK_PLAIN, NULL, NULL},
	{14, "verdict", "speed_verdict", LOOK_VERDICT, "Putusan (kecepatan di bawahnya)",
		"Verdict (speed below)"},
	{9, "target", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_low", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_high", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "coverage", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "d", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "n", NULL, LOOK_PLAIN, NULL, NULL},
	{8.5, "e", NULL, LOOK_PLAIN, NULL, NULL},
	{8, "outages", "longest_s", LOOK_PLAIN, "Gangguan / terlama", "Outages / longest"},
	{10, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	{10, "fee", NULL, LOOK_PLAIN, NULL, NULL},
	{11, "restitution_low", "restitution_high", LOOK_PLAIN,
		"Restitusi terbukti / mungkin (Rp)", "Restitution proven / possible (Rp)"},
	{0},
};

static const struct paper_column provider_columns[] = {
	{20, "provider", NULL, LOOK_STRONG, NULL, NULL},
	{5, "links", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_met", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_missed", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "links_undecided", NULL, LOOK_PLAIN, NULL, NULL},
	{8, "links_never", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_low", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "a_high", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "coverage", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "d", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "n", NULL, LOOK_PLAIN, NULL, NULL},
	{7, "outages", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "longest_s", NULL, LOOK_PLAIN, NULL, NULL},
	{14, NULL, NULL, LOOK_BAR, "Waktu", "Time"},
	{10, "restitution_low", NULL, LOOK_PLAIN, NULL, NULL},
	{10, "restitution_high", NULL, LOOK_PLAIN, NULL, NULL},
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
