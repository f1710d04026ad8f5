/* SPDX-License-Identifier: Apache-2.0 */
/* GET /publik/data: the open data for people: what there is, month by month, and what it means. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "web/open/page.h"

static void put_terms(struct public_page *page)
{
	const struct publisher *publisher = showcase_publisher(page->showcase);
	struct html *html = &page->html;

	html_put(html, "<dl><dt>%s</dt><dd>%s</dd>\n", page->words->publisher,
		publisher_name(publisher));
	if (*publisher->contact)
		html_put(html, "<dt>%s</dt><dd><a href=\"mailto:%s\">%s</a></dd>\n",
			page->words->contact, publisher->contact, publisher->contact);
	if (*publisher->licence)
		html_put(html, "<dt>%s</dt><dd><a href=\"%s\" rel=\"license\">%s</a></dd>\n",
			page->words->licence, publisher->licence,
			licence_title(publisher->licence));
	html_put(html,
		"<dt>ODbL</dt><dd>%s</dd></dl>\n<ul><li><a href=\"/open/v1/data.json\">%s</a></li>"
		"<li><a href=\"/open/v1/links.geojson\">%s</a></li></ul>\n",
		page->words->odbl, page->words->catalogue, page->words->places);
}

static void put_files(struct public_page *page, const char *month)
{
	struct html *html = &page->html;

	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++)
			html_put(html, "<a href=\"/open/v1/%s/%s.%s\">%s.%s</a> ", month,
				open_tables[i].name, open_formats[k], open_tables[i].name,
				open_formats[k]);
	}
	html_put(html, "<a href=\"/open/v1/%s/datapackage.json\">%s</a>", month,
		page->words->metadata);
}

static void put_month(struct public_page *page, const struct showcase_month *month)
{
	struct html *html = &page->html;
	char name[SAY_BYTES], revision[REVISION_NAME_BYTES];

	html_put(html, "<tr><th scope=\"row\">%s</th><td>",
		say_month(&page->say, month->month, name));
	if (month->closed) {
		revision_name(month->issue.revision, revision);
		html_put(html, "<a href=\"/periksa/%s\">%s</a>", month->issue.hash, revision);
	} else {
		html_put(html, "%s", page->words->open_month);
	}
	html_put(html, "</td><td>");
	put_files(page, month->month);
	html_put(html, "</td></tr>\n");
}

static void put_months(struct public_page *page)
{
	const struct showcase_month *months;
	struct html *html = &page->html;
	size_t count;

	months = showcase_months(page->showcase, &count);
	html_put(html,
		"<h2 id=\"bulan\">%s</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"bulan\"><table><thead><tr><th scope=\"col\">%s</th>"
		"<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
		page->words->months, page->words->month, page->words->status, page->words->files);
	for (size_t i = 0; i < count; i++)
		put_month(page, &months[i]);
	html_put(html, "</tbody></table></div>\n<p>%s</p>\n", page->words->api);
}

static void put_column(struct public_page *page, const struct open_column *column)
{
	html_put(&page->html,
		"<tr><th scope=\"row\"><code>%s</code></th><td>%s%s%s</td><td>%s</td></tr>\n",
		column->key, column->type, column->unit ? ", " : "",
		column->unit ? column->unit : "", column->about[page->language]);
}

static void put_table(struct public_page *page, const struct open_table *table)
{
	bool money = showcase_publisher(page->showcase)->money;
	struct html *html = &page->html;

	html_put(html, "<h3 id=\"%s\">%s: %s</h3>\n<p>%s</p>\n", table->name, table->name,
		table->title[page->language], table->about[page->language]);
	html_put(html,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s\"><table>"
		"<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s"
		"</th></tr></thead>\n<tbody>\n",
		table->name, page->words->column, page->words->unit, page->words->meaning);
	for (const struct open_column *column = table->columns; column->key; column++) {
		if (open_column_shown(column, money))
			put_column(page, column);
	}
	html_put(html, "</tbody></table></div>\n");
}

void page_public_data(struct site *site, const struct request *request, struct response *ret)
{
	struct public_page page;

	if (!page_begin(&page, site, request, ret))
		return;
	page_head(&page, page.words->data_title);
	html_put(&page.html, "<p>%s</p>\n", page.words->data_intro);
	put_terms(&page);
	put_months(&page);
	html_put(&page.html, "<h2>%s</h2>\n<p>%s</p>\n", page.words->dictionary,
		page.words->dictionary_intro);
	for (int i = 0; i < OPEN_TABLES; i++)
		put_table(&page, &open_tables[i]);
	page_end(&page);
}
