/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the inbox share: one link's case, and what a row would be otherwise. */
#ifndef PANTAU_EXPLAIN_INBOX_PRIVATE_H
#define PANTAU_EXPLAIN_INBOX_PRIVATE_H

#include "collector/explain/inbox.h"
#include "collector/store/ledger_witness.h"

struct inbox_run { /* one gathering */
	const struct sla_source *source;
	const struct sla_query *query;
	struct inbox inbox;
	struct sla_outage *unclear; /* of all links asked for, by link and start */
	size_t unclear_count;
	struct registry_objection *waiting; /* unanswered objections */
	size_t waiting_count;
	struct registry_settlement *settled; /* in force */
	size_t settled_count;
	uint32_t *doubted; /* agents with conflicts */
	size_t doubted_count;
	struct ledger_twin *twins; /* pairs of devices that lived at once */
	size_t twin_count;
	struct err *err;
};

struct inbox_link { /* one link in the month */
	const struct registry_link *link;
	struct month_period period;
	struct registry_contract *contracts; /* by beginning */
	size_t contract_count;
	struct registry_exclusion *entries; /* those that reach it */
	struct exclusion *rules; /* the same, as the month is computed with them */
	size_t rule_count;
};

struct inbox_row { /* one contract's row of it */
	struct inbox_run *run;
	const struct inbox_link *link;
	const struct registry_contract *contract;
	struct states states;
	struct month_row month;
};

/* A zeroed item with the link's names and its id, "KIND-...". NULL: out of memory. */
struct inbox_item *inbox_add(struct inbox_run *run, enum inbox_kind kind,
	const struct registry_link *link, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* What the possible restitution would fall by, if all of [from, to) that is not U was U. */
int inbox_if_up(const struct inbox_row *row, const struct span *span, int64_t *ret_rupiah);
/* The same, and the seconds that E would grow by, if the rules were these. */
int inbox_if_rules(const struct inbox_row *row, const struct exclusions *rules, int64_t *ret_rupiah,
	int64_t *ret_seconds);

/* Items of a row: undetermined time, power gaps, unclear outages, exclusions, objections. */
int inbox_row_items(struct inbox_row *row);
/* What the collector saw otherwise (inbox_flag.c). An item's id: link, kind, local midnight. */
#define INBOX_FLAG_ID "%" PRId64 "-%d-%" PRId64
int64_t inbox_flag_day(int64_t second, int64_t midnight_s); /* its midnight; any one is given */
int inbox_flag_items(struct inbox_run *run, const struct inbox_link *link);
void inbox_describe_flag(const struct inbox_item *item, char *words); /* INBOX_WORDS_BYTES */

/* Items of a link: disputed slots, gaps between contracts. */
int inbox_link_items(struct inbox_run *run, const struct inbox_link *link);

#endif
