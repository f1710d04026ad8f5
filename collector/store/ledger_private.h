/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ledger's database share. */
#ifndef PANTAU_STORE_LEDGER_PRIVATE_H
#define PANTAU_STORE_LEDGER_PRIVATE_H

#include "collector/ledger/place.h"
#include "collector/ledger/span.h"
#include "collector/store/db.h"
#include "collector/store/ledger_writer.h"
#include "common/crypto.h"

struct bundle; /* ledger_page.h */
struct columns;
struct run_cache; /* ledger_run.h */
struct newest_boots; /* ledger_twin.h */
struct zstd;

/* ---- anchors: the chosen ones of a boot, in memory while they last */

struct boot_anchors { /* place_us(items, count, ...) */
	int64_t boot;
	struct place_anchor *items;
	size_t count;
	bool noted; /* of the batch: they are about to change */
	struct boot_anchors *next;
};

struct anchor_cache;

struct anchor_cache *anchor_cache_new(void);
void anchor_cache_free(struct anchor_cache *cache);
/* Reads them from the table when they are not there. Borrowed until the next call. */
int anchor_cache_get(struct anchor_cache *cache, struct db *db, int64_t boot,
	const struct boot_anchors **ret_anchors, struct err *err);
/* The same, and whether it was noted before within the batch. */
int anchor_cache_note(
	struct anchor_cache *cache, struct db *db, int64_t boot, bool *ret_noted, struct err *err);
void anchor_cache_drop(struct anchor_cache *cache, int64_t boot);
/* While it is pinned, nothing is forgotten to make room. */
void anchor_cache_pin(struct anchor_cache *cache, bool pinned);
void anchor_cache_clear(struct anchor_cache *cache);
/* As the table has them now. Caller frees the items. */
int boot_anchors_load(
	struct db *db, int64_t boot, struct boot_anchors *ret_anchors, struct err *err);
int boot_anchors_copy(const struct boot_anchors *from, struct boot_anchors *ret_anchors);

/* ---- the readers' handle */

/* Pages that overlap are read side by side, but hardly ever more than two; a packed one of a day
 * takes 800 KiB. */
#define BUNDLES_FEW 2
#define BUNDLES_MAX 8

struct bundle_shelf { /* the last pages that were read */
	struct bundle *kept[BUNDLES_MAX];
	unsigned next, more; /* BUNDLES_FEW and so many more are kept */
	int64_t gone[BUNDLES_MAX]; /* the ids of the pages put out last */
	unsigned gone_next, missed; /* so many of them were asked for again, one after the other */
};

struct ledger_db {
	struct db *db;
	bool borrowed; /* the writer's: closed by it */
	struct record *record; /* decoded, scratch */
	struct anchor_cache *anchors;
	/* to read packed pages; made when the first one is read */
	struct zstd *zstd;
	struct columns *columns;
	struct bundle_shelf pages;
	struct shelf *shelf; /* derived_shelf.h: borrowed while a question lasts, or NULL */
};

/* A handle over the writer's own connection. */
int ledger_db_wrap(struct db *db, struct ledger_db **ret_db);
int ledger_schema(struct db *db, enum db_may may, struct err *err);
extern const char derived_schema[]; /* derived_parts.c */

/* ---- the writer */

struct moved_boot { /* its anchors have changed within the batch */
	int64_t boot;
	uint32_t agent;
};

/* Something said that a boot was alive then, or how it ended: what lies after its last slot may
 * mean something else now. A start also says how it began: what lies before its first slot may. */
struct sign {
	int64_t boot;
	uint32_t agent;
	uint64_t mono_us;
	bool starts;
};

struct ledger_writer {
	struct db *db;
	struct ledger_db *view; /* its cache of anchors is the writer's too */
	int lock_fd;
	struct ledger_guard *guard;
	struct record *record; /* decoded, scratch */
	struct run_cache *runs;
	struct newest_boots *newest;
	int64_t pack_at; /* the id of the page that was last looked at, to be packed */
	/* the replica of the registry's, by agent, WAN, beginning */
	struct registry_binding *bindings;
	size_t binding_count;
	/* of the batch */
	bool bindings_changed;
	bool again; /* the present record was read from the journal before */
	bool salvaged; /* it comes of a damaged ledger */
	bool unsure; /* salvaged, and perhaps not as it came: what is here already stands */
	bool unread; /* there is no exporter: nobody is told of slots */
	bool mending; /* half of the facts are not here yet: nobody is told of states */
	struct batch_counts {
		int64_t slots, duplicates, conflicts, rejected;
	} batch;
	struct moved_boot *moved;
	size_t moved_count, moved_room;
	struct sign *signs;
	size_t sign_count, sign_room;
	struct moved_boot *suspects; /* may live beside another boot of their agent */
	size_t suspect_count, suspect_room;
	struct ledger_span *touched; /* unsorted, unique by link */
	size_t touched_count, touched_room;
	uint32_t *touched_at; /* by a hash of the link: 1 + its place in `touched`; 0 none */
	size_t touched_mask;
	int64_t *news; /* links of which slots came, for who watches without an exporter */
	size_t news_count, news_room;
};

/* A record as the batch handles it. */
struct taken {
	const struct journal_record *journal;
	const struct record *record; /* decoded */
	uint8_t hash[SHA256_BYTES]; /* taken_digest(), of those that are not slots or anchors */
	int64_t boot; /* row id */
};

/* The digest by which contents under one key are told apart and ordered: of a slot as packing
 * leaves it, so that it does not matter whether it was packed. */
int record_digest(const struct record *record, const struct journal_record *journal,
	uint8_t ret_hash[SHA256_BYTES], struct err *err);

/* Inserts the row of its kind. `disputed`: other contents are kept. */
int record_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err);

/* The boot's anchors are about to change: those that place now are remembered until settle. */
int boot_moves(struct ledger_writer *writer, int64_t boot, uint32_t agent, struct err *err);
/* For each boot whose anchors have changed: what lies where it moved is touched. */
int settle_moved(struct ledger_writer *writer, struct err *err);
/* Up to when the boot has slots; 0: it has none. */
int boot_last_slot(
	struct ledger_writer *writer, int64_t boot, uint64_t *ret_end_us, struct err *err);
/* From when on; UINT64_MAX: it has none. */
int boot_first_slot(
	struct ledger_writer *writer, int64_t boot, uint64_t *ret_start_us, struct err *err);
int sign_add(struct ledger_writer *writer, const struct sign *sign, struct err *err);
int settle_signs(struct ledger_writer *writer, struct err *err);

int touched_add(struct ledger_writer *writer, const struct ledger_span *span, struct err *err);
/* The part of [from_s, to_s) in which each binding of the agent (of that WAN; NULL: of any) is in
 * force is touched. */
int touched_agent(struct ledger_writer *writer, uint32_t agent, const char *wan,
	const struct span *span, struct err *err);
/* A boot of the agent has slots without a place, or has none any more. */
int touched_unplaced(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err);

/* What the link's targets ever answered, and its first second, by these slots; what shrinks them
 * has them counted anew. */
struct link_first {
	uint8_t ever;
	int64_t first_s;
};
int link_ever_add(struct ledger_writer *writer, int64_t link, const struct link_first *first,
	struct err *err);
int link_ever_recount(struct ledger_writer *writer, int64_t link, struct err *err);
/* {0, SPAN_FOREVER}: it has no slots. */
int link_ever_get(struct db *db, int64_t link, struct link_first *ret_first, struct err *err);

/* The bindings of an agent's WAN, by beginning; NULL when there are none. */
const struct registry_binding *bindings_find(
	const struct ledger_writer *writer, uint32_t agent, const char *wan, size_t *ret_count);
/* All of the agent's, by WAN and beginning. */
const struct registry_binding *bindings_of_agent(
	const struct ledger_writer *writer, uint32_t agent, size_t *ret_count);
int bindings_load(struct ledger_writer *writer, struct err *err);

/* ---- the outbox */

/* Whether an exporter is being told what it missed: no page may move meanwhile. */
int refill_runs(struct ledger_writer *writer, bool *ret_runs, struct err *err);

extern const char outbox_schema[]; /* what version 6 adds */
/* The id of the newest row ever written; 0: there is none. */
int outbox_last(struct ledger_writer *writer, int64_t *ret_last, struct err *err);
int outbox_write(struct db *db, const struct outbox_event *event, struct err *err);
/* One row for the slots of a link. */
struct outbox_strip;
struct outbox_strip *outbox_strip_new(int64_t link); /* NULL: out of memory */
void outbox_strip_free(struct outbox_strip *strip);
int outbox_strip_add(struct outbox_strip *strip, int64_t at_s, const struct slot *slot);
int outbox_strip_write(struct db *db, const struct outbox_strip *strip, struct err *err);
/* One row for the slots that begin in the span. */
int outbox_write_states(
	struct db *db, const struct ledger_span *span, enum said said, struct err *err);
/* One row that says of which links slots came. */
int outbox_write_news(struct db *db, const int64_t *links, size_t count, struct err *err);

/* Says the link's speed tests of the span; those that were said are said again. */
int say_speeds(struct ledger_writer *writer, const struct ledger_span *span, struct err *err);
/* Says the link's slots that begin in the span, anew. */
int say_slots(struct ledger_writer *writer, const struct ledger_span *span, struct err *err);
/* The second in which each slot of the link begins in the span. Caller frees. */
struct starts {
	int64_t *items;
	size_t count, room;
};
int starts_load(struct ledger_writer *writer, const struct ledger_span *span,
	struct starts *ret_starts, struct err *err);
/* Those of `old`, of the same span, where none begins any more are said to be gone. */
int say_gone(struct ledger_writer *writer, const struct ledger_span *span, const struct starts *old,
	struct err *err);
/* What was said of states in the span holds no more: they are unsaid, until they are said again. A
 * row of states speaks of the slots that are there when it is read, so of one that came later
 * too. */
int said_forget(struct ledger_writer *writer, const struct ledger_span *span, struct err *err);

struct within_us { /* [from_us, to_us) of the collector's clock */
	int64_t from_us, to_us;
};

/* Whether a slot came in, then, over a WAN that was bound to the link when it came. */
int ledger_received_within(struct ledger_db *db, int64_t link, struct within_us within,
	bool *ret_any, struct err *err);

/* Counters by name. */
int counter_add(struct db *db, const char *name, int64_t add, struct err *err);
int position_put(struct db *db, const char *name, int64_t a, int64_t b, struct err *err);
int position_get(struct db *db, const char *name, int64_t *ret_a, int64_t *ret_b, struct err *err);

#endif
