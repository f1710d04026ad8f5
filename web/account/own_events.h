/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stream of events for who may see some links only: what is about others is left out, and what
 * is not known to be about links at all too, so that an event that is added one day does not leak.
 * An event that is left out leaves its id, by which a client comes back. Pure.
 */
#ifndef PANTAU_WEB_ACCOUNT_OWN_EVENTS_H
#define PANTAU_WEB_ACCOUNT_OWN_EVENTS_H

#include "common/buf.h"
#include "web/account/own.h"

/* Moves all whole events (as sse.h writes them) from `raw` to `out`. 0, -ENOBUFS, -ENOMEM. */
int own_events_take(const struct own *own, struct buf *raw, struct buf *out);

#endif
