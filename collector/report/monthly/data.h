/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a kabupaten's report of a month says, from one question: PDF, XLSX and CSV print this
 * and nothing else. A closed month is read from the document that was issued, an open one from the
 * same tables as they come out now.
 *
 *	document (issued, or gathered now) ---> struct report ---> grids.h ---> csv, xlsx, paper
 *	names of regions ------------------/
 */
#ifndef PANTAU_REPORT_MONTHLY_DATA_H
#define PANTAU_REPORT_MONTHLY_DATA_H

#include "collector/closing/document.h"
#include "collector/store/closed_month.h"
#include "collector/store/sla.h"

struct report_ask { /* borrowed */
	const char *month; /* "2026-10" */
	const char *kabupaten; /* its code */
	int64_t as_of_s; /* where the rows are counted now */
	bool live; /* counted now, although the month is closed */
	bool no_quality; /* RTT, loss and PDV are not wanted: paper has none of them */
	int64_t revision; /* CLOSED_LATEST, or the one that is wanted */
};

struct report_row { /* a link and contract, or a sum of those */
	struct sla_row sla;
	const char *desa, *kecamatan; /* names; "" unknown, or of none */
	size_t links; /* of a sum */
	/* of links: */
	const char *kind, *zone;
	int32_t offset_s;
	bool heard;
	bool has_contract;
	int64_t fee;
	uint32_t kbps_down, kbps_up;
};

struct report_rows {
	struct report_row *items;
	size_t count;
};

struct report_outage {
	int64_t link, contract;
	const char *desa_code, *desa, *kecamatan, *provider, *zone;
	int32_t offset_s;
	int64_t start_s, end_s; /* end_s 0: it goes on */
	int64_t lost_s, answered_s; /* evidence; 0: none */
	const char *cause, *note, *ticket, *objection;
	int64_t d_s, n_s;
	bool unclear;
};

struct report_exclusion {
	int64_t id, from_s, to_s, entered_s;
	int32_t offset_s; /* of the first link that it reaches */
	const char *scope, *value, *place; /* place: the region's name, "" where it is none */
	const char *reason, *by, *second, *document, *note;
	size_t links; /* of this kabupaten that it reaches */
	bool waits; /* for a second officer or a document */
};

enum report_matter {
	MATTER_UNDETERMINED, /* N on which a verdict or rupiah hang */
	MATTER_DISPUTE, /* slots with several contents */
	MATTER_OUTAGE, /* perlu klarifikasi */
	MATTER_EXCLUSION, /* waits for a second officer */
	MATTER_OBJECTION, /* was not answered */
	MATTER_CONTRACT_GAP, /* time between two contracts, which is in no row */
	MATTER_COUNT
};

struct report_question { /* what a person has to decide or to know yet */
	enum report_matter matter;
	int64_t link, contract, number; /* number: of exclusion or objection; 0: none */
	const char *desa_code, *desa, *provider, *zone;
	int32_t offset_s;
	int64_t from_s, to_s; /* to_s 0: it goes on */
	int64_t seconds, rupiah; /* that hang on it */
	int64_t n_by[UNKNOWN_CAUSE_COUNT]; /* of UNDETERMINED */
	const char *by, *note;
};

struct report_rule { /* the terms that so many contracts share */
	struct registry_contract contract;
	size_t contracts;
	int64_t fees; /* their sum, a month */
};

struct report {
	char month[MONTH_NAME_BYTES];
	struct region kabupaten, provinsi;
	bool closed; /* printed as it was issued */
	bool over; /* the month has ended */
	struct closed_month issue; /* of a closed one */
	char revision[32]; /* "sementara", "final", "Revisi ke-1" */
	int64_t as_of_s, dated_s; /* counted up to there; issued or asked for then */
	int32_t offset_s; /* of the kabupaten's zone: that of its first link */
	struct report_rows links, desa, kecamatan, providers; /* worst first */
	struct report_row total;
	struct report_outage *outages; /* by start */
	struct report_exclusion *exclusions;
	struct report_question *questions; /* the dearest first */
	struct report_rule *rules;
	size_t outage_count, exclusion_count, question_count, rule_count;
	struct document *document; /* that all texts are borrowed from */
	struct report_names *names;
};

/* -EINVAL: month or code is none. -ENOENT: there is no such kabupaten, or no such revision.
 * -EBADMSG: what is archived is damaged. */
int report_gather(const struct sla_source *source, const struct report_ask *ask,
	struct report **ret_report, struct err *err);
void report_free(struct report *report);

/* ---- of this folder's own files */

struct report_link { /* of the month, and of this kabupaten */
	int64_t id;
	const char *desa, *provider, *kind, *zone;
	int32_t offset_s;
	bool heard;
};

struct report_making { /* while it is made */
	struct report *report;
	const struct sla_source *source;
	const struct report_ask *ask;
	struct report_link *links; /* by id */
	size_t link_count;
	struct err *err;
};

/* Opens the document, issued or gathered. */
int report_open(struct report_making *making);
/* links, desa, kecamatan, providers, total; then making->links are known. */
int report_fill_rows(struct report_making *making);
void report_sort_rows(struct report *report);
/* outages, exclusions, rules */
int report_fill_annex(struct report_making *making);
/* From all of these. */
int report_fill_questions(struct report_making *making);

/* NULL: it is not of this kabupaten. */
const struct report_link *report_find_link(const struct report_making *making, int64_t link);
int report_no_memory(struct report_making *making);
/* Of a cell; 0 where it is empty or none. */
int64_t report_number(const struct document_table *table, size_t row, const char *column);
int64_t report_time(const struct document_table *table, size_t row, const char *column);
const char *report_text(const struct document_table *table, size_t row, const char *column);

#endif
