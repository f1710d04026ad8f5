/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that are written here: plain HTML that works without scripts and on an old phone. Every %s
 * is escaped, so that a desa called <script> is a desa with an odd name. A sticky error is checked
 * once, at the end.
 */
#ifndef PANTAU_WEB_HTML_H
#define PANTAU_WEB_HTML_H

#include <stdbool.h>

#include "web/http.h"

struct html {
	struct buf *out; /* borrowed */
	int failed; /* 0 or the first negative errno */
};

struct html_frame { /* borrowed */
	const char *language; /* "id" */
	const char *title;
	bool hidden; /* from search engines */
};

/* Begins a page with status 200, up to and with <body>. */
void html_begin(struct html *html, const struct html_frame *frame, struct response *response);
/* What stands in `format` is written as it is, each %s escaped; there is no other directive. */
void html_put(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a sentence that is not known here: each %s takes the next text; NULL ends them. */
#define HTML_TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})
void html_fill(struct html *html, const char *format, const char *const *texts);
/* As a part of an address: percent-encoded, but for letters, digits, "-._~" and "/". */
void html_url(struct html *html, const char *text);
/* Escaped. */
void html_text(struct html *html, const char *text);
/* Ends the page; 503 where it did not fit into memory. Where something failed on the way, and the
 * response says so, set `failed`: nothing more is written. */
void html_end(struct html *html, struct response *response);

#endif
