/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the derived tables share. */
#ifndef PANTAU_STORE_DERIVED_PRIVATE_H
#define PANTAU_STORE_DERIVED_PRIVATE_H

#include "collector/ledger/strip.h"
#include "collector/store/derived.h"
#include "collector/store/ledger_private.h"

/* A strip is kept in parts of thirty days, counted from 1970: a month lies in two or three. */
#define PART_S (30 * 86400LL)

struct part_key {
	int64_t link, rule;
};

int64_t part_of(int64_t second);
/* The rule of the terms as one number, as in the tables. */
int64_t rule_key(const struct terms *terms);

/* The columns contract_s, begins_s, first_s, tail_s, tail_cause, figured_s from this one on. */
void derived_line_read(struct query *query, int column, struct derived_line *ret_line);

/* Appends these parts, by their numbers. */
int parts_load(struct db *db, const struct part_key *key, const struct span *parts,
	struct strip *ret_strip, struct err *err);
/* Within the span (which has ends) the strip is these segments. */
int parts_replace(struct db *db, const struct part_key *key, const struct span *within,
	const struct base *base, struct err *err);

/* ---- the rules that are kept of a link: the table link_rule */

struct kept_rules {
	struct terms *items; /* of each only what makes the rule */
	size_t count;
};

/* Those of the link are noted, as waiting from this second on (INT64_MIN: not waiting); others are
 * not kept any more. */
int rules_note(struct db *db, const struct derived_link *link, int64_t waits_s, struct err *err);
/* All of them; where there is none, the default one is noted. Caller frees the items. */
int rules_load(struct db *db, int64_t link, struct kept_rules *ret_rules, struct err *err);
/* The first one that waits, and from when on. -ENOENT: none does. */
int rules_waiting(
	struct db *db, int64_t link, struct terms *ret_rule, int64_t *ret_waits_s, struct err *err);
int rule_put(struct db *db, const struct part_key *key, int64_t waits_s, struct err *err);

/* ---- writing */

/* Something may have changed in the span of a link: it is derived anew. *ret_changed: the seconds
 * of which the base may be another one; empty when there is no timeline. */
int derived_touch(struct ledger_writer *writer, const struct ledger_span *touched,
	struct span *ret_changed, struct err *err);
/* For each link that the batch has touched; what is touched grows to what has changed. */
int derived_settle(struct ledger_writer *writer, struct err *err);

#endif
