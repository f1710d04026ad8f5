/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as one of the short texts that people type and configurations hold: times, numbers,
 * hours of service, names of servers. What is taken comes back as it was. */
#include <string.h>

#include "cli/number.h"
#include "collector/desk/item.h"
#include "collector/export/secret.h"
#include "collector/ledger/service.h"
#include "common/civil.h"
#include "common/digits.h"
#include "common/endpoint.h"
#include "common/http_url.h"
#include "common/plain_text.h"
#include "tests/fuzz/fuzz.h"

#define TEXT_MAX 512

static void try_times(const char *text)
{
	int64_t from_s, to_s, again_s;
	char back[CIVIL_TIME_BYTES], month[8];
	struct err err = {.text = ""};

	if (civil_parse(text, 8 * 3600, &from_s, &err) == 0) {
		civil_format(from_s, back);
		FUZZ_CHECK(civil_parse(back, 0, &again_s, &err) == 0 && again_s == from_s);
	}
	if (civil_month(text, 8 * 3600, &from_s, &to_s, &err) == 0) {
		FUZZ_CHECK(to_s - from_s >= 28 * 86400 && to_s - from_s <= 31 * 86400);
		civil_month_name(from_s, 8 * 3600, month);
		FUZZ_CHECK(strcmp(month, text) == 0);
		civil_month_name(to_s - 1, 8 * 3600, month);
		FUZZ_CHECK(strcmp(month, text) == 0);
	}
}

static void try_numbers(const char *text)
{
	char back[NUMBER_TEXT_BYTES];
	int64_t value, again;

	for (unsigned decimals = 0; decimals <= NUMBER_DECIMALS_MAX; decimals++) {
		if (number_parse(text, decimals, &value) < 0)
			continue;
		number_format(value, decimals, back);
		FUZZ_CHECK(number_parse(back, decimals, &again) == 0 && again == value);
	}
	if (digits_parse(text, 1000, &value) == 0)
		FUZZ_CHECK(value >= 0 && value <= 1000 && strtoll(text, NULL, 10) == value);
}

static void try_service(const char *text)
{
	char back[SERVICE_TEXT_BYTES], twice[SERVICE_TEXT_BYTES];
	struct service service, again;

	if (service_parse(text, &service) < 0)
		return;
	service_format(&service, back);
	FUZZ_CHECK(service_parse(back, &again) == 0);
	service_format(&again, twice);
	FUZZ_CHECK(strcmp(back, twice) == 0 && again.count == service.count);
}

/* A password goes there in plain text: it must be this machine, however the URL is read. */
static void try_url(const char *url)
{
	char host[16] = "";

	if (!url_is_here(url))
		return;
	FUZZ_CHECK(sscanf(strstr(url, "://"), "://%15[^:/[]", host) == 1 ||
		sscanf(strstr(url, "://"), "://[%15[0-9:]]", host) == 1);
	FUZZ_CHECK(
		!strcmp(host, "127.0.0.1") || !strcmp(host, "localhost") || !strcmp(host, "::1"));
}

static void try_names(const char *text)
{
	char host[64], port[ENDPOINT_PORT_BYTES] = "";
	struct item_name name;
	struct err err = {.text = ""};
	const char *rest = text;

	while (list_next(&rest, host, sizeof(host)))
		FUZZ_CHECK(strlen(host) < sizeof(host) && !strchr(host, ','));
	if (endpoint_split(text, host, sizeof(host), port) == 0)
		FUZZ_CHECK(strstr(text, host) && strstr(text, port));
	if (item_parse(text, &name, &err) == 0)
		FUZZ_CHECK(name.count <= ITEM_NUMBERS_MAX);
	else
		FUZZ_CHECK(err.text[0]);
	http_url_fault(text);
	if (plain_text_check("name", text, &err) == 0)
		FUZZ_CHECK(*text && !strpbrk(text, "\r\n\t\x7f"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char text[TEXT_MAX] = "";

	memcpy(text, bytes, size < TEXT_MAX ? size : TEXT_MAX - 1);
	try_times(text);
	try_numbers(text);
	try_service(text);
	try_url(text);
	try_names(text);
	return 0;
}
