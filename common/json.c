/* SPDX-License-Identifier: Apache-2.0 */
#include "common/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static void put(struct json *json, const void *bytes, size_t length)
{
	if (!json->failed)
		json->failed = buf_append(json->out, bytes, length);
}

static void put_text(struct json *json, const char *text)
{
	put(json, text, strlen(text));
}

void json_init(struct json *json, struct buf *out)
{
	*json = (struct json){.out = out};
}

/* What cannot stand in a JSON text as it is. */
static bool must_escape(unsigned char byte)
{
	return byte < ' ' || byte == '"' || byte == '\\';
}

static void put_escaped(struct json *json, unsigned char byte)
{
	char escape[8];

	if (byte == '"' || byte == '\\')
		snprintf(escape, sizeof escape, "\\%c", byte);
	else if (byte == '\n')
		snprintf(escape, sizeof escape, "\\n");
	else
		snprintf(escape, sizeof escape, "\\u%04x", byte);
	put_text(json, escape);
}

static void put_quoted(struct json *json, const char *value)
{
	const unsigned char *s = (const unsigned char *)value, *plain = s;
	size_t length;

	put(json, "\"", 1);
	while (*s) {
		length = utf8_take(s, UTF8_BYTES_MAX, NULL);
		if (length > 0 && !must_escape(*s)) {
			s += length;
			continue;
		}
		put(json, plain, (size_t)(s - plain));
		if (length == 0)
			put_text(json, REPLACEMENT);
		else
			put_escaped(json, *s);
		plain = ++s;
	}
	put(json, plain, (size_t)(s - plain));
	put(json, "\"", 1);
}

/* The comma and the key that stand before a value. */
static void begin_value(struct json *json, const char *key)
{
	if (json->comma[json->depth])
		put(json, ",", 1);
	json->comma[json->depth] = true;
	if (!key)
		return;
	put_quoted(json, key);
	put(json, ":", 1);
}

static void open_level(struct json *json, const char *key, const char *bracket)
{
	begin_value(json, key);
	put_text(json, bracket);
	if (json->depth + 1 == JSON_DEPTH_MAX) {
		if (!json->failed)
			json->failed = -EOVERFLOW;
		return;
	}
	json->depth++;
	json->comma[json->depth] = false;
}

static void close_level(struct json *json, const char *bracket)
{
	put_text(json, bracket);
	if (json->depth > 0)
		json->depth--;
}

void json_object(struct json *json, const char *key)
{
	open_level(json, key, "{");
}

void json_object_end(struct json *json)
{
	close_level(json, "}");
}

void json_array(struct json *json, const char *key)
{
	open_level(json, key, "[");
}

void json_array_end(struct json *json)
{
	close_level(json, "]");
}

void json_text(struct json *json, const char *key, const char *value)
{
	if (!value) {
		json_null(json, key);
		return;
	}
	begin_value(json, key);
	put_quoted(json, value);
}

void json_number(struct json *json, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	json_decimal(json, key, text);
}

void json_decimal(struct json *json, const char *key, const char *value)
{
	begin_value(json, key);
	put_text(json, value);
}

void json_raw(struct json *json, const char *key, const char *value)
{
	json_decimal(json, key, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	json_decimal(json, key, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	json_decimal(json, key, "null");
}

int json_end(struct json *json)
{
	return json->failed;
}
