/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the spool share: its two logs, and what flows between them. */
#ifndef PANTAU_AGENT_SPOOL_PRIVATE_H
#define PANTAU_AGENT_SPOOL_PRIVATE_H

#include "agent/core/flush.h"
#include "agent/core/held.h"
#include "agent/core/news.h"
#include "agent/spool/spool.h"
#include "agent/spool/spool_block.h"
#include "agent/spool/spool_reader.h"
#include "common/seglog.h"

#define SPOOL_WINDOW_BYTES 16384 /* read at once: a router has little memory */
#define SPOOL_SEGMENTS 16 /* of which one at a time is given up: 6 % of what is held */

struct spool_log {
	struct seglog *log; /* NULL: it cannot be written */
	char *folder;
	size_t limit_bytes;
};

#define SKETCHES_MAX 4 /* two for each WAN */

struct spool_sketch { /* of one WAN's unfinished slot */
	char wan[WAN_NAME_MAX + 1];
	uint64_t start_us;
	bool waits; /* to be written to flash */
	struct buf bytes; /* the log record; empty: none */
	struct seglog_pos after; /* where it was found on flash */
};

struct spool {
	struct held *held;
	struct spool_log
		far; /* on flash: blocks, all older than those of `near` but for leftovers */
	struct spool_log near; /* in RAM: single records that are not on flash yet */
	struct record_key poured; /* the last record on flash */
	struct record_key next; /* to be given out */
	struct flush flush;
	struct news news;
	struct spool_sketch sketches[SKETCHES_MAX];
	struct spool_fresh { /* since the last spool_turn */
		size_t bytes;
		bool is_news;
	} fresh;
	uint64_t now_us; /* of the last spool_turn */
	uint32_t told_run; /* what is acknowledged below this run is written down on flash */
	uint64_t segment; /* the last one on flash that tells the whole state */
	uint64_t damaged;
	int trouble; /* negative errno of the last write to flash; 0: it went well */
	struct buf scratch; /* one log record being built */
	struct buf state; /* one state record being built */
	struct spool_reader *reader; /* of the sender */
};

/* ---- spool.c */

/* As spool_add(), of one that is encoded; its key does not matter. */
int spool_add_news(struct spool *spool, const struct entry *entry);

/* ---- spool_log.c: either log */

struct spool_taken { /* borrowed during the call */
	const uint8_t *bytes;
	size_t length;
	struct seglog_pos after;
};
/* Calls `take` for every log record from the place up to and in segment `last`, until it returns a
 * negative errno. *ret_damaged (may be NULL): stretches that could not be read. */
struct spool_scan {
	struct seglog_pos from;
	uint64_t last;
	int (*take)(void *arg, const struct spool_taken *taken);
	void *arg;
	uint64_t *ret_damaged;
};
int spool_log_scan(const struct spool_log *log, const struct spool_scan *scan);
/* The time that an encoded record covers; 0 to 0 if it cannot be read. */
struct held_span spool_read_span(const struct entry *entry);
/* Appends what is known of runs, from this one on (0: all, and the gaps). */
int spool_append_state(struct spool *spool, struct spool_log *log, uint32_t from_run);

/* ---- spool_far.c: flash */

/* Appends a block, making room as long as there is something to give up. */
int spool_far_append(struct spool *spool, const struct buf *block);
/* Writes down what is acknowledged, if that has changed. */
int spool_far_tell(struct spool *spool);

/* ---- spool_sketch.c: slots that are not finished */

/* Appends to flash those that wait, to be synced. */
int spool_sketches_append(struct spool *spool);
/* They are safe there, or the slot itself (NULL: none) is in the spool. */
void spool_sketches_written(struct spool *spool);
void spool_sketch_settle(struct spool *spool, const struct slot *slot);
bool spool_sketch_waits(const struct spool *spool);
/* Reading flash: keeps the newest of the last run. -ENOMEM. */
int spool_sketch_found(struct spool *spool, const struct spool_taken *taken);
/* Forgets those whose slot is in a log. */
void spool_sketches_check(struct spool *spool);
void spool_sketches_done(struct spool *spool);

/* ---- spool_near.c: RAM */

/* Appends what `scratch` holds under this key; the oldest go when there is no room. */
int spool_near_append(struct spool *spool);
/* Writes to flash what only RAM holds, durably. A negative errno: some of it or all stays. */
int spool_pour(struct spool *spool);

#endif
