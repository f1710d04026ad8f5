/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's base (base.h) as it is kept: the segments that are not plainly good, from the second on
 * at which the timeline begins; the seconds between them are good. A healthy month is an empty
 * strip. No window, no contract: what the rule of good, bad and bridging says, so that strips of
 * neighbouring months can be put together, and a part can be replaced without looking at the rest.
 *
 *	base    [ good ][ unknown: power ][ good ][bad: access][ good ...
 *	strip           [ unknown: power ]        [bad: access]
 */
#ifndef PANTAU_LEDGER_STRIP_H
#define PANTAU_LEDGER_STRIP_H

#include "collector/ledger/base.h"
#include "collector/ledger/span.h"
#include "common/buf.h"

struct strip {
	struct base_segment *items; /* sorted, disjoint */
	size_t count, room;
};

void strip_done(struct strip *strip);

/* Appends the parts of these segments (sorted, after all that is there) that lie within the span
 * and are not plainly good; what touches and is alike is joined. 0 or -ENOMEM. */
int strip_add(struct strip *strip, const struct base_segment *segments, size_t count,
	const struct span *within);
/* Replaces what lies within the span by those parts of the segments. */
int strip_replace(struct strip *strip, const struct base_segment *segments, size_t count,
	const struct span *within);

/* As bytes, counted from origin_s (nothing lies before it). 0, -ENOMEM or -ENOBUFS. */
int strip_encode(const struct strip *strip, int64_t origin_s, struct buf *out);
/* Appends; -EBADMSG for bytes that are no strip, or that begin before what is there ends. */
int strip_decode(struct strip *strip, int64_t origin_s, const uint8_t *bytes, size_t length);

/* The base from the span's first second on: the strip's segments, good between them. What comes at
 * its end is `last`, without end: good, or unknown for a cause. There is room for one segment more.
 * 0 or -ENOMEM. */
int strip_base(const struct strip *strip, const struct span *within, struct base_segment last,
	struct base *ret_base);

#endif
