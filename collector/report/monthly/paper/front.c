/* SPDX-License-Identifier: Apache-2.0 */
/* The first page: letterhead, what it is about, the month at a glance, how to verify it. */
#include <cairo-pdf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/paper/parts.h"

#define LOGO_SIZE 58.0
#define CARD_HEIGHT 52.0
#define CARD_GAP 8.0
#define QR_SIZE 84.0
#define LABEL_WIDTH 150.0
#define FACTS_MAX 12
#define LINE_BYTES 200

/* ---- letterhead */

static void draw_lines(struct job *job, const char *lines, enum paper_style style)
{
	struct paper *paper = job->paper;
	struct paper_block block = {paper->left + LOGO_SIZE, paper_room(paper) - 2 * LOGO_SIZE,
		style, ALIGN_CENTER, COLOUR_INK};
	char line[LINE_BYTES];

	while (*lines) {
		size_t length = strcspn(lines, "|");

		snprintf(line, sizeof(line), "%.*s", (int)length, lines);
		paper_text(paper, "P", &block, line);
		lines += length + (lines[length] == '|');
	}
}

static void draw_letterhead(struct job *job)
{
	const struct letterhead *letterhead = job->letterhead;
	struct paper *paper = job->paper;
	cairo_rectangle_t room = {paper->left, paper->y, LOGO_SIZE, LOGO_SIZE};
	double top = paper->y;
	bool logo = *letterhead->logo && picture_draw(paper, letterhead->logo, &room);

	if (!logo && !*letterhead->province && !*letterhead->office && !*letterhead->address)
		return;
	draw_lines(job, letterhead->province, STYLE_H2);
	draw_lines(job, letterhead->office, STYLE_LETTERHEAD);
	paper->y += 2;
	draw_lines(job, letterhead->address, STYLE_SMALL);
	if (logo && paper->y < top + LOGO_SIZE)
		paper->y = top + LOGO_SIZE;
	paper->y += 6;
	paper_box(paper, &(cairo_rectangle_t){paper->left, paper->y, paper_room(paper), 2},
		COLOUR_INK);
	paper_box(paper, &(cairo_rectangle_t){paper->left, paper->y + 3.4, paper_room(paper), 0.7},
		COLOUR_INK);
	paper->y += 18;
}

/* ---- what it is about */

static void draw_centered(
	struct job *job, const char *tag, enum paper_style style, const char *text)
{
	struct paper_block block = paper_wide(job->paper, style);

	block.align = ALIGN_CENTER;
	block.colour = style == STYLE_TITLE ? COLOUR_NAVY : COLOUR_INK;
	paper_text(job->paper, tag, &block, text);
	job->paper->y += 2;
}

static void draw_title(struct job *job)
{
	const struct report *report = job->report;
	char month[SAY_BYTES], line[LINE_BYTES];

	draw_centered(job, "H1", STYLE_TITLE, job->title);
	draw_centered(job, "P", STYLE_H1, report->kabupaten.name);
	snprintf(line, sizeof(line), "%s %s", job_pick(job, "Periode", "Period"),
		say_month(&job->say, report->month, month));
	draw_centered(job, "P", STYLE_H2, line);
	snprintf(line, sizeof(line), "%s: %.150s", job_pick(job, "Nomor", "Number"), job->number);
	draw_centered(job, "P", STYLE_BODY, line);
	job->paper->y += 6;
}

static void draw_warning(struct job *job)
{
	struct paper *paper = job->paper;
	struct paper_block block = {
		paper->left + 10, paper_room(paper) - 20, STYLE_BOLD, ALIGN_LEFT, COLOUR_DOWN};
	char moment[SAY_BYTES], text[LINE_BYTES * 2];
	double height;

	snprintf(text, sizeof(text),
		job_pick(job,
			"SEMENTARA. Bulan ini belum ditutup: putusan dan restitusi masih dapat "
			"berubah. Dihitung sampai %s. Bukan dasar pembayaran.",
			"PROVISIONAL. This month is not closed: verdicts and restitution may "
			"change. Counted to %s. No basis for payment."),
		say_moment(&job->say, job->report->as_of_s, moment));
	height = paper_measure(paper, &block, text) + 12;
	paper_box(paper, &(cairo_rectangle_t){paper->left, paper->y, paper_room(paper), height},
		0xFBEAE8);
	paper_box(paper, &(cairo_rectangle_t){paper->left, paper->y, 3, height}, COLOUR_DOWN);
	paper->y += 6;
	paper_text(paper, "P", &block, text);
	paper->y += 14;
}

/* ---- the month at a glance */

struct card {
	const char *label;
	int64_t number;
	uint32_t colour;
};

static void draw_cards(struct job *job, const struct card *cards, size_t count)
{
	struct paper *paper = job->paper;
	double width = (paper_room(paper) - CARD_GAP * (double)(count - 1)) / (double)count;

	for (size_t i = 0; i < count; i++) {
		double x = paper->left + (width + CARD_GAP) * (double)i;
		struct paper_block figure = {
			x + 8, width - 12, STYLE_FIGURE, ALIGN_LEFT, cards[i].colour};
		struct paper_block label = {
			x + 8, width - 12, STYLE_SMALL, ALIGN_LEFT, COLOUR_GREY};
		char number[SAY_BYTES];

		paper_box(
			paper, &(cairo_rectangle_t){x, paper->y, width, CARD_HEIGHT}, COLOUR_PALE);
		paper_box(
			paper, &(cairo_rectangle_t){x, paper->y, 3, CARD_HEIGHT}, cards[i].colour);
		paper_tag(paper, "P");
		paper_draw(paper, &figure, paper->y + 6,
			say_count(&job->say, cards[i].number, number));
		paper_draw(paper, &label, paper->y + 29, cards[i].label);
		paper_untag(paper, "P");
	}
	paper->y += CARD_HEIGHT + 10;
}

static void draw_glance(struct job *job)
{
	const struct report_row *total = &job->report->total;
	const struct card cards[] = {
		{job_pick(job, "link dengan kontrak", "links with a contract"),
			(int64_t)total->links, COLOUR_NAVY},
		{verdict_name(VERDICT_MET), total->sla.links_met, COLOUR_UP},
		{verdict_name(VERDICT_MISSED), total->sla.links_missed, COLOUR_DOWN},
		{verdict_name(VERDICT_UNDECIDED), total->sla.links_undecided, COLOUR_UNKNOWN},
		{job_pick(job, "belum pernah terdengar", "never heard of"), total->sla.links_never,
			COLOUR_EXCLUDED},
	};

	draw_cards(job, cards, sizeof(cards) / sizeof(*cards));
}

static void draw_legend(struct job *job)
{
	const struct month_row *month = &job->report->total.sla.month;
	const struct {
		const char *label;
		int64_t seconds;
		uint32_t colour;
	} parts[] = {
		{job_pick(job, "U tersedia", "U up"), month->u, COLOUR_UP},
		{job_pick(job, "N tak tentu", "N undetermined"), month->n, COLOUR_UNKNOWN},
		{job_pick(job, "D mati", "D down"), month->d, COLOUR_DOWN},
		{job_pick(job, "E dikecualikan", "E excluded"), month->e, COLOUR_EXCLUDED},
	};
	struct paper *paper = job->paper;
	double width = paper_room(paper) / 4;

	for (size_t i = 0; i < 4; i++) {
		struct paper_block block = {paper->left + width * (double)i + 12, width - 14,
			STYLE_SMALL, ALIGN_LEFT, COLOUR_INK};
		char text[LINE_BYTES], duration[SAY_BYTES];

		paper_box(paper, &(cairo_rectangle_t){block.x - 12, paper->y + 1.5, 7, 7},
			parts[i].colour);
		snprintf(text, sizeof(text), "%s  %s", parts[i].label,
			say_duration(parts[i].seconds, duration));
		paper_tag(paper, "P");
		paper_draw(paper, &block, paper->y, text);
		paper_untag(paper, "P");
	}
	paper->y += 18;
}

static void draw_bar(struct job *job)
{
	const struct month_row *month = &job->report->total.sla.month;
	struct paper *paper = job->paper;
	cairo_rectangle_t box = {paper->left, paper->y, paper_room(paper), 14};

	bar_draw(paper, &box, &(struct bar_parts){month->u, month->n, month->d, month->e});
	paper->y += 19;
	draw_legend(job);
}

/* ---- facts */

static const char *say_share(struct job *job, int64_t part, int64_t whole, char text[SAY_BYTES])
{
	if (!whole)
		return "\u2014";
	say_decimal(&job->say, (int64_t)((__int128)part * 100000000 / whole), 6, text);
	strcat(text, " %");
	return text;
}

static void say_money(struct job *job, int64_t rupiah, char *text, size_t size)
{
	char number[SAY_BYTES], words[TERBILANG_BYTES];

	snprintf(text, size, "%s (%s rupiah)", say_rupiah(&job->say, rupiah, number),
		say_terbilang(rupiah, words));
}

static void draw_facts(struct job *job)
{
	const struct report *report = job->report;
	const struct month_row *month = &report->total.sla.month;
	char low[SAY_BYTES], high[SAY_BYTES], bounds[LINE_BYTES], cover[SAY_BYTES];
	char proven[LINE_BYTES * 3], possible[LINE_BYTES * 3], counted[SAY_BYTES];
	char closed[LINE_BYTES * 2], closing[SAY_BYTES];
	int64_t judged = month->s - month->e;
	const struct paper_fact facts[] = {
		{job_pick(job, "Ketersediaan", "Availability"), bounds, FACT_STRONG},
		{job_pick(job, "Cakupan pengukuran", "Coverage"), cover},
		{job_pick(job, "Restitusi terbukti", "Restitution, proven"), proven, FACT_STRONG},
		{job_pick(job, "Restitusi mungkin", "Restitution, possible"), possible},
		{job_pick(job, "Dihitung sampai", "Counted to"), counted},
		{job_pick(job, "Status", "Status"), closed},
		{NULL},
	};

	snprintf(bounds, sizeof(bounds), "%s %s %s", say_share(job, month->u, judged, low),
		job_pick(job, "sampai", "to"), say_share(job, month->u + month->n, judged, high));
	snprintf(cover, sizeof(cover), "%s", say_share(job, month->u + month->d, judged, high));
	say_money(job, month->restitution_low, proven, sizeof(proven));
	say_money(job, month->restitution_high, possible, sizeof(possible));
	say_moment(&job->say, report->as_of_s, counted);
	if (report->closed)
		snprintf(closed, sizeof(closed),
			job_pick(job, "%s, ditutup %s oleh %s", "%s, closed %s by %s"),
			report->revision, say_moment(&job->say, report->issue.closed_s, closing),
			report->issue.by);
	else
		snprintf(closed, sizeof(closed), "%s", job_pick(job, "sementara", "provisional"));
	facts_draw(job->paper, facts, LABEL_WIDTH);
}

/* ---- contents */

static void draw_entry(struct job *job, unsigned section)
{
	struct paper *paper = job->paper;
	const char *const *titles = section_titles[section];
	struct paper_block title = {
		paper->left, paper_room(paper) - 60, STYLE_BODY, ALIGN_LEFT, COLOUR_NAVY};
	struct paper_block page = {paper->right - 60, 60, STYLE_BODY, ALIGN_RIGHT, COLOUR_NAVY};
	char text[40];

	snprintf(text, sizeof(text), "dest='s%u'", section + 1);
	if (paper->out)
		cairo_tag_begin(paper->cr, CAIRO_TAG_LINK, text);
	snprintf(text, sizeof(text), "%u", job->section_pages[section]);
	paper_draw(paper, &title, paper->y, job_pick(job, titles[0], titles[1]));
	paper->y += paper_draw(paper, &page, paper->y, text);
	if (paper->out)
		cairo_tag_end(paper->cr, CAIRO_TAG_LINK);
	paper_rule(paper, paper->left, paper->y + 0.8, paper_room(paper));
	paper->y += 3.2;
}

static void draw_contents(struct job *job)
{
	paper_subheading(job->paper, job_pick(job, "Isi", "Contents"));
	for (unsigned i = 0; i < SECTION_COUNT; i++)
		draw_entry(job, i);
}

/* ---- verification */

static void draw_verification(struct job *job)
{
	struct paper *paper = job->paper;
	const struct report *report = job->report;
	bool address = *job->address != '\0';
	double top = paper->bottom - QR_SIZE - 4;
	struct paper_block block = {paper->left + QR_SIZE + 14, paper_room(paper) - QR_SIZE - 14,
		STYLE_BOLD, ALIGN_LEFT, COLOUR_INK};

	if (!report->closed)
		return;
	if (paper->y > top) /* a long letterhead: below it on a page of its own */
		paper_page(paper, false);
	paper_rule(paper, paper->left, top - 8, paper_room(paper));
	qr_draw(paper, address ? job->address : report->issue.hash, paper->left, top, QR_SIZE);
	paper->y = top;
	paper_text(paper, "P", &block,
		job_pick(job, "Keaslian dokumen ini", "This document's authenticity"));
	block.style = STYLE_SMALL;
	paper->y += 2;
	paper_text(paper, "P", &block,
		address ? job_pick(job,
				  "Pindai kode ini, atau buka alamat di bawah, lalu bandingkan "
				  "bulan, revisi dan SHA-256.",
				  "Scan this code, or open the address below, and compare month, "
				  "revision and SHA-256.")
			: job_pick(job,
				  "Kode ini memuat SHA-256 bulan yang ditutup. Bandingkan dengan "
				  "pengumuman instansi, atau periksa dokumennya dengan \"pantau "
				  "verify\".",
				  "This code holds the closed month's SHA-256. Compare it with the "
				  "one that was published, or check the document with \"pantau "
				  "verify\"."));
	paper->y += 3;
	block.colour = COLOUR_NAVY;
	if (address)
		paper_text(paper, "P", &block, job->address);
	block.colour = COLOUR_GREY;
	paper_text(paper, "P", &block, report->issue.hash);
}

void part_front(struct job *job)
{
	paper_page(job->paper, false);
	draw_letterhead(job);
	draw_title(job);
	if (!job->report->closed)
		draw_warning(job);
	if (job->report->links.count) {
		draw_glance(job);
		draw_bar(job);
		draw_facts(job);
	} else {
		paper_paragraph(job->paper,
			job_pick(job, "Tidak ada kontrak di kabupaten ini pada bulan ini.",
				"There is no contract in this kabupaten in this month."));
	}
	draw_contents(job);
	draw_verification(job);
}
