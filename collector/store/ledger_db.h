/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.db as its readers see it: slots placed on UTC, live states, what could not be placed or
 * bound, and the outbox. One process writes it (ledger_writer.h); any number read it, each over its
 * own handle. A read is one short transaction, so that readers never make the log of the database
 * grow without bound.
 */
#ifndef PANTAU_STORE_LEDGER_DB_H
#define PANTAU_STORE_LEDGER_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/evidence.h"
#include "collector/ledger/history.h"
#include "collector/store/registry.h"
#include "common/err.h"
#include "common/seglog.h"

struct ledger_db;

/* Opens STATE/ledger.db for reading. -ENOENT: the ledger process never ran here. */
int ledger_db_open(const char *state, struct ledger_db **ret_db, struct err *err);
void ledger_db_close(struct ledger_db *db);

/* Everything between the two is read as one moment. Nest not; keep it short. */
int ledger_read_begin(struct ledger_db *db, struct err *err);
void ledger_read_end(struct ledger_db *db);

/* ---- slots */

struct ledger_span { /* seconds of a link, [from_s, to_s): INT64_MIN, SPAN_FOREVER are no limits */
	int64_t link, from_s, to_s;
};

/* What is known of the link in the span, and beside it the nearest slots on either side with what
 * explains the holes up to them: the input of line_build(), whose line is right within the span.
 * `ever` is the link's, whatever the span. */
int ledger_history_load(struct ledger_db *db, const struct ledger_span *span,
	struct history *ret_history, struct err *err);
void ledger_history_done(struct history *history);
/* Begin of the first placed slot of the link; -ENOENT: there is none. */
int ledger_first_slot(struct ledger_db *db, int64_t link, int64_t *ret_from_s, struct err *err);

struct ledger_slot {
	uint32_t agent, run, sequence;
	uint8_t boot[BOOT_BYTES];
	int64_t link;
	int64_t from_s, to_s; /* placed, clipped to the binding */
	int64_t start_utc_us; /* placed, to the microsecond, not clipped */
	uint32_t length_ms;
	struct evidence evidence;
	bool disputed;
	int64_t received_us;
	char via_wan[WAN_NAME_MAX + 1]; /* the WAN of the session that brought it; "" unknown */
	bool packed; /* RTTs are the middles of their steps, received_us is in whole seconds */
	const struct slot *slot; /* decoded; borrowed until the next one */
};

/* The link's slots that touch the span, by from_s. `each` as in registry.h. */
int ledger_slots(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err);
/* Where they lie and what was seen, and not what is in them: boot, length_ms, received_us and
 * via_wan are empty, slot is NULL. A third of the work. */
int ledger_slot_places(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err);

/* UTC microseconds of a moment of the slot's boot, by its anchors. */
int ledger_place_us(struct ledger_db *db, const struct ledger_slot *slot, uint64_t mono_us,
	int64_t *ret_utc_us, struct err *err);

#define LIVE_DNS_BYTES 64 /* a resolver's address and a word */

struct ledger_recent { /* the link's last few slots */
	size_t slots; /* 0: there are none, and nothing below says anything */
	int64_t from_s, to_s; /* of the last one */
	uint32_t length_ms; /* of the longest one */
	int64_t received_us; /* the latest */
	int32_t rtt_us; /* median of the scheduled probes; LIVE_NONE */
	int32_t loss_ppm; /* of the same; LIVE_NONE */
	int64_t dns_s; /* when a resolver was asked last, if lately; 0: it was not */
	char dns[LIVE_DNS_BYTES]; /* what was wrong then; "" nothing */
};
#define RECENT_SLOTS 5

int ledger_recent(
	struct ledger_db *db, int64_t link, struct ledger_recent *ret_recent, struct err *err);

/* ---- live states */

enum live_state {
	LIVE_NEVER,
	LIVE_UP,
	LIVE_DOWN,
	LIVE_UNKNOWN,
	LIVE_SILENT,
	LIVE_EXCLUDED,
	LIVE_COUNT
};
const char *live_state_name(enum live_state state); /* "never", "up", ... */

#define LIVE_NONE (-1) /* rtt_us, loss_ppm: nothing to say */

struct ledger_live {
	int64_t link;
	enum live_state state;
	int64_t since_s; /* 0: NEVER */
	char cause[16]; /* "provider", "power", ...; "" none */
	int64_t heard_us; /* when the last record came; 0 never */
	int64_t slot_to_s; /* end of the last slot */
	int32_t rtt_us; /* median of the last five slots */
	int32_t loss_ppm; /* of the same */
	/* names that fail while addresses answer: "10.0.0.1 timeout"; "" they do not */
	char dns[LIVE_DNS_BYTES];
	int64_t dns_s; /* when a resolver was asked last; 0 never */
};

/* -ENOENT: nothing was ever said of this link (it is NEVER). */
int ledger_live_get(
	struct ledger_db *db, int64_t link, struct ledger_live *ret_live, struct err *err);
int ledger_live_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_live *live),
	void *arg, struct err *err);

/* ---- health */

struct ledger_counts {
	int64_t slots, duplicates, conflicts, rejected;
	int64_t clones; /* agents that are two devices, and nobody has decided */
	int64_t unplaced, unbound; /* slots kept, not counted: no anchor; no binding */
	int64_t outbox; /* rows not yet taken by the exporter */
	int64_t outbox_last; /* id of the newest row ever written; 0 none */
	/* rows that fell off because the exporter was away too long; what the last ones said of
	 * slots lies in [from, to), and when it happened */
	int64_t fallen, fallen_from_s, fallen_to_s, fallen_at_s;
	struct seglog_pos cursor; /* the journal is in the ledger up to here */
	int64_t registry_sequence; /* the registry is in the ledger up to here */
};
int ledger_counts(struct ledger_db *db, struct ledger_counts *ret_counts, struct err *err);

struct ledger_unbound { /* slots of a WAN in no binding */
	uint32_t agent;
	const char *wan;
	int64_t slots, received_us; /* of the last one */
};
int ledger_unbound_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_unbound *unbound), void *arg, struct err *err);

struct ledger_unplaced { /* slots of a boot without an anchor */
	uint32_t agent;
	int64_t slots;
};
int ledger_unplaced_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_unplaced *unplaced), void *arg, struct err *err);

struct ledger_heard { /* what an agent sent, of which something was refused or contradicted */
	uint32_t agent, run; /* the highest run */
	int64_t records, slots, conflicts, rejected;
	int64_t received_us; /* of the last record */
};
int ledger_heard_each(struct ledger_db *db,
	int (*each)(void *arg, const struct ledger_heard *heard), void *arg, struct err *err);

/* ---- the outbox: rows written in the same transaction as the judgement */

enum outbox_kind {
	OUTBOX_NONE, /* a row that says nothing any more */
	OUTBOX_SLOT,
	OUTBOX_WAN,
	OUTBOX_STATE, /* final */
	OUTBOX_GONE, /* the slot that was said to begin there does not any more */
	OUTBOX_LIVE, /* what the wall shows from now on */
	OUTBOX_UNSAID, /* the state that was said there is not final any more: a bridge broke */
	OUTBOX_NEWS, /* slots of the link came, and there is no exporter to be told more */
	OUTBOX_SPEED, /* a speed test that was done */
	OUTBOX_DAY, /* a link's local day is final */
};

struct outbox_slot { /* pantau_slot; rtt_* only where received > 0 */
	uint32_t rounds, lost, sent, received;
	uint32_t rtt_min_us, rtt_avg_us, rtt_max_us;
};

struct outbox_wan {
	uint64_t rx_bytes, tx_bytes;
	uint8_t carrier; /* enum carrier */
};

struct outbox_speed { /* pantau_speed; 0: not measured, unknown */
	uint32_t down_kbps, up_kbps, loaded_rtt_us;
	uint64_t bytes; /* in both directions */
};

struct outbox_day { /* pantau_sla_day: seconds of a link's contracts */
	int64_t u, d, n, e;
	bool again; /* it was told before, otherwise */
};

struct outbox_event {
	int64_t id, link;
	int64_t at_s; /* the slot's or the day's start; LIVE: the change's */
	enum outbox_kind kind;
	union {
		struct outbox_slot slot;
		struct outbox_wan wan;
		struct outbox_speed speed;
		struct outbox_day day;
		bool up; /* STATE */
		struct ledger_live live;
	};
};

struct outbox_range {
	int64_t after; /* id */
	int limit;
};

/* The events of rows after the id, oldest first, of at most `limit` rows: one row may say several,
 * at least one, all with its id. A slot that a row behind it takes back is not told. Rows that
 * every reader has taken are deleted after a while: one that comes back later begins anew. */
int ledger_outbox(struct ledger_db *db, struct outbox_range range,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err);

/* ---- what the outbox says, said again */

/* The points of a link's slots that begin in the span, as the outbox would say them all: each slot
 * with its WAN, its state where it is final and was said, speed tests, days that were said. ids are
 * 0. */
int ledger_say_again(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err);

#endif
