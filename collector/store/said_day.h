/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the exporter is told of a link's local days: their seconds in U, D, N and E, when they are
 * final. The table `said_day` remembers it, so that a day is told once, and again when it says
 * something else by now.
 *
 *	final	over, and no second of it is N, or it has been over for so long that nothing is
 *		waited for any more
 */
#ifndef PANTAU_STORE_SAID_DAY_H
#define PANTAU_STORE_SAID_DAY_H

#include "collector/ledger/span.h"
#include "collector/store/ledger_writer.h"
#include "collector/store/sla_link.h"

/* A router keeps what it could not report for seven days. */
#define SAID_DAY_WAIT_S (8 * 86400LL)

struct db;

extern const char said_day_schema[];
/* Of a file that had an exporter before there was the table: all days are looked at. */
extern const char said_day_raise[];

/* Inside a batch: tells what is new of the days that begin within the span, which begins and ends
 * at a local midnight; all of them are over. Slots before gone_s are gone: what was told of those
 * days stays. Nothing while there is no exporter. */
struct said_days {
	const struct sla_case *sla_case; /* its period's offset is the zone's; borrowed */
	struct span days;
	int64_t gone_s, now_s;
};
int said_days_tell(
	struct ledger_writer *writer, const struct said_days *said_days, struct err *err);

/* What was told of the days that begin within the span. ids are 0. */
int said_days_again(struct db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err);

#endif
