/* SPDX-License-Identifier: Apache-2.0 */
/* One page fetched: each step timed by itself, and who it was that answered. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/probe/answer.h"
#include "agent/probe/fetch.h"
#include "agent/probe/sample.h"
#include "common/clock.h"

#define CONTENT_MAX (64 * 1024) /* a page for checks has a few bytes; a portal's is cut here */
#define RECEIVED_MAX (96 * 1024) /* with TLS, headers and whatever else a server thinks of */
#define WAITING_BYTES (16 * 1024) /* in the socket; the kernel doubles it */
#define BUFFER_BYTES 1024L /* libcurl reads up to a hundred of them before anybody may look */
#define PREFIX_MAX 128 /* of the content that is expected */
#define STEP_MS 1000
#define STATUS_NETWORK_AUTHENTICATION 511 /* RFC 6585: a portal that says so */

struct page {
	unsigned status; /* expected */
	const char *prefix; /* of the content; "" any */
	uint64_t bytes;
	char begin[PREFIX_MAX];
	size_t begun; /* bytes of it */
	bool cut; /* the page was longer than anybody needs */
	bool endless; /* so much came, and no content yet */
};

/* "204", "200 success" */
static int read_expected(const char *text, struct page *page, struct err *err)
{
	char *end;
	long status = strtol(text, &end, 10);

	while (*end == ' ')
		end++;
	if (end == text || status < 100 || status > 599 || strlen(end) > PREFIX_MAX)
		return err_set(err, -EINVAL,
			"%.64s: must be a status, and the beginning of the content", text);
	*page = (struct page){.status = (unsigned)status, .prefix = end};
	return 0;
}

static bool on_content(void *arg, const void *bytes, size_t length)
{
	struct page *page = arg;
	size_t room = sizeof(page->begin) - page->begun, kept = length < room ? length : room;

	memcpy(page->begin + page->begun, bytes, kept);
	page->begun += kept;
	page->bytes += length;
	page->cut = page->bytes > CONTENT_MAX;
	return !page->cut;
}

static bool as_expected(const struct page *page)
{
	size_t length = strlen(page->prefix);

	return page->begun >= length && memcmp(page->begin, page->prefix, length) == 0;
}

/* Redirected to somebody else: a portal's way. To another path or to https it is the server's own.
 */
static bool is_elsewhere(const char *redirect, const char *host)
{
	struct fetch_url url;

	return *redirect &&
		(fetch_split(redirect, &url, NULL) < 0 || strcasecmp(url.host, host) != 0);
}

static const char *judge_content(const struct page *page, const struct fetch_result *result)
{
	if (result->status != page->status)
		return result->status == 200 && page->status == 204 ? "portal" : "status";
	return as_expected(page) ? "done" : "impostor";
}

static const char *judge(
	const struct page *page, const struct fetch_result *result, const struct fetch_url *url)
{
	if (page->endless)
		return "impostor";
	switch (result->end) {
	case FETCH_STOPPED:
	case FETCH_DONE: break;
	case FETCH_TIMEOUT: return "timeout";
	case FETCH_TLS: return "tls";
	case FETCH_STRANGER: return "impostor";
	case FETCH_BROKEN: return "broken";
	case FETCH_FAILED: return "failed";
	}
	if (result->status == STATUS_NETWORK_AUTHENTICATION ||
		is_elsewhere(result->redirect, url->host))
		return "portal";
	return judge_content(page, result);
}

static void tell(
	const struct page *page, const struct fetch_result *result, const struct fetch_url *url)
{
	if (result->tls_us)
		answer_number("tls_us", result->tls_us);
	if (result->first_byte_us)
		answer_number("first_byte_us", result->first_byte_us);
	if (result->status)
		answer_number("status", result->status);
	answer_number("bytes", page->bytes);
	if (*result->redirect)
		answer_text("detail", result->redirect);
	else if (result->end != FETCH_DONE && result->end != FETCH_STOPPED)
		answer_text("detail", result->words);
	answer_text("outcome", judge(page, result, url));
}

static uint64_t left_us(uint64_t end_us)
{
	uint64_t now_us = clock_boot_us();

	return now_us < end_us ? end_us - now_us : 0;
}

static void fetch_page(const struct sample_request *request, struct page *page,
	const struct fetch_url *url, struct reach *reach)
{
	const struct fetch_request ask = {
		.url = request->url,
		.ca = request->ca,
		.reach = reach,
		.limit_us = left_us(request->way.end_us),
		.buffer_bytes = BUFFER_BYTES,
		.arg = page,
		.content = on_content,
	};
	struct fetch *fetch = fetch_new(&ask);
	struct fetch_result result;

	if (!fetch) {
		answer_text("outcome", "failed");
		return;
	}
	while (fetch_step(fetch, STEP_MS))
		if (fetch_received(fetch) > RECEIVED_MAX) {
			page->endless = !page->bytes;
			break;
		}
	fetch_result(fetch, &result);
	fetch_free(fetch);
	tell(page, &result, url);
}

int sample_http(const struct sample_request *request, struct err *err)
{
	static const char *const ends[] = {
		[REACH_NAME] = "name", [REACH_CONNECT] = "connect", [REACH_TIMEOUT] = "timeout"};
	uint64_t begin_us = clock_boot_us();
	struct reach_way way = request->way;
	struct fetch_url url;
	struct page page;
	struct reach reach;
	struct err fault = {0};
	enum reach_end end;

	if (fetch_split(request->url, &url, err) < 0 ||
		read_expected(request->expect, &page, err) < 0)
		return -EINVAL;
	way.received_bytes = WAITING_BYTES;
	end = reach_host(&way, url.host, url.port, &reach, &fault);
	answer_server(&reach.address, reach.port);
	answer_number("name_us", reach.name_us);
	answer_number("connect_us", reach.connect_us);
	if (end == REACH_DONE) {
		fetch_page(request, &page, &url, &reach);
	} else {
		answer_text("detail", fault.text);
		answer_text("outcome", ends[end]);
	}
	answer_number("total_us", clock_boot_us() - begin_us);
	return 0;
}
