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
#include "web/html.h"
#include "web/params.h"
#include "web/site.h"

#define HASH_DIGITS 64
#define HASH_DIGITS_MIN 16 /* as many as stand at the foot of each page */
#define ZONE_S (8 * 3600) /* the page tells WITA, like every time without a link */

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

static void begin_page(struct html *html, const char *title, struct response *ret)
{
	const struct html_frame frame = {.language = "id", .title = title, .hidden = true};

	html_begin(html, &frame, ret);
	html_put(html, "<main><h1>%s</h1>\n", title);
}

static void end_page(struct html *html, struct response *ret)
{
	html_put(html, "<p><small>Pantau Desa</small></p></main>");
	html_end(html, ret);
}

static void write_found(const struct search *search, struct response *ret)
{
	const struct say say = {REPORT_ID, ZONE_S};
	const struct closed_month *found = &search->found;
	char name[REVISION_NAME_BYTES], month[SAY_BYTES], closed[SAY_BYTES], number[SAY_BYTES];
	bool latest = found->revision == search->latest;
	struct html html;

	revision_name(found->revision, name);
	snprintf(number, sizeof(number), "%" PRId64, found->number);
	begin_page(&html, latest ? "Dokumen asli" : "Dokumen asli, sudah direvisi", ret);
	html_put(&html,
		"<p>%s</p>\n<dl><dt>Bulan</dt><dd>%s</dd><dt>Status</dt><dd>%s</dd>"
		"<dt>Nomor</dt><dd>%s</dd><dt>Ditutup</dt><dd>%s</dd>"
		"<dt>SHA-256</dt><dd><code>%s</code></dd></dl>\n",
		latest ? "Bulan ini ditutup di sini, dan inilah revisi terakhirnya."
		       : "Bulan ini ditutup di sini, tetapi sudah ada revisi yang lebih baru.",
		say_month(&say, found->month, month), name, number,
		say_moment(&say, found->closed_s, closed), found->hash);
	html_put(&html,
		"<p>Bandingkan bulan, status dan SHA-256 ini dengan yang tercetak pada laporan.</p>"
		"\n");
	end_page(&html, ret);
}

void page_verify(struct site *site, const struct request *request, struct response *ret)
{
	struct search search = {0};
	unsigned status = look_up(site, request, &search, ret);

	if (status == 200) {
		write_found(&search, ret);
	} else if (status == 404) {
		struct html html;

		begin_page(&html, "Tidak dikenal", ret);
		ret->status = 404;
		html_put(&html,
			"<p>Tidak ada bulan yang ditutup di sini dengan SHA-256 ini. Periksa "
			"kembali angka dan huruf pada alamatnya.</p>\n");
		end_page(&html, ret);
	}
}
