/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wish to close a month: a row of registry.db like any other decision, logged, which the
 * process `ledger` executes (closed_month.h holds what comes of it). A row is never changed:
 * closing a month again is another row.
 */
#ifndef PANTAU_STORE_REGISTRY_CLOSE_H
#define PANTAU_STORE_REGISTRY_CLOSE_H

#include "collector/store/registry.h"

extern const char registry_close_schema[];

#define MONTH_NAME_BYTES 8 /* "2026-01" and its 0 */

#define CLOSING_GRACE_DAYS 7 /* sla.md: late records have this long after the month's local end */
#define CLOSING_GRACE_DAYS_MAX 366

struct registry_closing {
	int64_t id;
	int64_t entered_s; /* not read by add */
	char month[MONTH_NAME_BYTES];
	char by[REGISTRY_NAME_BYTES]; /* the officer */
	int64_t grace_days;
};

/* The month wherever in Indonesia it is: from its first second in WIT to its last one in WIB.
 * -EINVAL: no month. */
int closing_span(const char *month, struct span *ret_span, struct err *err);

/* The second from which on the month can be closed, with the usual days of grace. -EINVAL. */
int registry_closing_from(
	struct registry *registry, const char *month, int64_t *ret_from_s, struct err *err);
/* Whether it could be entered now. -EAGAIN: the month or its days of grace are not over in the
 * westernmost zone of the links (where there is none, in WITA); the words say from when on. */
int registry_closing_check(
	struct registry *registry, const struct registry_closing *closing, struct err *err);
/* The same errors. *ret_closing: with its number. */
int registry_closing_add(struct registry *registry, const struct registry_closing *closing,
	struct registry_closing *ret_closing, struct err *err);
/* By id. */
int registry_closings(struct registry *registry,
	int (*each)(void *arg, const struct registry_closing *closing), void *arg, struct err *err);

/* How many changes after this sequence reach into the span: contracts, exclusions, bindings,
 * decisions, objections, tickets. */
int registry_changed_since(struct registry *registry, int64_t sequence, struct span span,
	int64_t *ret_count, struct err *err);

#endif
