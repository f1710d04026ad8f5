/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text in the reader's language: each sentence stands twice where it is said, in Bahasa Indonesia
 * and in English, with the same arguments in the same order. A sticky error is checked once.
 */
#ifndef PANTAU_EXPLAIN_WORDS_H
#define PANTAU_EXPLAIN_WORDS_H

#include <stdint.h>

#include "collector/ledger/cause.h"
#include "common/buf.h"

enum language { LANGUAGE_ID, LANGUAGE_EN };
extern const char *const language_names[]; /* "id", "en", NULL: by enum language */

struct words {
	struct buf *out; /* borrowed */
	enum language language;
	int32_t offset_s; /* of the zone that times are told in */
	int failed; /* 0 or the first negative errno */
};

/* Appends one of the two. */
void words_say(struct words *words, const char *id, const char *en, ...)
	__attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* The one of the two that is in the reader's language. */
const char *words_pick(const struct words *words, const char *id, const char *en);

#define WORDS_TIME_BYTES 40
/* "2026-01-31 16:00:00" in the zone; for the ends of time a word. */
const char *words_time(const struct words *words, int64_t utc_s, char ret_text[WORDS_TIME_BYTES]);

/* What a cause is, in a few words. */
const char *words_down_cause(const struct words *words, enum down_cause cause);
const char *words_unknown_cause(const struct words *words, enum unknown_cause cause);

#endif
