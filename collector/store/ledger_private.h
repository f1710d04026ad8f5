/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ledger's database share. */
#ifndef PANTAU_STORE_LEDGER_PRIVATE_H
#define PANTAU_STORE_LEDGER_PRIVATE_H

#include "collector/ledger/place.h"
#include "collector/store/db.h"
#include "collector/store/ledger_writer.h"
#include "common/crypto.h"

/* Where a slot stands: the table slot_hot's column of the same name. */
enum standing {
	STANDING_UNPLACED, /* its boot has no anchor */
	STANDING_UNBOUND, /* it has a place, and its WAN no link there */
	STANDING_COUNTED,
};

/* ---- anchors: the chosen ones of a boot, in memory while they last */

struct boot_anchors { /* place_us(items, count, ...) */
	int64_t boot;
	struct place_anchor *items;
	size_t count;
	struct boot_anchors *next;
};

struct anchor_cache;

struct anchor_cache *anchor_cache_new(void);
void anchor_cache_free(struct anchor_cache *cache);
/* Reads them from the table when they are not there. Borrowed until the next call. */
int anchor_cache_get(struct anchor_cache *cache, struct db *db, int64_t boot,
	const struct boot_anchors **ret_anchors, struct err *err);
/* Hands over what is in memory, which forgets it: as it was before the table changed. Caller frees.
 * -ENOENT: it was not in memory. */
int anchor_cache_take(struct anchor_cache *cache, int64_t boot, struct place_anchor **ret_items,
	size_t *ret_count);
void anchor_cache_clear(struct anchor_cache *cache);

/* ---- the readers' handle */

struct ledger_db {
	struct db *db;
	bool borrowed; /* the writer's: closed by it */
	bool reading; /* between begin and end */
	struct record *record; /* decoded, scratch */
	struct anchor_cache *anchors;
	struct shelf *shelf; /* derived_shelf.h: borrowed while a question lasts, or NULL */
};

/* A handle over the writer's own connection. */
int ledger_db_wrap(struct db *db, struct ledger_db **ret_db);
int ledger_schema(struct db *db, bool may_create, struct err *err);
extern const char derived_schema[]; /* derived_parts.c */

/* ---- the writer */

struct ledger_writer {
	struct db *db;
	struct ledger_db *view; /* its cache of anchors is the writer's too */
	int lock_fd;
	struct record *record; /* decoded, scratch */
	/* the replica of the registry's, by agent, WAN, beginning */
	struct registry_binding *bindings;
	size_t binding_count;
	/* of the batch */
	bool bindings_changed;
	bool again; /* the present record was read from the journal before */
	struct batch_counts {
		int64_t slots, duplicates, conflicts, rejected;
	} batch;
	int64_t *moved; /* ids of slots to be placed anew */
	size_t moved_count, moved_room;
	struct ledger_span *touched; /* unsorted, unique by link */
	size_t touched_count, touched_room;
};

/* A record as the batch handles it. */
struct taken {
	const struct journal_record *journal;
	const struct record *record; /* decoded */
	uint8_t hash[SHA256_BYTES];
	int64_t boot; /* row id */
};

/* Row of the (agent, boot id), made if missing, with the runs seen. */
int boot_note(struct ledger_writer *writer, struct taken *taken, struct err *err);

/* Inserts the row of its kind and, for slots, places it. `disputed`: other contents are kept. */
int record_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err);
/* Before and after an anchor comes or goes: slots that it moves are remembered in writer->moved. */
int anchors_remember(struct ledger_writer *writer, int64_t boot, struct err *err);
int anchors_changed(struct ledger_writer *writer, int64_t boot, struct err *err);

/* The slots' ids are remembered for settle. */
int moved_add(struct ledger_writer *writer, int64_t slot, struct err *err);
int touched_add(struct ledger_writer *writer, const struct ledger_span *span, struct err *err);

/* The flags of an evidence in one column. */
int evidence_flags(const struct evidence *evidence);
void evidence_set_flags(struct evidence *evidence, int flags);

/* What place_slot() needs of a row of slot_hot. */
struct slot_row {
	int64_t id;
	struct record_key key;
	uint32_t agent;
	int64_t boot, received_us;
	bool disputed;
	const struct slot *slot; /* decoded */
};

/* The slot as it was sent, out of its row; row->slot is valid until the next record is decoded.
 * -ENOENT: there is no such row. */
int slot_read(struct ledger_writer *writer, int64_t id, struct slot_row *ret_row, struct err *err);

/* Says in the outbox, once more, what it said of the slot's pieces. */
int say_again(struct ledger_writer *writer, const struct slot_row *row, struct err *err);

/* Writes the pieces of a slot that has none, says them in the outbox, and the slot's standing. */
int place_slot(struct ledger_writer *writer, const struct slot_row *row, struct err *err);
/* Removes the pieces of a slot; what the outbox said of them is remembered as gone. */
int unplace_slot(struct ledger_writer *writer, int64_t slot, struct err *err);

/* The bindings of an agent's WAN, by beginning; NULL when there are none. */
const struct registry_binding *bindings_find(
	const struct ledger_writer *writer, uint32_t agent, const char *wan, size_t *ret_count);
int bindings_load(struct ledger_writer *writer, struct err *err);

/* ---- the outbox */

int outbox_write(struct db *db, const struct outbox_event *event, struct err *err);

/* ---- samples: the scheduled ICMP probes to the internet, kept with each piece */

struct sample {
	uint16_t second; /* sent at, after the piece's from_s */
	bool answered;
	uint32_t rtt_us;
	uint32_t target; /* a hash of its address */
};

#define SAMPLE_BYTES 10
#define SAMPLES_MAX_BYTES (SLOT_PROBES_MAX * SAMPLE_BYTES)

void sample_pack(const struct sample *sample, uint8_t ret_bytes[SAMPLE_BYTES]);
void sample_unpack(const uint8_t bytes[SAMPLE_BYTES], struct sample *ret_sample);

/* The pieces that touch the span, by from_s: their samples, with the piece's own beginning. */
int ledger_samples(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, int64_t piece_from_s, const uint8_t *samples, size_t length),
	void *arg, struct err *err);

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
