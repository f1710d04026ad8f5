/* SPDX-License-Identifier: Apache-2.0 */
/* Why a second is down or unknown: the words of sla.md section 2. Pure names, no judgement here. */
#ifndef PANTAU_LEDGER_CAUSE_H
#define PANTAU_LEDGER_CAUSE_H

enum down_cause {
	DOWN_LOCAL,
	DOWN_CPE,
	DOWN_ACCESS,
	DOWN_PROVIDER,
	DOWN_UPSTREAM,
	DOWN_CAUSE_COUNT
};

enum unknown_cause { /* in the order of the columns n_* */
	UNKNOWN_POWER,
	UNKNOWN_RESTART,
	UNKNOWN_AGENT,
	UNKNOWN_DROPPED,
	UNKNOWN_CLOCK,
	UNKNOWN_LOCAL,
	UNKNOWN_DISPUTED,
	UNKNOWN_EDGE,
	UNKNOWN_SILENT,
	UNKNOWN_CAUSE_COUNT
};

/* "local", "power", ...: borrowed for ever. */
const char *down_cause_name(enum down_cause cause);
const char *unknown_cause_name(enum unknown_cause cause);
/* -1 for a word that is none. */
int down_cause_parse(const char *name);

#endif
