/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/log.h"

/* Names of days and months are English here whatever the locale is. */
static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void open_date(int64_t utc_s, char ret_text[OPEN_DATE_BYTES])
{
	time_t at = utc_s;
	struct tm tm;

	gmtime_r(&at, &tm);
	snprintf(ret_text, OPEN_DATE_BYTES, "%s, %02d %s %04d %02d:%02d:%02d GMT",
		days[tm.tm_wday % 7], tm.tm_mday % 100, months[tm.tm_mon % 12],
		(tm.tm_year + 1900) % 10000, tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
}

int open_date_parse(const char *text, int64_t *ret_utc_s)
{
	struct tm tm = {0};
	char month[4];
	int end = 0;

	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &tm.tm_mday, month,
		    &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) != 6 ||
		!end || text[end])
		return -EINVAL;
	for (tm.tm_mon = 0; tm.tm_mon < 12; tm.tm_mon++) {
		if (!strcmp(month, months[tm.tm_mon]))
			break;
	}
	if (tm.tm_mon == 12 || tm.tm_year < 1970)
		return -EINVAL;
	tm.tm_year -= 1900;
	*ret_utc_s = timegm(&tm);
	return 0;
}

bool open_take(struct site *site, struct response *ret)
{
	struct err err = {0};
	int r = showcase_take(site->showcase, &err);

	if (r == 0)
		return true;
	if (r == -ENOENT)
		response_error(ret, 503, "there is no registry yet: run pantau init");
	else
		books_failed("open data", &err, ret);
	return false;
}

void open_share(struct response *ret)
{
	response_header(ret, "Access-Control-Allow-Origin", "*");
	response_header(ret, "Access-Control-Expose-Headers", "ETag, Link");
	response_header(ret, "Cross-Origin-Resource-Policy", "cross-origin");
}

static bool is_unchanged(const struct request *request, const struct open_version *version)
{
	int64_t since_s;

	if (request->if_none_match)
		return request_knows(request, version->etag);
	return request->if_modified_since && version->modified_s &&
		open_date_parse(request->if_modified_since, &since_s) == 0 &&
		version->modified_s <= since_s;
}

bool open_is_known(
	const struct request *request, const struct open_version *version, struct response *ret)
{
	char date[OPEN_DATE_BYTES];

	ret->cache = version->cache;
	if (version->packed) /* other bytes for who cannot unpack: the same, not byte by byte */
		response_header(ret, "Vary", "Accept-Encoding");
	response_header(ret, "ETag", "%s%s",
		version->packed && request_unpacks(request) ? "W/" : "", version->etag);
	if (version->modified_s) {
		open_date(version->modified_s, date);
		response_header(ret, "Last-Modified", "%s", date);
	}
	if (!is_unchanged(request, version))
		return false;
	ret->status = 304;
	buf_clear(&ret->body);
	return true;
}

void open_finish(
	const struct request *request, int64_t modified_s, const char *cache, struct response *ret)
{
	struct open_version version = {.modified_s = modified_s, .cache = cache};
	char etag[OPEN_ETAG_BYTES];

	if (ret->status != 200)
		return;
	packed_tag(buf_peek(&ret->body), buf_length(&ret->body), etag);
	version.etag = etag;
	open_is_known(request, &version, ret);
}

void open_send(const struct request *request, const struct packed *packed,
	struct open_version version, struct response *ret)
{
	version.etag = packed->etag;
	version.packed = true;
	if (!open_is_known(request, &version, ret))
		packed_send(packed, request, ret);
}

void open_send_paper(struct showcase *showcase, const struct request *request,
	const struct open_paper *paper, struct response *ret)
{
	const struct packed *packed = showcase_paper(showcase, paper->which, paper->key);

	if (!packed) {
		paper->write(paper->arg, ret);
		if (ret->status != 200)
			return;
		if (showcase_keep(showcase, paper->which, paper->key, &ret->body) < 0) {
			response_error(ret, 503, "the answer does not fit into memory");
			return;
		}
		buf_clear(&ret->body);
		packed = showcase_paper(showcase, paper->which, paper->key);
	}
	ret->type = paper->type;
	open_send(request, packed, paper->version, ret);
}
