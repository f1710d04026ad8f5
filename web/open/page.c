/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /publik: how is my desa's internet? Search by name, or go from kabupaten to kecamatan to desa
 * (/publik/KODE). What a link to these pages carries along from elsewhere is ignored.
 */
#include "web/open/page.h"

#include <stdio.h>
#include <string.h>

#include "common/civil.h"

#define ZONE_FALLBACK_S (8 * 3600)
#define PATH_BYTES 64
#define SEARCH_MAX 100 /* bytes of a question */

/* ---- the frame */

/* A live state that nobody keeps up would be told as if it were one. */
static bool is_faulty(struct monitor *monitor)
{
	static const enum monitor_part parts[] = {
		PART_INGEST, PART_JOURNAL, PART_LEDGER, PART_LAG, PART_DATA};
	struct monitor_health health;

	monitor_health(monitor, &health);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!health.parts[parts[i]].ok)
			return true;
	}
	return false;
}

static bool is_language(const char *text)
{
	return !strcmp(text, open_languages[OPEN_ID]) || !strcmp(text, open_languages[OPEN_EN]);
}

/* Each other parameter would be another page to a cache, and be made anew: who comes with one that
 * was hung on by somebody on the way is led to the address without it. */
static bool is_own_address(const struct request *request)
{
	bool seen[2] = {false};

	for (size_t i = 0; i < request->param_count; i++) {
		const struct http_param *param = &request->params[i];
		bool query = !strcmp(param->name, "q");

		if (seen[query] || (!query && strcmp(param->name, "lang") != 0) ||
			(!query && !is_language(param->value)))
			return false;
		seen[query] = true;
	}
	return !request->fault;
}

/* With what is asked; a question that is too long for a header is left out. */
static void lead_to_own(const struct request *request, struct response *ret)
{
	const char *language = request_param(request, "lang"), *query = request_param(request, "q");
	char address[HTTP_EXTRA_BYTES];
	struct html html;
	struct buf out;

	buf_init(&out, sizeof(address) - 1);
	html = (struct html){.out = &out};
	html_url(&html, request->path);
	if (language && is_language(language))
		html_put(&html, "?lang=%s", language);
	if (query) {
		html_put(&html,
			buf_length(&out) && memchr(buf_peek(&out), '?', buf_length(&out)) ? "&q="
											  : "?q=");
		html_url(&html, query);
	}
	if (html.failed)
		strcpy(address, "/publik");
	else
		snprintf(address, sizeof(address), "%.*s", (int)buf_length(&out),
			(const char *)buf_peek(&out));
	buf_done(&out);
	response_redirect(ret, address);
}

bool page_begin(struct public_page *page, struct site *site, const struct request *request,
	struct response *ret)
{
	const char *language = request_param(request, "lang");

	if (!is_own_address(request)) {
		lead_to_own(request, ret);
		return false;
	}
	*page = (struct public_page){.showcase = site->showcase,
		.request = request,
		.response = ret,
		.language = language && !strcmp(language, "en") ? OPEN_EN : OPEN_ID};
	if (!open_take(site, ret))
		return false;
	page->words = &open_words[page->language];
	page->faulty = is_faulty(site->monitor);
	page->say = (struct say){
		page->language == OPEN_EN ? REPORT_EN : REPORT_ID, ZONE_FALLBACK_S};
	civil_zone(showcase_gazetteer(site->showcase)->home.zone, &page->say.offset_s);
	return true;
}

const char *page_query(const struct public_page *page)
{
	return page->language == OPEN_EN ? "?lang=en" : "";
}

static const char *home_title(const struct public_page *page, char room[PUBLISHER_TEXT_BYTES])
{
	const char *province = showcase_gazetteer(page->showcase)->home.province;
	char name[REGISTRY_NAME_BYTES];

	return publisher_title(showcase_publisher(page->showcase), open_name(province, name), room);
}

void page_head(struct public_page *page, const char *title)
{
	const struct publisher *publisher = showcase_publisher(page->showcase);
	const struct open_words *words = page->words;
	struct html *html = &page->html;
	const char *query = request_param(page->request, "q");
	const struct html_frame frame = {
		.language = open_languages[page->language], .title = title, .hidden = query};

	html_begin(html, &frame, page->response);
	html_put(html, "<a class=\"skip\" href=\"#isi\">%s</a>\n", words->skip);
	if (*publisher->banner)
		html_put(html, "<div class=\"banner\">%s</div>\n", publisher->banner);
	html_put(html,
		"<header><a class=\"brand\" href=\"/publik%s\">Pantau Desa</a> <span "
		"class=\"soft\">%s</span>\n<nav><a href=\"/publik/data%s\">%s</a> ",
		page_query(page), words->tagline, page_query(page), words->data);
	html_put(html, "<a href=\"");
	html_url(html, page->request->path);
	html_put(html, "?lang=%s", words->other_code);
	if (query) {
		html_put(html, "&amp;q=");
		html_url(html, query);
	}
	html_put(html, "\" lang=\"%s\" hreflang=\"%s\">%s</a> ", words->other_code,
		words->other_code, words->other);
	html_put(html, "<a href=\"/masuk\">%s</a></nav></header>\n<main id=\"isi\">\n<h1>%s</h1>\n",
		words->log_in, title);
	if (page->faulty)
		html_put(html, "<p class=\"card\" role=\"status\">%s</p>\n", words->faulty);
}

void page_end(struct public_page *page)
{
	const struct publisher *publisher = showcase_publisher(page->showcase);
	struct html *html = &page->html;

	html_put(html, "</main>\n<footer><p>%s: %s.", page->words->publisher,
		publisher_name(publisher));
	if (*publisher->licence)
		html_put(html, " %s: <a href=\"%s\" rel=\"license\">%s</a>.", page->words->licence,
			publisher->licence, licence_title(publisher->licence));
	html_put(html,
		"</p>\n<p>%s <a href=\"%s\">idn-area-data</a>, <a href=\"%s\">ODbL 1.0</a>."
		"</p></footer>\n",
		page->words->odbl, ODBL_PATH, ODBL_LICENCE);
	html_end(html, page->response);
	if (page->response->status == 404)
		page->response->cache = OPEN_CACHE_PAGE;
	open_finish(page->request, 0, OPEN_CACHE_PAGE, page->response);
	showcase_give(page->showcase);
}

/* ---- parts */

void page_sentence(struct public_page *page, const char *format, const char *text)
{
	html_put(&page->html, "<p>");
	html_fill(&page->html, format, HTML_TEXTS(text));
	html_put(&page->html, "</p>\n");
}

bool page_desa_state(
	const struct gazetteer *gazetteer, const char *desa, enum live_state *ret_state)
{
	const struct board_row *rows;

	if (gazetteer_links(gazetteer, desa, &rows) == 0)
		return false;
	*ret_state = rows[0].desa_state;
	return true;
}

void page_desa_item(struct public_page *page, const struct region *desa, bool where)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	char code[REGION_CODE_BYTES], name[REGISTRY_NAME_BYTES], path[PATH_BYTES];
	struct html *html = &page->html;
	enum live_state state;

	snprintf(path, sizeof(path), "/publik/%s%s", desa->code, page_query(page));
	html_put(html, "<li><a href=\"%s\">%s</a>", path, open_name(desa->name, name));
	if (where) {
		region_parent(desa->code, REGION_KECAMATAN, code);
		html_put(html, ", %s", open_name(gazetteer_name(gazetteer, code), name));
		region_parent(desa->code, REGION_KABUPATEN, code);
		html_put(html, ", %s", open_name(gazetteer_name(gazetteer, code), name));
	}
	html_put(html, ": %s</li>\n",
		page_desa_state(gazetteer, desa->code, &state) ? page->words->state[state]
							       : page->words->no_link);
}

/* What lies directly in a region; `code` "": the kabupaten of all. */
static void list_inside(struct public_page *page, const char *code, enum region_level level)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	struct html *html = &page->html;
	size_t length = strlen(code);

	html_put(html, "<ul>\n");
	for (size_t i = 0; i < gazetteer->region_count; i++) {
		const struct region *region = &gazetteer->regions[i];
		char name[REGISTRY_NAME_BYTES];

		if (region->level != level || strncmp(region->code, code, length) != 0)
			continue;
		if (level == REGION_DESA)
			page_desa_item(page, region, false);
		else
			html_put(html, "<li><a href=\"/publik/%s%s\">%s</a></li>\n", region->code,
				page_query(page), open_name(region->name, name));
	}
	html_put(html, "</ul>\n");
}

/* ---- searching */

void page_search(struct public_page *page, const char *text)
{
	struct html *html = &page->html;

	html_put(html,
		"<form action=\"/publik\" method=\"get\" role=\"search\"><label "
		"for=\"q\">%s</label>"
		"<input type=\"search\" id=\"q\" name=\"q\" value=\"%s\" maxlength=\"100\"> ",
		page->words->search_label, text);
	if (page->language == OPEN_EN)
		html_put(html, "<input type=\"hidden\" name=\"lang\" value=\"en\">");
	html_put(html, "<button type=\"submit\">%s</button></form>\n", page->words->search);
}

static void put_found(struct public_page *page, const char *text)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	struct html *html = &page->html;
	char number[SAY_BYTES];
	size_t found = 0;

	html_put(html, "<ul>\n");
	for (size_t i = 0; found <= OPEN_FOUND_MAX && i < gazetteer->region_count; i++) {
		const struct region *region = &gazetteer->regions[i];

		if (region->level != REGION_DESA || !gazetteer_matches(gazetteer, region, text))
			continue;
		if (++found <= OPEN_FOUND_MAX)
			page_desa_item(page, region, true);
	}
	html_put(html, "</ul>\n");
	if (found == 0)
		html_put(html, "<p role=\"status\">%s</p>\n", page->words->found_none);
	if (found > OPEN_FOUND_MAX) {
		html_put(html, "<p role=\"status\">");
		html_fill(html, page->words->found_many,
			HTML_TEXTS(say_count(&page->say, OPEN_FOUND_MAX, number)));
		html_put(html, "</p>\n");
	}
}

/* ---- the first page */

static void put_counts(struct public_page *page)
{
	static const enum live_state order[] = {
		LIVE_UP, LIVE_DOWN, LIVE_SILENT, LIVE_UNKNOWN, LIVE_EXCLUDED, LIVE_NEVER};
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	const struct board *board = &gazetteer->board;
	int64_t counts[LIVE_COUNT] = {0};
	struct html *html = &page->html;
	char text[SAY_BYTES];

	for (size_t i = 0; i < board->count; i++) {
		if (i == 0 || strcmp(board->rows[i].link.desa, board->rows[i - 1].link.desa) != 0)
			counts[board->rows[i].desa_state]++;
	}
	html_put(html, "<h2>%s</h2>\n", page->words->now);
	if (board->count == 0) {
		html_put(html, "<p>%s</p>\n", page->words->no_data);
		return;
	}
	html_put(html, "<ul>\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		if (!counts[order[i]])
			continue;
		html_put(html, "<li>");
		html_fill(html, page->words->counts[order[i]],
			HTML_TEXTS(say_count(&page->say, counts[order[i]], text)));
		html_put(html, "</li>\n");
	}
	html_put(html, "</ul>\n<p class=\"soft\">");
	html_fill(html, page->words->seen_at,
		HTML_TEXTS(say_moment(&page->say, gazetteer->as_of_s, text)));
	html_put(html, "</p>\n");
}

void page_public(struct site *site, const struct request *request, struct response *ret)
{
	const char *query = request_param(request, "q");
	char room[PUBLISHER_TEXT_BYTES], text[SEARCH_MAX + 1] = "";
	struct public_page page;

	if (!page_begin(&page, site, request, ret))
		return;
	if (query)
		snprintf(text, sizeof(text), "%s", query);
	page_head(&page, home_title(&page, room));
	html_put(&page.html, "<p>%s</p>\n", page.words->intro);
	page_search(&page, text);
	if (text[strspn(text, " \t")])
		put_found(&page, text);
	else
		put_counts(&page);
	html_put(&page.html, "<h2>%s</h2>\n", page.words->choose_kabupaten);
	list_inside(&page, "", REGION_KABUPATEN);
	page_end(&page);
}

/* ---- a place */

static void put_region(struct public_page *page, const struct region *region)
{
	const struct gazetteer *gazetteer = showcase_gazetteer(page->showcase);
	char name[REGISTRY_NAME_BYTES], above[REGION_CODE_BYTES + 1];
	char title[REGISTRY_NAME_BYTES + 16];
	bool kecamatan = region->level == REGION_KECAMATAN;

	open_name(region->name, name);
	snprintf(title, sizeof(title), kecamatan ? "Kecamatan %s" : "%s", name);
	page_head(page, title);
	if (kecamatan) {
		region_parent(region->code, REGION_KABUPATEN, above);
		html_put(&page->html, "<p><a href=\"/publik/%s%s\">%s</a></p>\n", above,
			page_query(page), open_name(gazetteer_name(gazetteer, above), name));
	}
	page_search(page, "");
	html_put(&page->html, "<h2>%s</h2>\n",
		kecamatan ? page->words->desa_in : page->words->kecamatan_in);
	snprintf(above, sizeof(above), "%s.", region->code);
	list_inside(page, above, region->level + 1);
}

static void put_nothing(struct public_page *page, const char *code)
{
	page_head(page, page->words->not_found);
	page->response->status = 404;
	html_put(&page->html, "<p>");
	html_fill(&page->html, page->words->not_found_means, HTML_TEXTS(code));
	html_put(&page->html, "</p>\n");
	page_search(page, "");
}

void page_public_place(struct site *site, const struct request *request, struct response *ret)
{
	const char *code = request->segments[0];
	const struct region *region;
	struct public_page page;

	if (!page_begin(&page, site, request, ret))
		return;
	region = gazetteer_region(showcase_gazetteer(page.showcase), code);
	if (!region || region->level == REGION_PROVINSI)
		put_nothing(&page, code);
	else if (region->level == REGION_DESA)
		page_desa(&page, region);
	else
		put_region(&page, region);
	page_end(&page);
}
