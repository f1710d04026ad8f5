/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When records that wait in RAM are written to flash. Each write wears it, so a healthy day takes
 * a few large ones; and what nobody else has is never more than ten minutes from safety.
 *
 *   something unacknowledged waits       10 min after the first of it
 *   news: something turned, began        2 s after, by a budget: 8 at once, then one in 45 min;
 *                                        without one left when the next is, or with the ten minutes
 *   half of the RAM given is full        at once
 *   a write failed                       not before 10 min are over
 *
 * A day without the collector and with a link that flaps: 144 writes and 40 for news. Pure.
 */
#ifndef PANTAU_AGENT_CORE_FLUSH_H
#define PANTAU_AGENT_CORE_FLUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLUSH_NEVER UINT64_MAX
#define FLUSH_AGE_US 600000000ULL /* a power cut takes no more than this of what is not safe */
#define FLUSH_NEWS_US 2000000ULL /* of 5 s; what turned on one WAN often did on the other too */
#define FLUSH_NEWS_BURST 8 /* a link that comes and goes a few times, all of it */
#define FLUSH_NEWS_EVERY_US (2700 * 1000000ULL) /* 32 a day */
#define FLUSH_RETRY_US 600000000ULL /* a full or broken flash: as often as a sound one */

struct flush {
	size_t full_bytes; /* at so many waiting there is no waiting longer */
	size_t bytes; /* that wait */
	uint64_t unacked_us, news_us; /* since when; FLUSH_NEVER: none */
	uint64_t budget_us; /* the budget for news is full again then */
	uint64_t failed_us; /* FLUSH_NEVER: the last write went well */
};

void flush_init(struct flush *flush, size_t full_bytes);
/* A record came to wait. */
void flush_added(struct flush *flush, uint64_t now_us, size_t bytes, bool is_news);
/* All that waits is acknowledged: a power cut may take it. */
void flush_acked(struct flush *flush);
/* When to write; FLUSH_NEVER: not while nothing else happens. A time that is past means now. */
uint64_t flush_due(const struct flush *flush);
/* It was written, for whatever reason, or could not be. */
void flush_done(struct flush *flush, uint64_t now_us);
void flush_failed(struct flush *flush, uint64_t now_us);

#endif
