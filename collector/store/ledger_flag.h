/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent says against what the collector saw (ledger/crosscheck.h), kept day by day: flags
 * for people, and how the test server stands beside other targets. All of it is made of slots and
 * sightings, again when late ones come, and nothing that is counted hangs on it.
 */
#ifndef PANTAU_STORE_LEDGER_FLAG_H
#define PANTAU_STORE_LEDGER_FLAG_H

#include "collector/ledger/crosscheck.h"
#include "collector/store/ledger_writer.h"

extern const char ledger_flag_schema[];

/* ---- reading */

struct ledger_flag {
	int64_t link;
	struct flag flag;
};
/* That touch the span (link 0: of all), by link and beginning. */
int ledger_flags(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_flag *flag), void *arg, struct err *err);

struct ledger_targets {
	int64_t link, day_s;
	struct target_day day;
};
/* Days that begin in the span (link 0: of all), by link. */
int ledger_targets(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_targets *targets), void *arg, struct err *err);

/* ---- writing, inside a batch */

/* A record of the journal that says what the collector saw. One that is none is left out. */
int sighting_put(
	struct ledger_writer *writer, const struct journal_record *journal, struct err *err);

#define FLAG_NEIGHBOURS 20

struct flag_subject { /* borrowed */
	const struct registry_link *link;
	/* Up to FLAG_NEIGHBOURS other links of its provider; returns how many. */
	size_t (*neighbours)(void *arg, const struct registry_link *link, int64_t *ret_links);
	void *arg;
	const char *state; /* the folder in which the web notes what it sent (served.h) */
};
/* Of the link's day that begins there; one of its kind and second is replaced. */
int flag_put(struct ledger_writer *writer, const struct ledger_span *day, const struct flag *flag,
	struct err *err);
/* Before sla_keep(): the link's days that are over and were not looked at since anything of them
 * changed. */
int flags_keep(struct ledger_writer *writer, const struct flag_subject *subject, int64_t now_s,
	struct err *err);

#endif
