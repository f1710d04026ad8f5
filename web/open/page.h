/* SPDX-License-Identifier: Apache-2.0 */
/* The pages for citizens: what they have in common. */
#ifndef PANTAU_WEB_OPEN_PAGE_H
#define PANTAU_WEB_OPEN_PAGE_H

#include "web/html.h"
#include "web/open/answer.h"
#include "web/open/words.h"

struct public_page {
	struct html html;
	struct showcase *showcase; /* borrowed, as all below */
	const struct request *request;
	struct response *response;
	enum open_language language;
	const struct open_words *words;
	bool faulty; /* what measures and counts does not work as it should */
	struct say say; /* times in the province's zone, unless a link has another */
};

/* Takes the showcase and writes up to <h1>. False: the response says why not. `title` NULL: that of
 * the open data. */
bool page_begin(struct public_page *page, struct site *site, const struct request *request,
	struct response *ret);
void page_head(struct public_page *page, const char *title);
/* The foot, the tag, and gives the showcase back. */
void page_end(struct public_page *page);
/* "?lang=en" where that is not the usual. */
const char *page_query(const struct public_page *page);

/* ---- parts */

void page_search(struct public_page *page, const char *text);
/* A desa in a list: its name, where it lies, how it is. `where`: with kecamatan and kabupaten. */
void page_desa_item(struct public_page *page, const struct region *desa, bool where);
/* <p> with a text in it. */
void page_sentence(struct public_page *page, const char *format, const char *text);
/* Sentences of several numbers: a text with up to six %s. */
struct page_numbers {
	char text[6][SAY_BYTES];
};
/* A link's months. Negative: the response says why not. */
int page_months(struct public_page *page, const struct board_row *row);
/* Everything about one desa. */
void page_desa(struct public_page *page, const struct region *desa);
/* What all links of a desa come to; false: there is none. */
bool page_desa_state(
	const struct gazetteer *gazetteer, const char *desa, enum live_state *ret_state);

#endif
