/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this document one of ours? GET /open/v1/verify/HASH for programs, /periksa/HASH for who scans
 * the code on a report. Public: nothing is said but what stands on the paper already.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "collector/report/monthly/say.h"
#include "collector/store/closed_month.h"
#include "common/civil.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

#define HASH_DIGITS 64
#define HASH_DIGITS_MIN 16 /* as many as stand at the foot of each page */
#define ZONE_S (8 * 3600) /* the page tells WITA, like every time without a link */
#define PAGE_BYTES 3000

struct search {
	const char *digits;
	struct closed_month found;
	size_t count;
	int64_t latest; /* revision of the month that was found */
};

static bool is_hash(const char *text)
{
	size_t length = strlen(text);

	return length >= HASH_DIGITS_MIN && length <= HASH_DIGITS &&
		strspn(text, "0123456789abcdef") == length;
}

static int compare(void *arg, const struct closed_month *closed)
{
	struct search *search = arg;

	if (!strncmp(closed->hash, search->digits, strlen(search->digits))) {
		search->found = *closed;
		search->count++;
	}
	/* revisions of a month come in order */
	if (search->count && !strcmp(closed->month, search->found.month))
		search->latest = closed->revision;
	return 0;
}

/* 200, 404 or 500 and up; 0: an answer was given already. */
static unsigned look_up(struct site *site, const struct request *request, struct search *search,
	struct response *ret)
{
	static const char *const none[] = {NULL};
	struct err err = {0};
	struct books books;
	int r = 0;

	search->digits = request->segments[0];
	if (!params_known(request, none, ret))
		return 0;
	if (!is_hash(search->digits))
		return 404;
	if (!books_open(site->state, &books, ret))
		return 0;
	if (books.ledger)
		r = closed_months(books.ledger, NULL, compare, search, &err);
	books_close(&books);
	if (r < 0) {
		books_failed("verification", &err, ret);
		return 0;
	}
	return search->count == 1 ? 200 : 404;
}

void api_verify(struct site *site, const struct request *request, struct response *ret)
{
	struct search search = {0};
	unsigned status = look_up(site, request, &search, ret);
	char name[REVISION_NAME_BYTES], closed[CIVIL_TIME_BYTES];
	struct json json;

	if (status == 404)
		response_error(ret, 404,
			"no month was closed here with a document of this SHA-256 (16 to 64 "
			"lower-case hexadecimal digits)");
	if (status != 200)
		return;
	revision_name(search.found.revision, name);
	civil_format(search.found.closed_s, closed);
	response_json(ret, &json);
	json_text(&json, "sha256", search.found.hash);
	json_text(&json, "month", search.found.month);
	json_number(&json, "revision", search.found.revision);
	json_text(&json, "name", name);
	json_number(&json, "number", search.found.number);
	json_text(&json, "closed", closed);
	json_bool(&json, "latest", search.found.revision == search.latest);
	json_number(&json, "latest_revision", search.latest);
	response_json_end(ret, &json);
}

/* ---- for people: plain, because a phone in the field shows it */

static void write_page(struct response *ret, const char *title, const char *body)
{
	char page[PAGE_BYTES];

	snprintf(page, sizeof(page),
		"<!doctype html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<meta name=\"color-scheme\" content=\"light dark\">"
		"<meta name=\"robots\" content=\"noindex\"><title>%s</title></head>\n"
		"<body><main><h1>%s</h1>\n%s<p><small>Pantau Desa</small></p></main></body></html>"
		"\n",
		title, title, body);
	ret->type = "text/html; charset=utf-8";
	if (buf_append(&ret->body, page, strlen(page)) < 0)
		response_error(ret, 503, "the page does not fit into memory");
}

static void write_found(const struct search *search, struct response *ret)
{
	const struct say say = {REPORT_ID, ZONE_S};
	const struct closed_month *found = &search->found;
	char name[REVISION_NAME_BYTES], month[SAY_BYTES], closed[SAY_BYTES], body[PAGE_BYTES / 2];
	bool latest = found->revision == search->latest;

	revision_name(found->revision, name);
	snprintf(body, sizeof(body),
		"<p>%s</p>\n<dl><dt>Bulan</dt><dd>%s</dd><dt>Status</dt><dd>%s</dd>"
		"<dt>Nomor</dt><dd>%" PRId64 "</dd><dt>Ditutup</dt><dd>%s</dd>"
		"<dt>SHA-256</dt><dd><code>%s</code></dd></dl>\n"
		"<p>Bandingkan bulan, status dan SHA-256 ini dengan yang tercetak pada laporan.</p>"
		"\n",
		latest ? "Bulan ini ditutup di sini, dan inilah revisi terakhirnya."
		       : "Bulan ini ditutup di sini, tetapi sudah ada revisi yang lebih baru.",
		say_month(&say, found->month, month), name, found->number,
		say_moment(&say, found->closed_s, closed), found->hash);
	write_page(ret, latest ? "Dokumen asli" : "Dokumen asli, sudah direvisi", body);
}

void page_verify(struct site *site, const struct request *request, struct response *ret)
{
	struct search search = {0};
	unsigned status = look_up(site, request, &search, ret);

	if (status == 200) {
		write_found(&search, ret);
	} else if (status == 404) {
		ret->status = 404;
		write_page(ret, "Tidak dikenal",
			"<p>Tidak ada bulan yang ditutup di sini dengan SHA-256 ini. Periksa "
			"kembali angka dan huruf pada alamatnya.</p>\n");
	}
}
