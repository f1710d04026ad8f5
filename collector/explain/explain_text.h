/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation in words, for an officer: in Bahasa Indonesia, or in English. */
#ifndef PANTAU_EXPLAIN_TEXT_H
#define PANTAU_EXPLAIN_TEXT_H

#include "collector/explain/explain.h"
#include "collector/explain/words.h"

/* Appends the page; times are in the link's zone. 0, -ENOMEM, -ENOBUFS. */
int explanation_text(
	const struct explanation *explanation, enum language language, struct buf *out);

#endif
