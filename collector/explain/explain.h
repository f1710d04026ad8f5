/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a second counts as it does: the page on which an officer and a provider who disagree look at
 * the same facts. Everything in it comes from the code that counts (line_build, base_build,
 * states_of_base, month_compute); where the two would differ, there is no explanation but an error.
 *
 *   explain_second() -> struct explanation -> explain_json.h, explain_text.h
 */
#ifndef PANTAU_EXPLAIN_EXPLAIN_H
#define PANTAU_EXPLAIN_EXPLAIN_H

#include "collector/ledger/base.h"
#include "collector/ledger/outage.h"
#include "collector/store/ledger_witness.h"
#include "collector/store/registry_decision.h"
#include "collector/store/registry_objection.h"
#include "collector/store/sla.h"

#define EXPLAIN_BESIDE 5 /* slots shown on either side */

enum explain_class { /* where the second stands in its row */
	EXPLAIN_NOWHERE, /* in no row: `nowhere` says why */
	EXPLAIN_UP,
	EXPLAIN_DOWN,
	EXPLAIN_UNDETERMINED,
	EXPLAIN_EXCLUDED,
};
const char *explain_class_name(enum explain_class class); /* "U", "D", "N", "E"; NULL: nowhere */

enum explain_nowhere {
	NOWHERE_NOT, /* it is in a row */
	NOWHERE_NO_CONTRACT,
	NOWHERE_NOT_YET, /* at or after as_of */
	NOWHERE_OFF_HOURS, /* outside the contract's service hours */
};
const char *explain_nowhere_name(enum explain_nowhere nowhere); /* "no-contract", ...; NULL: not */

struct explain_pass { /* the window, with all that is unknown taken one way */
	bool down;
	bool bad; /* the run of seconds that holds this one, as this pass takes them */
	int64_t from_s, to_s; /* of that run; to_s may be SPAN_FOREVER */
	/* The last run of at least W up to here, which made the state; to_s may be SPAN_FOREVER.
	 * There is none before the first: UP from the beginning. */
	bool decided;
	int64_t decided_from_s, decided_to_s;
	bool gone; /* the slots are gone by retention: only `down` is known */
};

struct explain_piece { /* a slot, or what lies between two, around the second */
	int64_t from_s, to_s; /* to_s may be SPAN_FOREVER */
	bool is_slot, here; /* here: it holds the second */
	uint32_t agent, run, sequence; /* is_slot: all below to `disputed` */
	uint16_t due, made, lost; /* rounds */
	bool disputed;
	enum base_kind kind; /* under the contract's terms, bridging included */
	uint8_t cause; /* BAD: enum down_cause; unknown, or bridged: enum unknown_cause */
	bool bridged;
};

struct explain_boot { /* of the agent that was heard last before a hole, or first after it */
	bool there;
	uint32_t agent, run;
	int64_t from_s, to_s; /* the slot's */
	bool placed, stopped; /* stopped: it said that it shuts down */
	uint8_t reset; /* enum reset: what its start says of how it came about */
	int64_t booted_s, alive_s; /* placed: when it booted; its last sign of life but slots */
};

struct explain_witness { /* the slot that speaks for the second */
	bool there;
	struct ledger_slot row; /* row.slot points to the copy below */
	struct slot *slot; /* owned */
	char name[REGISTRY_NAME_BYTES]; /* the agent's */
	int64_t agent_revoked_s;
	struct registry_binding binding; /* id 0: there is none any more */
	struct ledger_clock clock;
	size_t conflicts; /* other contents of its key */
	struct ledger_conflict first; /* of these */
	enum down_cause cause; /* of the slot, if it is bad */
};

struct explain_loser { /* another slot of that second, which does not speak */
	uint32_t agent, run, sequence;
	int64_t from_s, to_s;
};

enum explain_reach { /* why an exclusion removes the second, or why not */
	REACH_COUNTS,
	REACH_REVOKED,
	REACH_NOTICE, /* maintenance counts from `counts_from_s` */
	REACH_UNCONFIRMED, /* D, without a second officer and a document */
	REACH_NOT_POWER, /* the second is no N whose cause is power */
	REACH_OTHERWISE, /* it does not remove it, for none of these reasons */
};
const char *explain_reach_name(enum explain_reach reach); /* "counts", "revoked", ... */

struct explain_exclusion {
	struct registry_exclusion entry;
	enum explain_reach reach;
	int64_t counts_from_s; /* the first second that it can remove */
};

enum explain_power { /* the contract's own rule, power = exclude */
	POWER_NO_RULE, /* it has none, or this second is no power gap */
	POWER_REMOVED,
	POWER_TO_A_PERSON, /* a charged bad slot lies less than W away: people decide */
};

struct explanation {
	int64_t at_s, as_of_s;
	struct registry_link link;
	struct region_place place;
	char period[8]; /* the local month, "2026-01" */

	enum explain_class class;
	enum explain_nowhere nowhere;
	int64_t from_s, to_s; /* around it, all within the month and its contract, alike */
	bool measured; /* false: before the timeline begins, or not yet: no run, no passes */
	struct state_run run; /* what was measured, beneath an exclusion too */
	struct explain_pass if_good, if_bad;
	int64_t begins_s; /* of the timeline */
	int64_t gone_s; /* slots before this second are gone by retention; INT64_MIN: none is */

	bool has_contract; /* false: `terms` are the defaults, which nobody agreed to */
	struct registry_contract contract;
	struct terms terms;
	struct registry_contract before, after; /* beside a gap; id 0: there is none */

	struct explain_piece *pieces;
	size_t piece_count;
	struct explain_witness witness;
	struct explain_loser *losers;
	size_t loser_count;
	struct explain_boot heard, heard_again; /* beside a hole */

	struct explain_exclusion *exclusions;
	size_t exclusion_count;
	enum explain_power power;

	struct registry_settlement settlement; /* of its dispute; id 0: none in force */
	bool has_outage;
	struct outage outage; /* that the second is in, adjoining N included */
	struct registry_objection *objections; /* to it */
	size_t objection_count;
};

struct explain_query {
	int64_t link, at_s, as_of_s;
};

/* -EINVAL: before 1970, after 9998. -ENOENT: no such link. -ESTALE: the slots are gone, and nothing
 * was derived of them. -ERANGE: the explanation is not what is counted (our own bug; never shown).
 * source->ledger may be NULL: nothing was ever heard. */
int explain_second(const struct sla_source *source, const struct explain_query *query,
	struct explanation *ret_explanation, struct err *err);
void explanation_done(struct explanation *explanation);

#endif
