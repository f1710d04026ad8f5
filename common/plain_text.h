/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and notes that one person enters and others read, in lists, letters and logs: one line of
 * UTF-8 in which nothing is there that is not seen, and nothing seen stands in another order.
 */
#ifndef PANTAU_COMMON_PLAIN_TEXT_H
#define PANTAU_COMMON_PLAIN_TEXT_H

#include "common/err.h"

/* -EINVAL with words that begin with `what`: it is empty, or blanks alone; it holds a control
 * character, a break of lines, a mark that turns the order of what follows, or one of no width; it
 * is not UTF-8. */
int plain_text_check(const char *what, const char *text, struct err *err);

#endif
