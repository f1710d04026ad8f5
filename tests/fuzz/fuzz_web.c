/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a stranger sends to the web: a body, a cookie, a token, the addresses of
 * proxies, a path, and a stream of events. Refused in words, or taken within its limits.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "web/account/own_events.h"
#include "web/account/proxy.h"
#include "web/account/secret.h"
#include "web/body.h"
#include "web/routes.h"

static void read_body(const uint8_t *bytes, size_t size)
{
	static const char *const known[] = {"link", "note", "items", "accept", NULL};
	const struct request request = {.body = bytes, .body_length = size};
	struct response response;
	struct body *body = NULL;
	int64_t link = 0;
	const char *text;
	size_t count = 0;
	bool flag;

	response_init(&response);
	if (body_read(&request, known, &body, &response)) {
		const struct param_range range = {1, 9};

		if (body_number(body, "link", range, &link, &response))
			FUZZ_CHECK(link == 0 || (link >= 1 && link <= 9));
		if (body_text(body, "note", &text, &response) && text)
			FUZZ_CHECK(strlen(text) >= 1 && strlen(text) <= BODY_TEXT_MAX);
		if (body_list(body, "items", &count, &response))
			FUZZ_CHECK(body_list_text(body, "items", count - 1) != NULL);
		body_flag(body, "accept", &flag, &response);
	} else {
		FUZZ_CHECK(response.status == 400 || response.status == 503);
	}
	body_free(body);
	response_done(&response);
}

static void read_headers(const char *text)
{
	struct request request = {.forwarded_for = text, .forwarded_proto = text, .path = text};
	char secret[SECRET_BYTES] = "", group[HTTP_ADDRESS_BYTES];
	struct proxies proxies;

	if (secret_in_cookie(text, COOKIE_PLAIN, secret) || secret_in_bearer(text, secret))
		FUZZ_CHECK(strlen(secret) == SECRET_BYTES - 1);
	strcpy(request.address, "127.0.0.1");
	FUZZ_CHECK(proxies_read("127.0.0.1", &proxies, NULL) == 0);
	proxies_look_behind(&proxies, &request);
	FUZZ_CHECK(strlen(request.address) < HTTP_ADDRESS_BYTES);
	address_group(request.address, group);
	proxies_read(text, &proxies, NULL);
	FUZZ_CHECK(routes_lane(&request) < LANE_COUNT);
}

/* The same text as each kind of parameter: taken within its limits, or 400. */
static void read_params(const char *text)
{
	static const char *const names[] = {"limit", "kabupaten", "provider", "at", "month", "by"};
	static const char *const choices[] = {"link", "desa", NULL};
	struct request request = {.param_count = sizeof(names) / sizeof(names[0])};
	const char *code = NULL, *words = NULL, *month = NULL;
	struct response response;
	struct page page = {0};
	int64_t at_s = 0;
	int choice = 0;

	for (size_t i = 0; i < request.param_count; i++)
		request.params[i] = (struct http_param){names[i], text};
	response_init(&response);
	if (param_page(&request, &page, &response))
		FUZZ_CHECK(page.limit >= 1 && page.limit <= PAGE_ROWS_MAX);
	if (param_code(&request, "kabupaten", 2, &code, &response))
		FUZZ_CHECK(strlen(code) == strlen("64.08"));
	if (param_text(&request, "provider", &words, &response))
		FUZZ_CHECK(strlen(words) <= PARAM_TEXT_MAX && !strpbrk(words, "\r\n\x7f"));
	if (param_month(&request, &month, &response))
		FUZZ_CHECK(strlen(month) == strlen("2026-01"));
	if (param_choice(&request, "by", choices, &choice, &response))
		FUZZ_CHECK(choice == 0 || choice == 1);
	param_time(&request, "at", &at_s, &response);
	FUZZ_CHECK(response.status == 200 || response.status == 400);
	response_done(&response);
}

static void read_events(const uint8_t *bytes, size_t size)
{
	struct registry_link links[] = {{.id = 3}, {.id = 17}};
	const struct own own = {.links = links, .count = 2};
	struct buf raw, out;

	buf_init(&raw, size);
	buf_init(&out, 2 * size + 64);
	FUZZ_CHECK(buf_append(&raw, bytes, size) == 0);
	FUZZ_CHECK(own_events_take(&own, &raw, &out) == 0);
	FUZZ_CHECK(buf_length(&out) <= size + 16);
	buf_done(&raw);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);

	FUZZ_CHECK(text != NULL);
	memcpy(text, bytes, size);
	text[size] = '\0';
	read_body(bytes, size);
	read_headers(text);
	read_params(text);
	read_events(bytes, size);
	free(text);
	return 0;
}
