/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the simulated router share: its clock and records, its talk, its link. */
#ifndef PANTAU_TESTS_SIM_ROUTER_PRIVATE_H
#define PANTAU_TESTS_SIM_ROUTER_PRIVATE_H

#include "agent/core/anchors.h"
#include "agent/core/watch.h"
#include "agent/spool/spool.h"
#include "common/backoff.h"
#include "common/buf.h"
#include "proto/sender.h"
#include "tests/sim/disk.h"
#include "tests/sim/router.h"

#define ROUTER_ANSWERS_MAX 512 /* questions under way: a dozen rounds of a dozen at most */

struct pending { /* a question under way */
	uint64_t due_us;
	struct question question;
	struct answer answer;
};

struct router {
	struct router_settings settings;
	struct router_events events;
	const struct weather *weather;
	struct wire *wire;
	struct draw *draw;

	bool powered;
	uint64_t booted_us, start_us; /* start_us: when the agent's program begins */
	uint8_t boot[BOOT_BYTES];
	uint32_t power_cuts;
	uint32_t run; /* survives everything: kept on flash and synced */
	uint32_t sequence; /* of the record added last */

	/* of a running agent, NULL otherwise */
	struct watch *watch;
	struct spool *spool;
	struct sender *sender;
	struct sender_source source; /* the spool's */
	struct anchors anchors;
	bool connected;
	struct backoff backoff;
	bool has_news; /* records that the sender was not asked to send */
	uint64_t report_us; /* when it may be asked again */
	uint64_t proven_us; /* the session is a good one from then on */
	uint64_t dial_us, ping_us, sync_us, ntp_us;
	struct pending answers[ROUTER_ANSWERS_MAX];
	size_t answer_count;
	uint64_t bytes; /* of the WAN's counter */
	struct record record;
	struct buf out, scratch;
};

/* ---- router_records.c */

/* The router's own clock, and the first moment at which it shows this or more. */
uint64_t router_mono(const struct router *router, uint64_t at_us);
uint64_t router_true(const struct router *router, uint64_t mono_us);
/* Adds router->record. */
void router_add(struct router *router);
void router_take_slots(struct router *router);
void router_offer_anchor(struct router *router, const struct anchor *anchor);
/* Makes the spool durable. */
void router_save(struct router *router, uint64_t now_us);

/* ---- router_talk.c */

/* A new sender over the spool; dials at once. */
void router_talk_begin(struct router *router, uint64_t now_us);
void router_end_session(struct router *router, uint64_t now_us);
/* Dials, listens, reports and pings, as it is time. */
void router_talk(struct router *router, uint64_t now_us);
uint64_t router_talk_due(const struct router *router);

/* ---- router_link.c */

struct wan_reading router_read_wan(struct router *router);
void router_set_targets(struct router *router);
void router_ask(struct router *router, const struct question *question, uint64_t now_us);
void router_hear_answers(struct router *router, uint64_t now_us);

#endif
