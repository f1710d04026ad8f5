/* SPDX-License-Identifier: Apache-2.0 */
/* A desa's page: how it is now, what was promised, this month so far, the closed months. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "collector/closing/gather.h"
#include "web/open/page.h"

#define HALF_PERCENT_DIGITS 4 /* a target such as 99,5 has its last digit far before ppm */

/* Sentences of several numbers: a text with up to six %s. */
struct numbers {
	char text[6][SAY_BYTES];
};

/* ---- now */

/* A shape beside the colour, which not everybody sees. */
static const struct {
	const char *class, *mark;
} looks[LIVE_COUNT] = {
	[LIVE_NEVER] = {"never", "\xe2\x80\x93"},
	[LIVE_UP] = {"up", "\xe2\x96\xb2"},
	[LIVE_DOWN] = {"down", "\xe2\x96\xbc"},
	[LIVE_UNKNOWN] = {"unknown", "?"},
	[LIVE_SILENT] = {"silent", "\xe2\x80\xa6"},
	[LIVE_EXCLUDED] = {"excluded", "="},
};

static void put_sentence(struct public_page *page, const char *format, const char *text)
{
	html_put(&page->html, "<p>");
	html_fill(&page->html, format, HTML_TEXTS(text));
	html_put(&page->html, "</p>\n");
}

static void put_moment(
	struct public_page *page, const struct say *say, const char *format, int64_t utc_s)
{
	char text[SAY_BYTES];

	if (utc_s)
		put_sentence(page, format, say_moment(say, utc_s, text));
}

static void put_now(struct public_page *page, const struct board_row *row)
{
	const struct ledger_live *live = &row->live;
	const struct say say = {page->say.language, row->link.offset_s};
	const struct open_words *words = page->words;
	const char *cause = open_cause(page->language, live->cause);
	struct html *html = &page->html;

	html_put(html,
		"<div class=\"card now %s\"><p class=\"word\"><span class=\"mark\" "
		"aria-hidden=\"true\">%s</span> %s</p>\n<p>%s</p>\n",
		looks[live->state].class, looks[live->state].mark, words->state[live->state],
		words->state_means[live->state]);
	put_moment(page, &say, words->since, live->since_s);
	if (cause && (live->state == LIVE_DOWN || live->state == LIVE_UNKNOWN))
		put_sentence(page, words->cause, cause);
	if (live->state == LIVE_UP && live->dns[0])
		html_put(html, "<p>%s</p>\n", words->names_fail);
	put_moment(page, &say, words->last_report, live->heard_us / 1000000);
	html_put(html, "</div>\n");
}

/* ---- the promise */

static const char *say_mbps(const struct say *say, int64_t kbps, char ret_text[SAY_BYTES])
{
	if (kbps % 1000 == 0)
		return say_count(say, kbps / 1000, ret_text);
	return say_decimal(say, kbps / 100, 1, ret_text);
}

/* "99,5": as many digits as it has. */
static const char *say_target(const struct say *say, uint32_t ppm, char ret_text[SAY_BYTES])
{
	unsigned decimals = HALF_PERCENT_DIGITS;
	int64_t scaled = ppm;

	while (decimals && scaled % 10 == 0) {
		scaled /= 10;
		decimals--;
	}
	return say_decimal(say, scaled, decimals, ret_text);
}

static void put_promise(struct public_page *page, const struct board_row *row)
{
	const struct gazetteer_promise *promise = NULL;
	struct html *html = &page->html;
	struct numbers numbers;

	promise = gazetteer_promise(showcase_gazetteer(page->showcase), row->link.id);
	html_put(html, "<h3>%s</h3>\n<p>", page->words->promise_heading);
	if (promise)
		html_fill(html, page->words->promise,
			HTML_TEXTS(row->link.provider,
				say_target(&page->say, promise->target_ppm, numbers.text[0]),
				say_mbps(&page->say, promise->kbps_down, numbers.text[1]),
				say_mbps(&page->say, promise->kbps_up, numbers.text[2])));
	else
		html_put(html, "%s", page->words->no_promise);
	html_put(html, "</p>\n");
}

/* ---- a month */

static void put_counted(struct public_page *page, const struct edition_line *line)
{
	const struct say *say = &page->say;
	enum open_language language = page->language;
	int64_t judged = line->s - line->e;
	struct numbers one, two;

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
		put_sentence(
			page, page->words->excluded, open_duration(language, line->e, one.text[0]));
}

static void put_verdict(struct public_page *page, const struct edition_line *line, bool is_closed)
{
	const struct open_words *words = page->words;
	char text[SAY_BYTES];
	bool so_far = !is_closed &&
		line->verdict < sizeof(words->so_far) / sizeof(words->so_far[0]);

	if (line->has_verdict && line->has_target)
		put_sentence(page,
			so_far ? words->so_far[line->verdict] : words->verdict[line->verdict],
			say_target(&page->say, line->target_ppm, text));
}

static void put_outages(struct public_page *page, const struct edition_line *line)
{
	struct numbers numbers;

	html_put(&page->html, "<p>");
	if (line->outages)
		html_fill(&page->html, page->words->outages,
			HTML_TEXTS(say_count(&page->say, line->outages, numbers.text[0]),
				open_duration(page->language, line->longest_s, numbers.text[1])));
	else
		html_put(&page->html, "%s", page->words->no_outage);
	html_put(&page->html, "</p>\n<p>");
	if (line->has_down && line->has_up)
		html_fill(&page->html, page->words->speed,
			HTML_TEXTS(say_mbps(&page->say, line->down_kbps, numbers.text[0]),
				say_mbps(&page->say, line->up_kbps, numbers.text[1])));
	else
		html_put(&page->html, "%s", page->words->no_speed);
	html_put(&page->html, "</p>\n");
}

static void put_line(struct public_page *page, const struct edition_line *line, bool is_closed)
{
	put_counted(page, line);
	put_verdict(page, line, is_closed);
	if (line->u + line->d)
		put_outages(page, line);
}

/* How certain it is. */
static void put_status(struct public_page *page, const struct edition_about *about)
{
	char text[SAY_BYTES], name[REVISION_NAME_BYTES];

	if (!about->closed) {
		html_put(&page->html, "<p class=\"soft\">");
		html_fill(&page->html, page->words->provisional,
			HTML_TEXTS(say_moment(&page->say, about->as_of_s, text)));
		html_put(&page->html, "</p>\n");
		return;
	}
	revision_name(about->issue.revision, name);
	html_put(&page->html, "<p class=\"soft\">");
	html_fill(&page->html, page->words->closed, HTML_TEXTS(name));
	html_put(&page->html, " <a href=\"/periksa/%s\">%s</a></p>\n", about->issue.hash,
		page->words->check);
}

/* False: the month has no row of this link. */
static bool put_month(
	struct public_page *page, const struct edition *edition, const char *desa, int64_t link)
{
	const struct edition_line *lines;
	size_t count = edition_find(edition, desa, &lines);
	bool any = false;
	char name[SAY_BYTES];

	for (size_t i = 0; i < count; i++) {
		if (lines[i].link != link)
			continue;
		if (!any)
			html_put(&page->html, "<div class=\"card\"><h4>%s</h4>\n",
				say_month(&page->say, edition->about.month, name));
		put_line(page, &lines[i], edition->about.closed);
		any = true;
	}
	if (any) {
		put_status(page, &edition->about);
		html_put(&page->html, "</div>\n");
	}
	return any;
}

/* 1: shown; 0: not of this link; negative: it could not be read. */
static int try_month(struct public_page *page, const char *month, const struct board_row *row)
{
	const struct edition *edition;
	struct err err = {0};
	int r = showcase_edition(page->showcase, month, &edition, &err);

	if (r < 0) {
		books_failed("a desa's month", &err, page->response);
		page->html.failed = r;
		return r;
	}
	return put_month(page, edition, row->link.desa, row->link.id);
}

static int put_months(struct public_page *page, const struct board_row *row)
{
	const struct showcase_month *months;
	char now[MONTH_NAME_BYTES];
	size_t count, shown = 0;
	int r;

	civil_month_name(showcase_gazetteer(page->showcase)->as_of_s, row->link.offset_s, now);
	html_put(&page->html, "<h3>%s</h3>\n", page->words->month_heading);
	r = showcase_month(page->showcase, now) ? try_month(page, now, row) : 0;
	if (r == 0)
		html_put(&page->html, "<p>%s</p>\n", page->words->no_month);
	html_put(&page->html, "<h3>%s</h3>\n", page->words->closed_heading);
	months = showcase_months(page->showcase, &count);
	for (size_t i = 0; r >= 0 && shown < OPEN_PAGE_MONTHS && i < count; i++) {
		if (!months[i].closed)
			continue;
		r = try_month(page, months[i].month, row);
		shown += r > 0;
	}
	if (r >= 0 && shown == 0)
		html_put(&page->html, "<p>%s</p>\n", page->words->no_closed);
	return r;
}

/* ---- the whole */

static void put_where(struct public_page *page, const struct region *desa)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	char kecamatan[REGION_CODE_BYTES], kabupaten[REGION_CODE_BYTES];
	char name[REGISTRY_NAME_BYTES], other[REGISTRY_NAME_BYTES];

	region_parent(desa->code, REGION_KECAMATAN, kecamatan);
	region_parent(desa->code, REGION_KABUPATEN, kabupaten);
	html_put(&page->html,
		"<p>Kecamatan <a href=\"/publik/%s%s\">%s</a>, <a href=\"/publik/%s%s\">%s</a> "
		"<span class=\"soft\">(%s)</span></p>\n",
		kecamatan, page_query(page), open_name(gazetteer_name(gazetteer, kecamatan), name),
		kabupaten, page_query(page), open_name(gazetteer_name(gazetteer, kabupaten), other),
		desa->code);
}

static int put_link(struct public_page *page, const struct board_row *row)
{
	char number[SAY_BYTES];

	snprintf(number, sizeof(number), "%" PRId64, row->link.id);
	html_put(&page->html, "<section>\n<h2>");
	html_fill(&page->html, page->words->link_heading, HTML_TEXTS(number, row->link.provider));
	html_put(&page->html, "</h2>\n");
	put_now(page, row);
	put_promise(page, row);
	if (put_months(page, row) < 0)
		return -1;
	html_put(&page->html, "</section>\n");
	return 0;
}

void page_desa(struct public_page *page, const struct region *desa)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	char name[REGISTRY_NAME_BYTES], number[SAY_BYTES];
	const struct board_row *rows;
	size_t count = gazetteer_links(gazetteer, desa->code, &rows);

	page_head(page, open_name(desa->name, name));
	put_where(page, desa);
	if (count == 0)
		html_put(&page->html, "<p><b>%s.</b> %s</p>\n", page->words->no_link,
			page->words->no_link_means);
	if (count > 1)
		put_sentence(page, page->words->several_links,
			say_count(&page->say, (int64_t)count, number));
	for (size_t i = 0; i < count; i++) {
		if (put_link(page, &rows[i]) < 0)
			return;
	}
	put_moment(page, &page->say, page->words->seen_at, gazetteer->as_of_s);
	html_put(&page->html, "<p><a href=\"/publik/data%s\">%s</a></p>\n", page_query(page),
		page->words->all_data);
	page_search(page, "");
}
