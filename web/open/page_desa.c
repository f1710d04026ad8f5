/* SPDX-License-Identifier: Apache-2.0 */
/* A desa's page: how it is now, what was promised, this month so far, the closed months. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "web/open/page.h"

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

static void put_moment(
	struct public_page *page, const struct say *say, const char *format, int64_t utc_s)
{
	char text[SAY_BYTES];

	if (utc_s)
		page_sentence(page, format, say_moment(say, utc_s, text));
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
		page_sentence(page, words->cause, cause);
	if (live->state == LIVE_UP && live->dns[0])
		html_put(html, "<p>%s</p>\n", words->names_fail);
	put_moment(page, &say, words->last_report, live->heard_us / 1000000);
	html_put(html, "</div>\n");
}

/* ---- the promise */

static void put_promise(struct public_page *page, const struct board_row *row)
{
	const struct gazetteer_promise *promise = NULL;
	struct html *html = &page->html;
	struct page_numbers numbers;

	promise = gazetteer_promise(showcase_gazetteer(page->showcase), row->link.id);
	html_put(html, "<h3>%s</h3>\n<p>", page->words->promise_heading);
	if (promise)
		html_fill(html, page->words->promise,
			HTML_TEXTS(row->link.provider,
				open_target(&page->say, promise->target_ppm, numbers.text[0]),
				open_mbps(&page->say, promise->kbps_down, numbers.text[1]),
				open_mbps(&page->say, promise->kbps_up, numbers.text[2])));
	else
		html_put(html, "%s", page->words->no_promise);
	html_put(html, "</p>\n");
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
	if (page_months(page, row) < 0)
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
		page_sentence(page, page->words->several_links,
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
