/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is derived from a link's slots and kept, so that nobody has to read them again: its base
 * (ledger/base.h), as strips of thirty days. A base hangs on three of a contract's terms (loss
 * threshold, bridge, uncharged causes): the rule. Contracts with one rule share it, and another
 * window, target or fee derives nothing anew.
 *
 *	slots --line_build, base_build--> base --strips--> the table `run`
 *	the table `run` --derived_states--> states under a contract's terms
 *
 * ledger_settle() derives anew what its batch has touched, so that in every transaction the derived
 * tables say what the slots say. A second of the base hangs on the slots around it and on nothing
 * further than the next known slot on either side, so a late record rewrites what lies between
 * those and no more. The window is applied when reading: a run of at least W decides, so a reader
 * goes back to the last one before what it asks for.
 */
#ifndef PANTAU_STORE_DERIVED_H
#define PANTAU_STORE_DERIVED_H

#include "collector/ledger/states.h"
#include "collector/store/ledger_writer.h"

/* ---- reading */

struct derived_of { /* what is asked; all of it is borrowed */
	int64_t link;
	int64_t contract_s; /* beginning of the link's first contract; SPAN_FOREVER: it has none */
	const struct terms *terms;
};

struct derived_line { /* how far a link's timeline reaches */
	int64_t contract_s; /* as the ledger has followed the registry */
	int64_t begins_s; /* the earlier of its first contract and its first slot */
	int64_t first_s; /* its first slot; SPAN_FOREVER: nothing was ever heard */
	int64_t tail_s; /* from here on unknown without end */
	enum unknown_cause tail_cause;
	int64_t figured_s; /* its figures (sla_keep.h) are kept up to here */
};

/* -ENOENT: the link was never derived. */
int derived_line(
	struct ledger_db *db, int64_t link, struct derived_line *ret_line, struct err *err);

struct derived { /* states_done(&derived.states) */
	struct states states; /* of all that is asked, and the whole of each outage in it */
	struct span right; /* the seconds of which they are right; after it U is put, without end */
	int64_t first_s; /* as in derived_line */
};

/* The states of the span. -ENOENT: not derived (yet) under these terms. */
int derived_states(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err);
/* The same out of the slots around the span, whatever is derived. */
int derived_from_slots(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err);
/* The first of these that can be had. */
int derived_get(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err);

/* ---- writing, inside a batch */

struct derived_link { /* a link as the registry has it; borrowed */
	int64_t link;
	int64_t contract_s; /* as above */
	const struct terms *rules; /* one contract's terms for each rule that is needed */
	size_t rule_count;
};

/* Whether these are one rule. */
bool derived_same_rule(const struct terms *a, const struct terms *b);

/* The rules of a link with these contracts (by beginning), and the default one where there is time
 * before the first, between them or after the last. Caller frees. 0 or -ENOMEM. */
int derived_rules_of(const struct registry_contract *contracts, size_t count,
	struct terms **ret_rules, size_t *ret_count);

/* The registry's word on a link: where its timeline begins, its rules, what is excluded of it. New
 * rules are noted as waiting, figures are looked at again. A link of which this was never said has
 * the default rule and no contract. What has changed by it counts as touched. */
int derived_follow(struct ledger_writer *writer, const struct derived_link *link, struct err *err);
/* Derives a part of what waits of a link under one rule, three months of slots. *ret_more: there
 * may be more. */
int derived_work(struct ledger_writer *writer, int64_t link, bool *ret_more, struct err *err);
/* Links of which something waits. */
int derived_waiting(struct ledger_db *db, int64_t *ret_links, struct err *err);
/* The link's figures are kept up to there. */
int derived_put_figured(
	struct ledger_writer *writer, int64_t link, int64_t figured_s, struct err *err);
/* Links whose figures are kept only up to before that second; and one of them, 0: none. */
int derived_unfigured(struct ledger_db *db, int64_t before_s, int64_t *ret_links, struct err *err);
int derived_unfigured_next(
	struct ledger_db *db, int64_t before_s, int64_t *ret_link, struct err *err);
/* The first link after this one of which something waits; 0: none. */
int derived_waiting_next(struct ledger_db *db, int64_t after, int64_t *ret_link, struct err *err);

#endif
