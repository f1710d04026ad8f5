/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/json_put.h"

#include "collector/ledger/span.h"
#include "common/civil.h"

#define US_PER_MS 1000

void json_put_time(struct json *json, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	if (utc_s == SPAN_FOREVER || utc_s == INT64_MIN) {
		json_null(json, key);
		return;
	}
	civil_format(utc_s, text);
	json_text(json, key, text);
}

void json_put_us(struct json *json, const char *key, int64_t utc_us)
{
	char text[CIVIL_TIME_BYTES];

	civil_format_ms(utc_us / US_PER_MS, text);
	json_text(json, key, utc_us ? text : NULL);
}

void json_put_span(struct json *json, int64_t from_s, int64_t to_s)
{
	json_put_time(json, "from", from_s);
	json_put_time(json, "to", to_s);
	if (to_s == SPAN_FOREVER)
		json_null(json, "seconds");
	else
		json_number(json, "seconds", to_s - from_s);
}

/* "" writes null. */
void json_put_words(struct json *json, const char *key, const char *value)
{
	json_text(json, key, value && *value ? value : NULL);
}
