/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines for tests from a short text: a letter and a count of minutes, e.g. "g5 b3 .2 g10".
 * g good, b bad (upstream), a bad (access), l bad (local), f too few rounds, x disputed: slots of
 * 60 s; . silent, p power, d dropped: holes.
 */
#ifndef PANTAU_TESTS_LINE_MAKER_H
#define PANTAU_TESTS_LINE_MAKER_H

#include "collector/ledger/states.h"

void line_make(struct line *ret_line, int64_t from, const char *text);

/* The states as the same kind of text, in seconds: "U300 D180:upstream N60:power N-:silent". */
void states_text(const struct states *states, char *ret_text, size_t size);

/* Line text in, states text out, under `terms`, beginning at `from`. */
void judge_text(
	const char *text, int64_t from, const struct terms *terms, char *ret_text, size_t size);

#endif
