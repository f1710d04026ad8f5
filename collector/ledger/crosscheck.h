/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One day of one link, as its agent says it was, held against what the collector saw by itself.
 * Pure. What comes out counts nothing (sla.md decides what is counted): it is shown to people.
 * docs/WITNESS.md says of each check when both cannot be true, and what it cannot see.
 */
#ifndef PANTAU_LEDGER_CROSSCHECK_H
#define PANTAU_LEDGER_CROSSCHECK_H

#include <stddef.h>

#include "collector/ledger/cause.h"
#include "collector/ledger/evidence.h"
#include "collector/ledger/span.h"

#define CHECK_MARGIN_S 30 /* what was on its way, and the clocks' errors, thrice */
#define CHECK_AHEAD_S 30 /* placed that long after it came */
#define CHECK_UNSEEN_S 3600 /* nothing came for that long, and afterwards all of it was good */
#define CHECK_RTTS_MIN \
	20 /* of either side: what is asked of each comes true by chance in half of them */
#define CHECK_RTT_SLACK_US 50000 /* a delayed ACK is 40 ms */

#define CHECK_SERVED_SLACK (128 * 1024) /* headers, and what was on its way at the end */

enum flag_kind {
	FLAG_DOWN_HEARD = 1, /* nothing could leave by the link, and its records came over it */
	FLAG_AHEAD, /* a record told of a moment after that at which it came */
	FLAG_RTT_LOW, /* answers came back sooner than the kernel ever saw one of the same router */
	FLAG_UP_UNSEEN, /* good all along, and nothing came while others' did */
	FLAG_SPEED_UNSERVED, /* more came down than the test's own server sent */
	FLAG_KIND_COUNT
};
extern const char *const flag_kind_names[]; /* "down-heard", ... by kind - 1; ends with NULL */
const char *flag_kind_name(enum flag_kind kind);

struct flag {
	enum flag_kind kind;
	int64_t from_s, to_s;
	/* DOWN_HEARD: seconds said to be down, records that came in the midst of them.
	 * AHEAD: the latest moment told of, and when it came (UTC, seconds), `count` slots.
	 * RTT_LOW: median of the agent's, the kernel's smallest (us), `count` answers.
	 * UP_UNSEEN: seconds said to be good, of `count` links of the provider those heard.
	 * SPEED_UNSERVED: bytes that must have come, bytes that were sent, kbit/s said. */
	int64_t said, seen, count;
};

/* Rounds in which the test server and another target were asked side by side: the same link, the
 * same moment, so that what differs is the way beyond. */
struct target_day {
	uint32_t pairs;
	uint32_t only_test, only_rest; /* answered alone */
	uint32_t both;
	uint32_t test_rtt_us, rest_rtt_us; /* medians of those that both answered */
	int32_t gain_us; /* median of rest - test, pair by pair */
};

struct checked_slot { /* borrowed */
	int64_t from_s, to_s, received_us;
	const char *via_wan;
	const struct slot *slot;
	const struct evidence *evidence;
	enum down_cause cause; /* as if it were bad */
};

struct seen_rtt { /* by the collector's kernel, of the same link, in the day */
	uint32_t looks;
	uint32_t min_rtt_us; /* the smallest */
	struct address own; /* of the collector; length 0: not one all day */
};

struct crosscheck;
struct crosscheck *crosscheck_new(void); /* NULL: out of memory */
void crosscheck_free(struct crosscheck *check);
/* Another day. */
void crosscheck_clear(struct crosscheck *check);
/* By from_s. 0 or -ENOMEM. */
int crosscheck_slot(struct crosscheck *check, const struct checked_slot *slot);
/* After the last one: flags in no order, UP_UNSEEN with seen and count 0, for the caller to ask the
 * neighbours. Borrowed until the next day. 0 or -ENOMEM. */
int crosscheck_end(struct crosscheck *check, const struct seen_rtt *seen,
	const struct flag **ret_flags, size_t *ret_count);
struct target_day crosscheck_targets(struct crosscheck *check); /* after _end() */

/* A test's stream from the server: whether no stream in which the server sent so much can have been
 * what the agent says. Bytes that must have come are set in any case. */
bool crosscheck_unserved(const struct speed_run *said, int64_t served_bytes, int64_t *ret_bytes);

#endif
