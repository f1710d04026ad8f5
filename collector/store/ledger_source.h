/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages in which a link's slots of a span are, whichever agents and boots they are of:
 *
 *	link -> bindings (agent, WAN, from, to) -> boots of the agent -> pages of the boot
 *
 * Each source is a page with the binding that makes it the link's, and where it lies on UTC.
 */
#ifndef PANTAU_STORE_LEDGER_SOURCE_H
#define PANTAU_STORE_LEDGER_SOURCE_H

#include "collector/store/ledger_page.h"

struct link_binding { /* an agent measures the link, for a time */
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	int64_t from_s, to_s;
};

struct source {
	struct page_ref ref;
	size_t binding; /* index */
	struct span hull; /* all its slots of the link lie within */
};

struct sources { /* sources_done() */
	struct link_binding *bindings; /* of the link, by agent and beginning, whatever the span */
	size_t binding_count;
	struct source *items; /* by the beginning of the hull */
	size_t count, room;
};

/* Those that may have a slot in the span. */
int sources_find(struct ledger_db *db, const struct ledger_span *span, struct sources *ret_sources,
	struct err *err);
void sources_done(struct sources *sources);

/* A slot's neighbour is looked for so near first; each further look reaches eight times as far. */
#define SOURCE_NEAR_S 3600
/* As slot_before() and slot_after(), among these sources alone. */
int sources_before(struct ledger_db *db, const struct sources *sources, int64_t second,
	int64_t *ret_from_s, struct err *err);
int sources_after(struct ledger_db *db, const struct sources *sources, int64_t second,
	int64_t *ret_from_s, struct err *err);

struct near_sources { /* sources_done(), also after a failure */
	struct ledger_span span; /* wide enough for a slot on either side */
	struct sources sources;
	bool found; /* all of the span's are among `sources`, and others beside them */
};
/* The span, widened until the nearest slot on either side is in it (ledger_near.c). */
int sources_near(struct ledger_db *db, const struct ledger_span *span,
	struct near_sources *ret_near, struct err *err);

/* ---- one slot of a source */

struct placed_slot {
	struct span at; /* clipped to the binding */
	int64_t start_utc_us; /* not clipped */
};

/* Where slot `i` of the page lies. False: it is not in the binding, or not in the span. */
bool source_place(const struct source *source, const struct sources *sources,
	const struct boot_anchors *anchors, const struct bundle_item *item,
	struct placed_slot *ret_placed);

/* ledger_slots(), among sources that were found for this span or a wider one. */
struct slots_to {
	int (*each)(void *arg, const struct ledger_slot *slot);
	void *arg;
	bool places; /* alone: as ledger_slot_places() */
};
int ledger_slots_among(struct ledger_db *db, const struct sources *sources,
	const struct ledger_span *span, const struct slots_to *to, struct err *err);

/* The bindings of a link alone. Caller frees. */
int link_bindings_load(struct db *db, int64_t link, struct link_binding **ret_items,
	size_t *ret_count, struct err *err);

/* The end of the link's last slot that begins before the second, and the beginning of the first one
 * that begins at or after it. INT64_MIN, SPAN_FOREVER: there is none. */
int slot_before(
	struct ledger_db *db, int64_t link, int64_t second, int64_t *ret_from_s, struct err *err);
int slot_after(
	struct ledger_db *db, int64_t link, int64_t second, int64_t *ret_from_s, struct err *err);
/* No slot of the link begins at or after this second; INT64_MIN: it has none. */
int slots_end(struct ledger_db *db, int64_t link, int64_t *ret_end_s, struct err *err);

#endif
