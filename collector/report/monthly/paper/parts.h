/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the report, a file or two each. Private to this folder. */
#ifndef PANTAU_REPORT_MONTHLY_PAPER_PARTS_H
#define PANTAU_REPORT_MONTHLY_PAPER_PARTS_H

#include "collector/report/monthly/grids.h"
#include "collector/report/monthly/letterhead.h"
#include "collector/report/monthly/paper/paper.h"
#include "collector/report/monthly/paper/table.h"

#define JOB_TEXT_BYTES 320
#define JOB_NUMBER_BYTES 160

#define SECTIONS_MAX 16

struct job { /* a report on its way to paper; borrows all */
	const struct report *report;
	const struct letterhead *letterhead;
	struct say say; /* in the kabupaten's zone */
	struct paper *paper;
	struct grid grids[TABLE_OF_COUNT];
	char number[JOB_NUMBER_BYTES], author[JOB_NUMBER_BYTES], status[64], title[80];
	char head[JOB_TEXT_BYTES], foot[JOB_TEXT_BYTES];
	char address[JOB_TEXT_BYTES]; /* where it is verified; "" it can't be */
	unsigned section_pages[SECTIONS_MAX]; /* of the dry run */
	unsigned section_count, page_count;
};

/* The one of the two in the reader's language. */
const char *job_pick(const struct job *job, const char *id, const char *en)
	__attribute__((format_arg(2), format_arg(3)));
/* A heading of the first level on a new page; remembers which. */
void job_section(struct job *job, bool landscape, const char *title);
/* The whole table under it, or words that there is nothing. */
void job_table(struct job *job, enum grid_table table, const struct paper_column *columns,
	const char *nothing);

void part_front(struct job *job);
void part_definitions(struct job *job);
void part_rules(struct job *job);
void part_recap(struct job *job);
void part_links(struct job *job);
void part_providers(struct job *job);
void part_annex(struct job *job);
void part_minutes(struct job *job);

extern const char *const section_titles[][2]; /* Bahasa Indonesia, English; by enum section */
enum section {
	SECTION_DEFINITIONS,
	SECTION_RECAP,
	SECTION_LINKS,
	SECTION_PROVIDERS,
	SECTION_OUTAGES,
	SECTION_EXCLUSIONS,
	SECTION_QUESTIONS,
	SECTION_MINUTES,
	SECTION_COUNT
};

#endif
