/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is open: each thing on which seconds or rupiah still hang. Found in the month's own tables,
 * so that a closed month lists what was open when it was issued. The inbox (collector/explain) has
 * the same matters with their evidence, for whoever decides them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/data.h"
#include "collector/report/monthly/names.h"

struct listing {
	struct report_making *making;
	size_t room;
};

/* A new one, of this link (0: of none); NULL: out of memory. */
static struct report_question *add(struct listing *listing, enum report_matter matter, int64_t link)
{
	struct report *report = listing->making->report;
	const struct report_link *of = report_find_link(listing->making, link);
	struct report_question *question;

	if (report->question_count == listing->room) {
		size_t room = listing->room ? listing->room * 2 : 64;
		struct report_question *items = realloc(report->questions, room * sizeof(*items));

		if (!items)
			return NULL;
		report->questions = items;
		listing->room = room;
	}
	question = &report->questions[report->question_count++];
	*question = (struct report_question){.matter = matter,
		.link = link,
		.desa_code = of ? of->desa : "",
		.desa = "",
		.provider = of ? of->provider : "",
		.zone = of ? of->zone : "",
		.offset_s = of ? of->offset_s : report->offset_s,
		.by = "",
		.note = ""};
	/* a name that cannot be had now stays empty: the code is there */
	names_find(report->names, question->desa_code, &question->desa, NULL);
	return question;
}

/* ---- rows */

static bool hangs(const struct month_row *month)
{
	return month->verdict == VERDICT_UNDECIDED ||
		(month->has_restitution && month->restitution_low != month->restitution_high);
}

static int ask_row(struct listing *listing, const struct sla_row *row)
{
	const struct month_row *month = &row->month;
	struct report_question *question;

	if (hangs(month)) {
		question = add(listing, MATTER_UNDETERMINED, row->link);
		if (!question)
			return -ENOMEM;
		question->contract = row->contract;
		question->from_s = month->segment_from;
		question->to_s = month->segment_to;
		question->seconds = month->n;
		question->rupiah = month->restitution_high - month->restitution_low;
		memcpy(question->n_by, month->n_by, sizeof(question->n_by));
	}
	if (month->n_by[UNKNOWN_DISPUTED]) {
		question = add(listing, MATTER_DISPUTE, row->link);
		if (!question)
			return -ENOMEM;
		question->contract = row->contract;
		question->from_s = month->segment_from;
		question->to_s = month->segment_to;
		question->seconds = month->n_by[UNKNOWN_DISPUTED];
	}
	return 0;
}

static int ask_outage(struct listing *listing, const struct report_outage *outage)
{
	struct report_question *question;

	if (!outage->unclear)
		return 0;
	question = add(listing, MATTER_OUTAGE, outage->link);
	if (!question)
		return -ENOMEM;
	question->contract = outage->contract;
	question->from_s = outage->start_s;
	question->to_s = outage->end_s;
	question->seconds = outage->n_s;
	question->note = outage->cause;
	return 0;
}

static int ask_exclusion(struct listing *listing, const struct report_exclusion *exclusion)
{
	struct report_question *question;

	if (!exclusion->waits)
		return 0;
	question = add(listing, MATTER_EXCLUSION, 0);
	if (!question)
		return -ENOMEM;
	question->number = exclusion->id;
	question->desa = exclusion->place;
	question->offset_s = exclusion->offset_s;
	question->from_s = exclusion->from_s;
	question->to_s = exclusion->to_s;
	question->by = exclusion->by;
	question->note = exclusion->note;
	return 0;
}

/* ---- objections without an answer */

static int ask_objections(struct listing *listing)
{
	struct report_making *making = listing->making;
	const struct document_table *table = document_table(
		making->report->document, TABLE_DECISIONS);
	struct report_question *question;

	for (size_t i = 0; i < table->row_count; i++) {
		int64_t link = report_number(table, i, "link");

		if (strcmp(report_text(table, i, "kind"), "objection") != 0 ||
			*report_text(table, i, "outcome") || !report_find_link(making, link))
			continue;
		question = add(listing, MATTER_OBJECTION, link);
		if (!question)
			return -ENOMEM;
		question->number = report_number(table, i, "id");
		question->from_s = report_time(table, i, "from");
		question->to_s = question->from_s;
		question->by = report_text(table, i, "by");
		question->note = report_text(table, i, "note");
	}
	return 0;
}

/* ---- time between two contracts of a link: rows are by link and beginning here */

static int ask_gaps(struct listing *listing)
{
	const struct report_rows *rows = &listing->making->report->links;
	struct report_question *question;

	for (size_t i = 1; i < rows->count; i++) {
		const struct sla_row *before = &rows->items[i - 1].sla, *row = &rows->items[i].sla;

		if (row->link != before->link ||
			row->month.segment_from <= before->month.segment_to)
			continue;
		question = add(listing, MATTER_CONTRACT_GAP, row->link);
		if (!question)
			return -ENOMEM;
		question->from_s = before->month.segment_to;
		question->to_s = row->month.segment_from;
		question->seconds = question->to_s - question->from_s;
	}
	return 0;
}

static int dearest(const void *left, const void *right)
{
	const struct report_question *a = left, *b = right;

	if (a->rupiah != b->rupiah)
		return a->rupiah < b->rupiah ? 1 : -1;
	if (a->seconds != b->seconds)
		return a->seconds < b->seconds ? 1 : -1;
	if (a->matter != b->matter)
		return a->matter < b->matter ? -1 : 1;
	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	if (a->from_s != b->from_s)
		return a->from_s < b->from_s ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

int report_fill_questions(struct report_making *making)
{
	struct listing listing = {.making = making};
	struct report *report = making->report;
	int r = 0;

	for (size_t i = 0; r == 0 && i < report->links.count; i++)
		r = ask_row(&listing, &report->links.items[i].sla);
	for (size_t i = 0; r == 0 && i < report->outage_count; i++)
		r = ask_outage(&listing, &report->outages[i]);
	for (size_t i = 0; r == 0 && i < report->exclusion_count; i++)
		r = ask_exclusion(&listing, &report->exclusions[i]);
	if (r == 0)
		r = ask_objections(&listing);
	if (r == 0)
		r = ask_gaps(&listing);
	if (r < 0)
		return report_no_memory(making);
	if (report->question_count)
		qsort(report->questions, report->question_count, sizeof(*report->questions),
			dearest);
	return 0;
}
