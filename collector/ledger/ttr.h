/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time to restore: how long an outage took to end, by the clock, from its beginning and from the
 * moment the NOC opened a ticket. An outage is one, with the N inside it; where N adjoins, nobody
 * knows when it began or ended, and the time is an interval.
 *
 *	    span_from    from            to      span_to
 *	U U | N N N N N | D D D N N D D | N N N | U U
 *	                |--- shortest --|
 *	    |------------- longest -------------|
 */
#ifndef PANTAU_LEDGER_TTR_H
#define PANTAU_LEDGER_TTR_H

#include "collector/ledger/outage.h"

struct ttr {
	int64_t shortest_s, longest_s; /* the same where no N adjoins */
	bool running; /* it has not ended: so long at least, up to `now_s` */
};

/* From the outage's beginning. */
struct ttr ttr_from_start(const struct outage *outage, int64_t now_s);
/* From the ticket, or from the outage's beginning where that came later; 0 when the ticket came
 * after the end. */
struct ttr ttr_from_ticket(const struct outage *outage, int64_t ticket_s, int64_t now_s);

#endif
