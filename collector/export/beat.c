/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/beat.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MS 10000L /* a watcher that takes longer is as good as away */

struct beat {
	CURL *curl;
	char *url;
	bool (*stop)(void *arg);
	void *stop_arg;
	char words[CURL_ERROR_SIZE];
};

static size_t drop_answer(char *bytes, size_t size, size_t count, void *arg)
{
	return size * count;
}

static int on_progress(
	void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct beat *beat = arg;

	return beat->stop && beat->stop(beat->stop_arg);
}

int beat_open(const char *url, bool (*stop)(void *arg), void *stop_arg, struct beat **ret_beat,
	struct err *err)
{
	struct beat *beat = calloc(1, sizeof(*beat));

	if (beat) {
		beat->curl = curl_easy_init();
		beat->url = strdup(url);
	}
	if (!beat || !beat->curl || !beat->url) {
		beat_close(beat);
		return err_errno(err, -ENOMEM, "heartbeat");
	}
	beat->stop = stop;
	beat->stop_arg = stop_arg;
	curl_easy_setopt(beat->curl, CURLOPT_URL, beat->url);
	curl_easy_setopt(beat->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(beat->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(beat->curl, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(beat->curl, CURLOPT_WRITEFUNCTION, drop_answer);
	curl_easy_setopt(beat->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(beat->curl, CURLOPT_XFERINFODATA, beat);
	curl_easy_setopt(beat->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(beat->curl, CURLOPT_ERRORBUFFER, beat->words);
	curl_easy_setopt(beat->curl, CURLOPT_USERAGENT, "pantau-collector/" PANTAU_VERSION);
	*ret_beat = beat;
	return 0;
}

int beat_send(struct beat *beat, struct err *err)
{
	long status = 0;
	CURLcode code;

	beat->words[0] = '\0';
	code = curl_easy_perform(beat->curl);
	if (code != CURLE_OK)
		return err_set(err, -EAGAIN, "%s: %s", beat->url,
			beat->words[0] ? beat->words : curl_easy_strerror(code));
	curl_easy_getinfo(beat->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || status > 299)
		return err_set(err, -EAGAIN, "%s: answer %ld", beat->url, status);
	return 0;
}

void beat_close(struct beat *beat)
{
	if (!beat)
		return;
	curl_easy_cleanup(beat->curl);
	free(beat->url);
	free(beat);
}
