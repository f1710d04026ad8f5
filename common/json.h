/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streaming JSON writer (RFC 8259) into a growing buffer. Commas are its business; a sticky error
 * is checked once at the end. Text that is not UTF-8 is written with U+FFFD in the bad places.
 */
#ifndef PANTAU_COMMON_JSON_H
#define PANTAU_COMMON_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"

#define JSON_DEPTH_MAX 16

struct json {
	struct buf *out; /* borrowed */
	int failed; /* 0 or the first negative errno */
	unsigned depth;
	bool comma[JSON_DEPTH_MAX];
};

void json_init(struct json *json, struct buf *out);
/* `key` is NULL inside an array or at the top. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_text(struct json *json, const char *key, const char *value); /* NULL writes null */
void json_number(struct json *json, const char *key, int64_t value);
/* A number given as text, e.g. an exact decimal. The caller vouches that it is one. */
void json_decimal(struct json *json, const char *key, const char *value);
/* A value that is JSON already. The caller vouches that it is whole. */
void json_raw(struct json *json, const char *key, const char *value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* 0 or the sticky error. */
int json_end(struct json *json);

#endif
