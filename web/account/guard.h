/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream that lasts no longer than the login of who watches, and shows them what is theirs. An
 * open stream is a sign of life: the wall's login does not end while somebody has it open.
 */
#ifndef PANTAU_WEB_ACCOUNT_GUARD_H
#define PANTAU_WEB_ACCOUNT_GUARD_H

#include "web/account/accounts.h"

/* Takes the stream, and puts itself in its place. -ENOMEM, -EBUSY (EVENTS_ACCOUNT_MAX of the
 * account are open): it is as it was. */
int guard_stream(struct accounts *accounts, const struct principal *who, struct stream *stream);

#endif
