/* SPDX-License-Identifier: Apache-2.0 */
#include "web/html.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Forms of these pages ask this server; there is no script. */
#define POLICY                                                                       \
	"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; " \
	"base-uri 'none'; frame-ancestors 'none'"

static void append(struct html *html, const char *text, size_t length)
{
	if (!html->failed)
		html->failed = buf_append(html->out, text, length);
}

static const char *escape_of(char letter)
{
	switch (letter) {
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '&': return "&amp;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void html_text(struct html *html, const char *text)
{
	while (*text) {
		size_t plain = strcspn(text, "<>&\"'");
		const char *escape;

		append(html, text, plain);
		text += plain;
		escape = escape_of(*text);
		if (escape) {
			append(html, escape, strlen(escape));
			text++;
		}
	}
}

void html_url(struct html *html, const char *text)
{
	char escape[4];

	for (; *text; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~/", *text)) {
			append(html, text, 1);
			continue;
		}
		snprintf(escape, sizeof(escape), "%%%02X", (unsigned char)*text);
		append(html, escape, 3);
	}
}

void html_put(struct html *html, const char *format, ...)
{
	va_list texts;

	va_start(texts, format);
	while (*format) {
		size_t plain = strcspn(format, "%");

		append(html, format, plain);
		format += plain;
		if (!*format)
			break;
		assert(format[1] == 's' || format[1] == '%');
		if (format[1] == 's')
			html_text(html, va_arg(texts, const char *));
		else
			append(html, "%", 1);
		format += 2;
	}
	va_end(texts);
}

void html_fill(struct html *html, const char *format, const char *const *texts)
{
	while (*format) {
		size_t plain = strcspn(format, "%");

		append(html, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		if (format[1] == '%')
			append(html, "%", 1);
		else if (*texts)
			html_text(html, *texts++);
		format += 2;
	}
}

void html_begin(struct html *html, const struct html_frame *frame, struct response *response)
{
	buf_clear(&response->body);
	response->status = 200;
	response->type = "text/html; charset=utf-8";
	response_header(response, "Content-Security-Policy", "%s", POLICY);
	*html = (struct html){.out = &response->body};
	html_put(html,
		"<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<meta name=\"color-scheme\" content=\"light dark\">",
		frame->language);
	if (frame->hidden)
		html_put(html, "<meta name=\"robots\" content=\"noindex\">");
	html_put(html,
		"<title>%s</title><link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">"
		"<link rel=\"stylesheet\" href=\"/publik.css\"></head>\n<body>\n",
		frame->title);
}

void html_end(struct html *html, struct response *response)
{
	html_put(html, "</body></html>\n");
	if (html->failed < 0 && response->status < 500)
		response_error(response, 503, "the page does not fit into memory");
}
