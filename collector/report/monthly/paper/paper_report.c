/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/paper/paper_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/clean.h"
#include "collector/report/monthly/paper/parts.h"

#define HASH_SHORT 16 /* digits by which a person names a document */

const char *const section_titles[][2] = {
	[SECTION_DEFINITIONS] = {"Definisi dan aturan kontrak", "Definitions and contract rules"},
	[SECTION_RECAP] = {"Rekapitulasi kecamatan dan desa", "Recap by kecamatan and desa"},
	[SECTION_LINKS] = {"Putusan per link dan kontrak", "Verdict by link and contract"},
	[SECTION_PROVIDERS] = {"Perbandingan penyedia", "Comparison of providers"},
	[SECTION_OUTAGES] = {"Lampiran A. Gangguan", "Annex A. Outages"},
	[SECTION_EXCLUSIONS] = {"Lampiran B. Pengecualian", "Annex B. Exclusions"},
	[SECTION_QUESTIONS] = {"Lampiran C. Pertanyaan terbuka", "Annex C. Open questions"},
	[SECTION_MINUTES] = {"Berita Acara", "Minutes (Berita Acara)"},
};

const char *job_pick(const struct job *job, const char *id, const char *en)
{
	return job->say.language == REPORT_ID ? id : en;
}

void job_section(struct job *job, bool landscape, const char *title)
{
	paper_page(job->paper, landscape);
	if (job->paper->section < SECTIONS_MAX)
		job->section_pages[job->paper->section] = job->paper->page;
	paper_heading(job->paper, title);
}

void job_table(struct job *job, enum grid_table table, const struct paper_column *columns,
	const char *nothing)
{
	const struct grid *grid = &job->grids[table];
	const struct table_view view = {grid, columns, NULL, grid_rows(grid), job->say};

	if (grid_rows(grid))
		table_draw(job->paper, &view);
	else
		paper_paragraph(job->paper, nothing);
}

/* ---- words */

struct writing { /* a text with places to be filled in */
	char *out;
	size_t room;
};

static void put(struct writing *writing, const char *text, size_t length)
{
	if (length >= writing->room)
		length = writing->room - 1;
	memcpy(writing->out, text, length);
	writing->out += length;
	writing->room -= length;
	*writing->out = '\0';
}

/* "{nomor}/PANTAU/{kode}/{bulan}/{tahun}" */
static void write_number(struct job *job)
{
	const struct report *report = job->report;
	const char *at = *job->letterhead->number ? job->letterhead->number : LETTERHEAD_NUMBER;
	struct writing writing = {job->number, sizeof(job->number)};
	char number[24] = "......", year[5];

	if (report->closed)
		snprintf(number, sizeof(number), "%" PRId64, report->issue.number);
	snprintf(year, sizeof(year), "%.4s", report->month);
	while (*at) {
		const struct {
			const char *name, *value;
		} places[] = {{"{nomor}", number}, {"{kode}", report->kabupaten.code},
			{"{bulan}", say_roman_month(report->month)}, {"{tahun}", year}};
		size_t i = 0;

		while (i < 4 && strncmp(at, places[i].name, strlen(places[i].name)) != 0)
			i++;
		if (i < 4)
			put(&writing, places[i].value, strlen(places[i].value));
		else
			put(&writing, at, 1);
		at += i < 4 ? strlen(places[i].name) : 1;
	}
}

static void write_texts(struct job *job)
{
	const struct report *report = job->report;
	char month[SAY_BYTES];

	say_month(&job->say, report->month, month);
	write_number(job);
	snprintf(job->title, sizeof(job->title), "%s",
		job_pick(job, "Laporan Bulanan Ketersediaan Layanan Internet Desa",
			"Monthly Report: Availability of the Villages' Internet"));
	snprintf(job->head, sizeof(job->head), "%s \u2014 %s \u2014 %s",
		job_pick(job, "Laporan Bulanan Internet Desa", "Monthly Report"),
		report->kabupaten.name, month);
	snprintf(job->status, sizeof(job->status), "%s",
		report->closed ? report->revision : job_pick(job, "SEMENTARA", "PROVISIONAL"));
	if (report->closed)
		snprintf(job->foot, sizeof(job->foot), "%s %s   \u00b7   SHA-256 %.*s\u2026",
			job_pick(job, "Nomor", "Number"), job->number, HASH_SHORT,
			report->issue.hash);
	else
		snprintf(job->foot, sizeof(job->foot), "%s",
			job_pick(job, "SEMENTARA: bulan belum ditutup; angka masih dapat berubah",
				"PROVISIONAL: the month is not closed; figures may change"));
	snprintf(job->author, sizeof(job->author), "%s",
		*job->letterhead->office ? job->letterhead->office : "Pantau Desa");
	/* they are properties of the file, too */
	clean_text(job->number);
	clean_text(job->author);
	clean_text(job->head);
	if (report->closed && *job->letterhead->public_url)
		snprintf(job->address, sizeof(job->address), "%s/periksa/%s",
			job->letterhead->public_url, report->issue.hash);
}

/* ---- both runs */

static void draw(struct job *job)
{
	part_front(job);
	part_definitions(job);
	part_rules(job);
	part_recap(job);
	part_links(job);
	part_providers(job);
	part_annex(job);
	part_minutes(job);
}

static int run(struct job *job, const struct paper_words *words, struct buf *out, struct err *err)
{
	struct paper paper;
	int r = paper_open(&paper, words, out, job->page_count, err);

	if (r < 0)
		return r;
	job->paper = &paper;
	draw(job);
	job->page_count = paper.page;
	job->section_count = paper.section;
	return paper_close(&paper, err);
}

static int run_twice(struct job *job, struct buf *out, struct err *err)
{
	const struct report *report = job->report;
	const struct paper_words words = {
		.title = job->head,
		.subject = job->number,
		.author = job->author,
		.head = job->head,
		.foot = job->foot,
		.status = job->status,
		.watermark = report->closed ? NULL : job->status,
		.page = job_pick(job, "Halaman", "Page"),
		.of = job_pick(job, "dari", "of"),
		.language = report_languages[job->say.language],
		.dated_s = report->dated_s,
	};
	struct buf pdf;
	int r = run(job, &words, NULL, err); /* counts the pages */

	if (r < 0)
		return r;
	buf_init(&pdf, out->limit);
	r = run(job, &words, &pdf, err);
	if (r == 0) {
		r = catalogue_complete(&pdf, words.language, out);
		if (r < 0)
			err_errno(err, r, "the document");
	}
	buf_done(&pdf);
	return r;
}

int paper_report(const struct report *report, const struct letterhead *letterhead,
	enum report_language language, struct buf *out, struct err *err)
{
	struct job job = {
		.report = report, .letterhead = letterhead, .say = {language, report->offset_s}};
	int r = 0, made = 0;

	for (; r == 0 && made < TABLE_OF_COUNT; made++)
		r = grids_make(report, (enum grid_table)made, language, &job.grids[made]);
	if (r < 0)
		err_errno(err, r, "report of %s", report->month);
	write_texts(&job);
	if (r == 0)
		r = run_twice(&job, out, err);
	for (int i = 0; i < made; i++)
		grid_done(&job.grids[i]);
	return r;
}
