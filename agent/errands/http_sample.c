/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/http_sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/errands/helper.h"
#include "common/clock.h"

#define LIMIT_MS 15000 /* a page that takes longer is of no use to anybody */
#define LIMIT_TEXT "15000"

struct http_sample {
	struct helper *helper;
	void (*done)(void *arg, const struct http *http, const struct sample_detail *detail);
	void *arg;
	struct http http;
};

/* What was not said before it was killed is a time that ran out; what makes no sense is the
 * helper's own failure. */
static void on_text(void *arg, const char *text, size_t length, int status)
{
	struct http_sample *sample = arg;
	struct sample_detail detail = {0};
	int read = sample_text_http(text, length, &sample->http, &detail);

	if (read == -ENODATA && status == -ETIMEDOUT)
		sample->http.outcome = HTTP_TIMEOUT;
	else if (read < 0)
		sample->http.outcome = HTTP_FAILED;
	sample->done(sample->arg, &sample->http, &detail);
	free(sample);
}

void http_sample_missing(const struct http_sample_settings *settings, struct http *ret_http)
{
	*ret_http = (struct http){.start_us = clock_boot_us(), .outcome = HTTP_FAILED};
	memcpy(ret_http->boot, settings->boot, BOOT_BYTES);
	snprintf(ret_http->wan, sizeof(ret_http->wan), "%s", settings->wan);
	snprintf(ret_http->url, sizeof(ret_http->url), "%s", settings->url);
}

static int start(const struct http_sample_settings *settings, struct http_sample *sample)
{
	const char *words[HELPER_WORDS_MAX] = {
		"http", "--limit-ms", LIMIT_TEXT, "--expect", settings->expect};
	const struct helper_settings helper = {.loop = settings->loop,
		.program = settings->helper,
		.words = words,
		.limit_ms = LIMIT_MS};
	size_t count = 5;

	if (settings->interface) {
		words[count++] = "--interface";
		words[count++] = settings->interface;
	}
	if (settings->public_only)
		words[count++] = "--public-only";
	words[count++] = "--"; /* a URL is no option, whatever it begins with */
	words[count++] = settings->url;
	return helper_start(&helper, on_text, sample, &sample->helper);
}

int http_sample_start(const struct http_sample_settings *settings,
	void (*done)(void *arg, const struct http *http, const struct sample_detail *detail),
	void *arg, struct http_sample **ret_sample)
{
	struct http_sample *sample = calloc(1, sizeof(*sample));
	int status;

	if (!sample)
		return -ENOMEM;
	http_sample_missing(settings, &sample->http);
	sample->done = done;
	sample->arg = arg;
	status = start(settings, sample);
	if (status < 0) {
		free(sample);
		return status;
	}
	*ret_sample = sample;
	return 0;
}

void http_sample_cancel(struct http_sample *sample)
{
	if (!sample)
		return;
	helper_cancel(sample->helper);
	free(sample);
}
