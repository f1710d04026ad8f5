/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples: speed tests, fetched pages, observations. Facts as they came, placed on UTC by their
 * boot's anchors (and again when those change), given to a link by the bindings when they are read:
 * what has no WAN of its own (an observation) to each link of the router.
 */
#ifndef PANTAU_STORE_LEDGER_SAMPLE_H
#define PANTAU_STORE_LEDGER_SAMPLE_H

#include "collector/ledger/span.h"
#include "collector/store/ledger_db.h"

struct ledger_sample {
	uint32_t agent, run, sequence;
	int64_t at_us; /* UTC: when it began */
	/* Its key came with other content, or two devices bore the identity then, and nobody has
	 * decided: it may be of this link or not, and counts nowhere until somebody has. */
	bool disputed;
	bool several; /* disputed, and another content of its key may be the right one */
	const void *record; /* as sent: codec_record_decode(); borrowed for the call */
	size_t record_length;
};

struct sample_query {
	struct ledger_span span; /* in which they began */
	enum record_kind kind; /* SPEED, HTTP or OBSERVATION */
};

/* By time. Where people chose a device, its contents alone, whether they stand or were put aside
 * (ledger_chosen.h), and where they chose none, none; where two agents measured the link at once,
 * the newer one's. `each` as in registry.h. */
int ledger_samples(struct ledger_db *db, const struct sample_query *query,
	int (*each)(void *arg, const struct ledger_sample *sample), void *arg, struct err *err);
/* Whether there is any at all: with none, nobody need ask link by link. */
int ledger_has_samples(struct ledger_db *db, enum record_kind kind, bool *ret_any, struct err *err);

/* ---- the writer's */

struct journal_record;
struct ledger_writer;
struct taken;

extern const char ledger_sample_schema[];
int sample_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err);
/* The one that stands under the key is about to be disputed, or to go. */
int sample_doubted(
	struct ledger_writer *writer, const struct journal_record *journal, struct err *err);
/* The boot's anchors changed what lies between these monotonic moments. */
int samples_moved(
	struct ledger_writer *writer, int64_t boot, const struct span *range_us, struct err *err);
/* Some of those that came before go: pages, and observations but for certificates of installation.
 * Speed tests stay, for the months' figures are made of them. *ret_more: there are more. */
int samples_forget(
	struct ledger_writer *writer, int64_t before_us, bool *ret_more, struct err *err);

#endif
