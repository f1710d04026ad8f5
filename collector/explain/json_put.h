/* SPDX-License-Identifier: Apache-2.0 */
/* Times and words as the JSON of this room writes them: what is not there is null. */
#ifndef PANTAU_EXPLAIN_JSON_PUT_H
#define PANTAU_EXPLAIN_JSON_PUT_H

#include "common/json.h"

/* "2026-01-31T16:00:00Z"; null for the ends of time. */
void json_put_time(struct json *json, const char *key, int64_t utc_s);
/* "2026-01-31T16:00:00.250Z"; null for 0. */
void json_put_us(struct json *json, const char *key, int64_t utc_us);
/* The members from, to and seconds; the last two are null without an end. */
void json_put_span(struct json *json, int64_t from_s, int64_t to_s);
/* NULL and "" are null. */
void json_put_words(struct json *json, const char *key, const char *value);

#endif
