/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Months in sums (collector/closing/standings.h), kept in memory for who compares them: a closed
 * month until it is revised, an open one for a minute or two, or until people decide something.
 */
#ifndef PANTAU_WEB_YEARBOOK_H
#define PANTAU_WEB_YEARBOOK_H

#include "collector/closing/standings.h"
#include "web/filter.h"

struct yearbook;

/* NULL: no memory. */
struct yearbook *yearbook_new(void);
void yearbook_free(struct yearbook *yearbook); /* NULL is accepted */

struct yearbook_use { /* is called once with the sums, lent for the length of the call */
	void (*take)(void *arg, const struct standings *standings);
	void *arg;
};
/* The month's sums; others who ask wait meanwhile. 0 or a negative errno with words. */
int yearbook_lend(struct yearbook *yearbook, const struct books *books, const char *month,
	struct yearbook_use use, struct err *err);

#endif
