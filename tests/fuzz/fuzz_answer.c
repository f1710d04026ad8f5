/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what servers of others answer: a store of time series, Telegram; and as what our own
 * processes say of themselves on their sockets. */
#include <errno.h>
#include <string.h>

#include "collector/alert/telegram_answer.h"
#include "collector/export/counters.h"
#include "collector/export/influx_private.h"
#include "tests/fuzz/fuzz.h"
#include "web/status.h"

static void try_store(const struct http_answer *answer)
{
	struct influx influx = {.settings = {.url = "http://store"}};
	char words[HTTP_WORDS_MAX + 1];
	struct err err = {.text = ""};
	int r = influx_judge(&influx, answer, &err);

	http_words(answer, words);
	FUZZ_CHECK(strlen(words) <= HTTP_WORDS_MAX);
	for (const char *at = words; *at; at++)
		FUZZ_CHECK((unsigned char)*at >= ' ' && *at != 0x7f);
	FUZZ_CHECK((r == 0) == (answer->status / 100 == 2));
	FUZZ_CHECK(r == 0 || err.text[0]);
	FUZZ_CHECK(!influx_partial(&influx) || r == -EBADMSG);
}

static void try_counters(const char *page)
{
	static const struct counters none;
	struct counters counters, since;
	char words[256];

	counters_read(page, &counters);
	counters_since(&none, &counters, &since);
	counters_words(&since, words, sizeof(words));
	FUZZ_CHECK(strlen(words) < sizeof(words));
	FUZZ_CHECK(counters_since(&counters, &counters, &since) == 0);
}

static void try_telegram(const struct http_answer *answer)
{
	struct delivery delivery = {.retry_after_s = 0};
	struct err err = {.text = ""};
	int64_t message = -7;
	int r = telegram_answer(answer, &delivery, &message, &err);

	FUZZ_CHECK(r == 0 || ((r == -ENOENT || r == -EBADMSG || r == -EAGAIN) && err.text[0]));
	FUZZ_CHECK(message == -7 || (r == 0 && answer->status == 200));
}

static void try_status(const void *bytes, size_t size)
{
	struct err err = {.text = ""};
	struct status *status;
	double number = 0;

	if (status_parse(bytes, size, &status, &err) < 0) {
		FUZZ_CHECK(err.text[0]);
		return;
	}
	status_number(status, "journal.bytes", &number);
	FUZZ_CHECK(number == number);
	status_text(status, "since");
	status_free(status);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const long statuses[] = {200, 204, 400, 404, 413, 422, 429, 500};
	struct http_answer answer = {.length = size};
	char *text = malloc(size + 1);

	FUZZ_CHECK(text);
	memcpy(text, bytes, size);
	text[size] = '\0';
	answer.text = text;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		answer.status = statuses[i];
		try_store(&answer);
		try_telegram(&answer);
	}
	try_counters(text);
	try_status(bytes, size);
	free(text);
	return 0;
}
