/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that gather an explanation share. */
#ifndef PANTAU_EXPLAIN_PRIVATE_H
#define PANTAU_EXPLAIN_PRIVATE_H

#include "collector/explain/explain.h"
#include "collector/ledger/overlap.h"

struct explain_case { /* one second, while it is looked at */
	const struct sla_source *source; /* borrowed */
	struct history history;
	struct line line;
	struct piece *pieces; /* who speaks when: those of line.slots, in the same order */
	size_t piece_count;
	struct base
		base; /* empty: the slots are gone, and the states are those that were derived */
	struct states states;
	int64_t contract_s; /* beginning of the link's first contract; SPAN_FOREVER: it has none */
	struct span month; /* the local one of the second */
	struct explanation *out; /* borrowed */
	struct err *err; /* borrowed */
};

/* Adds a zeroed item to an array of `size` bytes each; NULL: out of memory. */
void *explain_add(void **items, size_t *count, size_t size);

/* Line, base and states under out->terms, as much of them as the second hangs on; out->begins_s is
 * the first contract's beginning before it, and that of the timeline afterwards. */
int explain_count(struct explain_case *explain);
/* Frees what explain_count() made. */
void explain_case_done(struct explain_case *explain);
/* The second within the base as a pass takes it. */
struct explain_pass explain_pass_at(
	const struct explain_case *explain, int64_t second, bool unknown_is_bad);
/* Index of the segment that holds the second, which is not before the base. */
size_t base_segment_at(const struct base *base, int64_t second);
/* The run, both passes and the pieces around the second. -ERANGE: they contradict the states. */
int explain_judge(struct explain_case *explain);
/* First line.slots[] that ends after the second. */
size_t explain_slot_after(const struct explain_case *explain, int64_t second);

/* The slot that speaks, those that do not, and the boots beside a hole. */
int explain_evidence(struct explain_case *explain);
/* Exclusions, objections and what settles a dispute. */
int explain_decisions(struct explain_case *explain);

#endif
