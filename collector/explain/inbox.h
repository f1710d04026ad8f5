/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inbox: what people have to decide before a month closes, with the evidence, what hangs on it
 * in seconds and rupiah, and the command that decides it. What hangs on an item is counted by the
 * month's own code: the row as it is, against the row as it would be.
 *
 *   inbox_gather() -> struct inbox (the dearest first) -> inbox_report.h
 */
#ifndef PANTAU_EXPLAIN_INBOX_H
#define PANTAU_EXPLAIN_INBOX_H

#include "collector/ledger/crosscheck.h"
#include "collector/store/registry_decision.h"
#include "collector/store/registry_objection.h"
#include "collector/store/sla.h"

enum inbox_kind {
	INBOX_UNDETERMINED, /* N on which a verdict or a restitution hangs: one a row */
	INBOX_POWER_GAP, /* no power, and a charged bad slot less than W beside it */
	INBOX_OUTAGE, /* perlu klarifikasi */
	INBOX_DISPUTE, /* slots that came with several contents: which device tells the truth? */
	INBOX_EXCLUSION, /* it waits for a second officer and a document */
	INBOX_OBJECTION, /* it waits for an answer */
	INBOX_CONTRACT_GAP, /* time between two contracts, which is in no row */
	INBOX_WITNESS, /* what the agent says, and what the collector saw, cannot both be true */
	INBOX_KIND_COUNT
};
const char *inbox_kind_name(enum inbox_kind kind); /* "undetermined", "power-gap", ... */
extern const char *const inbox_kind_names[]; /* the same; ends with NULL */

struct inbox_part { /* of UNDETERMINED: a run of N in P minus E */
	int64_t from_s, to_s;
	enum unknown_cause cause;
	int64_t rupiah; /* what the possible restitution would fall by, were it U */
};

struct inbox_device { /* of DISPUTE: a boot that told some of its slots */
	uint8_t boot[BOOT_BYTES];
	int64_t slots, from_s, to_s;
	char via_wan[WAN_NAME_MAX + 1]; /* of the session that brought the first; "" unknown */
	struct address address; /* the WAN's in the first; length 0: it had none */
};

struct inbox_item {
	char id[REGISTRY_ITEM_BYTES]; /* stays the same as long as the matter does */
	enum inbox_kind kind;
	int64_t link, contract; /* 0: of several, or of none */
	char desa[REGION_CODE_BYTES], provider[REGISTRY_NAME_BYTES];
	int32_t offset_s; /* of the link's zone */
	int64_t from_s, to_s;
	int64_t seconds, rupiah; /* that hang on it */
	int64_t number; /* EXCLUSION, OBJECTION: its id; DISPUTE: the agent's; WITNESS: kind */
	int cause; /* POWER_GAP, OUTAGE: as in their run; otherwise -1 */
	int64_t links; /* EXCLUSION: how many it reaches here; otherwise 1 */
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES]; /* of the exclusion, objection */
	struct inbox_part *parts;
	size_t part_count;
	bool twin; /* DISPUTE: two devices lived at once */
	struct inbox_device *devices; /* by boot id */
	size_t device_count;
	struct flag flag; /* of WITNESS: the longest of the day */
	int64_t dismissal; /* 0: open */
	char dismissed_by[REGISTRY_NAME_BYTES], dismissed_note[REGISTRY_NOTE_BYTES];
};

struct inbox {
	struct inbox_item *items; /* open before dismissed, then by rupiah, seconds, id */
	size_t count;
};

/* query->by is not read. -EINVAL: no such month, or a code of the wrong level. */
int inbox_gather(const struct sla_source *source, const struct sla_query *query,
	struct inbox *ret_inbox, struct err *err);
void inbox_done(struct inbox *inbox);
/* Takes away all items that are of another kind (kind -1: of none), and those that were dismissed
 * if `open`. */
void inbox_keep(struct inbox *inbox, int kind, bool open);
/* NULL: there is none of this id. */
const struct inbox_item *inbox_find(const struct inbox *inbox, const char *id);

#endif
