/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the wall says beside a link's live state: its last day, and the limits of its contract.
 * Counted now and then by a thread of its own, which rests nineteen times as long as it worked, so
 * that a question costs nothing.
 */
#ifndef PANTAU_WEB_DAYBOOK_H
#define PANTAU_WEB_DAYBOOK_H

#include "collector/store/sla_day.h"

struct daybook;

/* Borrows `state`. */
int daybook_start(const char *state, struct daybook **ret_daybook, struct err *err);
void daybook_stop(struct daybook *daybook);

/* The newest entries, by link, lent for the length of the call. count 0: not counted yet. */
void daybook_lend(struct daybook *daybook,
	void (*use)(void *arg, const struct sla_day *days, size_t count), void *arg);
/* NULL: there is none of the link. Pure. */
const struct sla_day *daybook_find(const struct sla_day *days, size_t count, int64_t link);

#endif
