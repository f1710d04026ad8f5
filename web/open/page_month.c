/* SPDX-License-Identifier: Apache-2.0 */
/* A link's months on a desa's page: this one so far, those that are over, those that are closed. */
#include <string.h>

#include "collector/closing/gather.h"
#include "common/civil.h"
#include "common/log.h"
#include "web/open/page.h"

/* ---- a month's figures */

static void put_counted(struct public_page *page, const struct edition_line *line)
{
	const struct say *say = &page->say;
	enum open_language language = page->language;
	int64_t judged = line->s - line->e;
	struct page_numbers one, two;

	if (judged <= 0) {
		page_sentence(page, page->words->all_excluded,
			open_duration(language, line->e, one.text[0]));
		return;
	}
	if (line->u + line->d == 0) {
		html_put(&page->html, "<p>%s</p>\n", page->words->nothing_known);
	} else {
		html_put(&page->html, "<p>");
		html_fill(&page->html, page->words->counted,
			HTML_TEXTS(open_duration(language, judged, one.text[0]),
				open_duration(language, line->u, one.text[1]),
				open_percent(say, line->u, judged, two.text[1]),
				open_duration(language, line->d, one.text[2]),
				open_percent(say, line->d, judged, two.text[2]),
				open_duration(language, line->n, one.text[3]),
				open_percent(say, line->n, judged, two.text[3])));
		html_put(&page->html, "</p>\n");
	}
	if (line->e)
		page_sentence(
			page, page->words->excluded, open_duration(language, line->e, one.text[0]));
}

static void put_verdict(struct public_page *page, const struct edition_line *line, bool is_closed)
{
	const struct open_words *words = page->words;
	char text[SAY_BYTES];
	bool so_far = !is_closed &&
		line->verdict < sizeof(words->so_far) / sizeof(words->so_far[0]);

	if (line->has_verdict && line->has_target)
		page_sentence(page,
			so_far ? words->so_far[line->verdict] : words->verdict[line->verdict],
			open_target(&page->say, line->target_ppm, text));
}

static void put_speed(struct public_page *page, const struct edition_line *line)
{
	const struct open_words *words = page->words;
	struct page_numbers numbers;

	html_put(&page->html, "<p>");
	html_fill(&page->html, open_speed_words(words, line->has_down, line->has_up),
		HTML_TEXTS(open_mbps(&page->say, line->has_down ? line->down_kbps : line->up_kbps,
				   numbers.text[0]),
			open_mbps(&page->say, line->up_kbps, numbers.text[1])));
	html_put(&page->html, "</p>\n");
}

static void put_outages(struct public_page *page, const struct edition_line *line)
{
	struct page_numbers numbers;

	html_put(&page->html, "<p>");
	if (line->outages)
		html_fill(&page->html, page->words->outages,
			HTML_TEXTS(say_count(&page->say, line->outages, numbers.text[0]),
				open_duration(page->language, line->longest_s, numbers.text[1])));
	else
		html_put(&page->html, "%s", page->words->no_outage);
	html_put(&page->html, "</p>\n");
}

static void put_line(struct public_page *page, const struct edition_line *line, bool is_closed)
{
	put_counted(page, line);
	put_verdict(page, line, is_closed);
	if (line->u + line->d == 0)
		return;
	put_outages(page, line);
	put_speed(page, line);
}

/* A month is over where the link is, which may be an hour before it is elsewhere. */
static int64_t counted_to(const struct edition_about *about, int32_t offset_s)
{
	int64_t from_s, to_s = about->as_of_s;

	civil_month(about->month, offset_s, &from_s, &to_s, NULL);
	return to_s < about->as_of_s ? to_s : about->as_of_s;
}

/* How certain it is. */
static void put_status(struct public_page *page, const struct edition_about *about,
	const struct registry_link *link)
{
	const struct say say = {page->say.language, link->offset_s};
	const struct open_words *words = page->words;
	char text[SAY_BYTES], name[REVISION_NAME_BYTES];

	html_put(&page->html, "<p class=\"soft\">");
	if (!about->closed) {
		html_fill(&page->html, about->over ? words->not_closed : words->provisional,
			HTML_TEXTS(say_moment(&say, counted_to(about, link->offset_s), text)));
		html_put(&page->html, "</p>\n");
		return;
	}
	revision_name(about->issue.revision, name);
	html_fill(&page->html, words->closed, HTML_TEXTS(name));
	html_put(&page->html, " <a href=\"/periksa/%s\">%s</a></p>\n", about->issue.hash,
		words->check);
}

/* False: the month has no row of this link. */
static bool put_month(
	struct public_page *page, const struct edition *edition, const struct registry_link *link)
{
	const struct edition_line *lines;
	size_t count = edition_find(edition, link->desa, &lines);
	bool any = false;
	char name[SAY_BYTES];

	for (size_t i = 0; i < count; i++) {
		if (lines[i].link != link->id)
			continue;
		if (!any)
			html_put(&page->html, "<div class=\"card\"><h4>%s</h4>\n",
				say_month(&page->say, edition->about.month, name));
		put_line(page, &lines[i], edition->about.closed);
		any = true;
	}
	if (any) {
		put_status(page, &edition->about, link);
		html_put(&page->html, "</div>\n");
	}
	return any;
}

/* A damaged one hides none of the others. */
static void put_unreadable(struct public_page *page, const char *month)
{
	char name[SAY_BYTES];

	html_put(&page->html, "<div class=\"card\"><h4>%s</h4>\n<p>%s</p>\n</div>\n",
		say_month(&page->say, month, name), page->words->unreadable);
}

/* Of a month that is over. False: it has no row of this link. */
static bool show_past(struct public_page *page, const char *month, const struct board_row *row)
{
	const struct edition *edition;
	struct err err = {0};

	if (showcase_edition(page->showcase, month, &edition, &err) == 0)
		return put_month(page, edition, &row->link);
	log_error("a desa's month: %s", err.text);
	put_unreadable(page, month);
	return true;
}

/* 1: shown; 0: not of this link; negative: it could not be read. */
static int show_present(struct public_page *page, const char *month, const struct board_row *row)
{
	const struct edition *edition;
	struct err err = {0};
	int r = showcase_edition(page->showcase, month, &edition, &err);

	if (r < 0) {
		books_failed("a desa's month", &err, page->response);
		page->html.failed = r;
		return r;
	}
	return put_month(page, edition, &row->link);
}

/* The newest months before `now` that are closed, or are not: no more are read than may be, whether
 * this link is in them or not. False: none was shown. */
static bool show_months(struct public_page *page, const struct board_row *row,
	const char now[MONTH_NAME_BYTES], bool closed)
{
	size_t count, tried = 0, most = closed ? OPEN_PAGE_MONTHS : OPEN_PAGE_UNCLOSED;
	const struct showcase_month *months = showcase_months(page->showcase, &count);
	bool shown = false;

	for (size_t i = 0; tried < most && i < count; i++) {
		if (months[i].closed != closed || strcmp(months[i].month, now) >= 0)
			continue;
		shown |= show_past(page, months[i].month, row);
		tried++;
	}
	return shown;
}

static void put_heading(struct public_page *page, const char *heading, const char *sentence)
{
	html_put(&page->html, "<h3>%s</h3>\n", heading);
	if (sentence)
		html_put(&page->html, "<p>%s</p>\n", sentence);
}

static bool any_month(struct public_page *page, const char *now, bool closed)
{
	const struct showcase_month *months;
	size_t count;

	months = showcase_months(page->showcase, &count);
	for (size_t i = 0; i < count; i++) {
		if (months[i].closed == closed && strcmp(months[i].month, now) < 0)
			return true;
	}
	return false;
}

/* Months that are over: first those whose figures may still change. */
static void put_past(struct public_page *page, const struct board_row *row, const char *now)
{
	const struct open_words *words = page->words;

	if (any_month(page, now, false)) {
		put_heading(page, words->unclosed_heading, words->unclosed_means);
		if (!show_months(page, row, now, false))
			html_put(&page->html, "<p>%s</p>\n", words->no_unclosed);
	}
	put_heading(page, words->closed_heading, NULL);
	if (!show_months(page, row, now, true))
		html_put(&page->html, "<p>%s</p>\n",
			any_month(page, now, true) ? words->not_in_closed : words->no_closed);
}

int page_months(struct public_page *page, const struct board_row *row)
{
	char now[MONTH_NAME_BYTES];
	int r;

	civil_month_name(showcase_gazetteer(page->showcase)->as_of_s, row->link.offset_s, now);
	put_heading(page, page->words->month_heading, NULL);
	r = showcase_month(page->showcase, now) ? show_present(page, now, row) : 0;
	if (r < 0)
		return r;
	if (r == 0)
		html_put(&page->html, "<p>%s</p>\n", page->words->no_month);
	put_past(page, row, now);
	return 0;
}
