/* SPDX-License-Identifier: Apache-2.0 */
/* Berita Acara: what people sign. Names, NIP, day and place are theirs to write. */
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/paper/parts.h"

#define SIGNATURE_HEIGHT 112.0
#define TEXT_BYTES 800
#define DOTS "........................................"

/* clang-format off */
static const struct paper_column columns[] = {
	{4, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{22, "provider", NULL, LOOK_STRONG, NULL, NULL},
	{7, "links", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "links_met", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "links_missed", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "links_undecided", NULL, LOOK_PLAIN, NULL, NULL},
	{13, "restitution_low", NULL, LOOK_PLAIN, NULL, NULL},
	{13, "restitution_high", NULL, LOOK_PLAIN, NULL, NULL},
	{0},
};
/* clang-format on */

static void draw_title(struct job *job)
{
	struct paper_block block = paper_wide(job->paper, STYLE_H2);
	char month[SAY_BYTES], text[TEXT_BYTES];

	block.align = ALIGN_CENTER;
	snprintf(text, sizeof(text),
		job_pick(job, "BERITA ACARA HASIL PENGUKURAN LAYANAN INTERNET DESA\n%s, %s",
			"MINUTES OF THE MEASUREMENT OF THE VILLAGES' INTERNET\n%s, %s"),
		job->report->kabupaten.name, say_month(&job->say, job->report->month, month));
	paper_text(job->paper, "P", &block, text);
	block.style = STYLE_BODY;
	snprintf(text, sizeof(text), "%s: %.300s", job_pick(job, "Nomor", "Number"), job->number);
	paper_text(job->paper, "P", &block, text);
	job->paper->y += 10;
}

static void draw_preamble(struct job *job)
{
	char text[TEXT_BYTES];

	paper_paragraph(job->paper,
		job_pick(job,
			"Pada hari ini, " DOTS ", tanggal " DOTS ", bertempat di " DOTS
			", yang bertanda tangan di bawah ini menyatakan telah memeriksa hasil "
			"pengukuran layanan internet desa sebagaimana dimuat dalam laporan ini.",
			"On this day, " DOTS ", date " DOTS ", at " DOTS
			", the undersigned state that they have examined the measurement of the "
			"villages' internet as this report has it."));
	if (job->report->closed)
		snprintf(text, sizeof(text),
			job_pick(job, "Dasar: bulan yang ditutup, %s, dengan SHA-256\n%s",
				"Basis: the closed month, %s, with SHA-256\n%s"),
			job->report->revision, job->report->issue.hash);
	else
		snprintf(text, sizeof(text), "%s",
			job_pick(job,
				"SEMENTARA: bulan ini belum ditutup. Berita Acara ini belum untuk "
				"ditandatangani.",
				"PROVISIONAL: this month is not closed. These minutes are not to "
				"be signed yet."));
	paper_paragraph(job->paper, text);
}

static void draw_amount(struct job *job, const char *label, int64_t rupiah)
{
	char number[SAY_BYTES], words[TERBILANG_BYTES], text[TEXT_BYTES];

	snprintf(text, sizeof(text), "%s: %s\n(%s rupiah)", label,
		say_rupiah(&job->say, rupiah, number), say_terbilang(rupiah, words));
	paper_paragraph(job->paper, text);
}

static void draw_amounts(struct job *job)
{
	const struct month_row *month = &job->report->total.sla.month;

	job_table(job, TABLE_OF_PROVIDERS, columns,
		job_pick(job, "Tidak ada kontrak pada bulan ini.",
			"There is no contract in this month."));
	draw_amount(job,
		job_pick(job, "Restitusi terbukti seluruhnya", "Restitution proven, in all"),
		month->restitution_low);
	if (month->restitution_high != month->restitution_low)
		draw_amount(job,
			job_pick(job,
				"Restitusi mungkin seluruhnya, bila seluruh waktu tak tentu mati",
				"Restitution possible, in all"),
			month->restitution_high);
	paper_paragraph(job->paper,
		job_pick(job,
			"Demikian Berita Acara ini dibuat dengan sebenarnya, untuk dipergunakan "
			"sebagaimana mestinya.",
			"Made truthfully, to be used as is proper."));
}

/* ---- signatures: two a line */

struct signer {
	const char *role, *of;
	bool officer; /* has a NIP */
};

static void draw_signer(struct job *job, const struct signer *signer, double x, double width)
{
	struct paper *paper = job->paper;
	struct paper_block block = {x, width, STYLE_BODY, ALIGN_CENTER, COLOUR_INK};
	double y = paper->y;

	paper_tag(paper, "P");
	y += paper_draw(paper, &block, y, signer->role);
	block.style = STYLE_BOLD;
	paper_draw(paper, &block, y, signer->of);
	block.style = STYLE_BODY;
	y = paper->y + SIGNATURE_HEIGHT - 34;
	y += paper_draw(paper, &block, y, DOTS);
	paper_draw(paper, &block, y,
		signer->officer ? "NIP " DOTS : job_pick(job, "Jabatan " DOTS, "Position " DOTS));
	paper_untag(paper, "P");
}

static void draw_place(struct job *job)
{
	struct paper *paper = job->paper;
	struct paper_block block = paper_wide(paper, STYLE_BODY);
	const char *city = job->letterhead->city;
	char text[TEXT_BYTES];

	block.align = ALIGN_RIGHT;
	snprintf(text, sizeof(text), "%s, " DOTS, *city ? city : DOTS);
	paper_text(paper, "P", &block, text);
	paper->y += 10;
}

static void draw_signers(struct job *job)
{
	const struct report *report = job->report;
	struct paper *paper = job->paper;
	double width = (paper_room(paper) - 20) / 2;
	size_t count = report->providers.count + 2;

	for (size_t i = 0; i < count; i++) {
		struct signer signer = {
			job_pick(job, "Pejabat Pembuat Komitmen", "Commitment officer"),
			report->kabupaten.name, true};

		if (i == 1)
			signer.role = job_pick(job, "Pemeriksa hasil pekerjaan", "Examiner");
		if (i >= 2)
			signer = (struct signer){job_pick(job, "Penyedia", "Provider"),
				report->providers.items[i - 2].sla.provider, false};
		if (i % 2 == 0)
			paper_need(paper, SIGNATURE_HEIGHT);
		draw_signer(job, &signer, paper->left + (width + 20) * (double)(i % 2), width);
		if (i % 2 || i + 1 == count)
			paper->y += SIGNATURE_HEIGHT + 8;
	}
}

void part_minutes(struct job *job)
{
	const char *const *title = section_titles[SECTION_MINUTES];

	job_section(job, false, job_pick(job, title[0], title[1]));
	draw_title(job);
	draw_preamble(job);
	draw_amounts(job);
	draw_place(job);
	draw_signers(job);
}
