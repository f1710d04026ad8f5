/* SPDX-License-Identifier: Apache-2.0 */
/* What a row leaves to people. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/inbox_private.h"
#include "collector/explain/explain_private.h"

/* ---- undetermined time */

static int add_part(struct inbox_row *row, struct inbox_item *item, const struct span *span,
	enum unknown_cause cause)
{
	struct inbox_part *part = explain_add(
		(void **)&item->parts, &item->part_count, sizeof(*part));

	if (!part)
		return -ENOMEM;
	part->from_s = span->from;
	part->to_s = span->to;
	part->cause = cause;
	return inbox_if_up(row, span, &part->rupiah);
}

/* The run as far as it lies in P minus E. */
static int add_run(struct inbox_row *row, struct inbox_item *item, const struct state_run *run)
{
	const struct spans *counted = &row->month.counted;
	int failed = 0;

	for (size_t i = 0; !failed && i < counted->count; i++) {
		struct span span = counted->items[i];
		if (span.from >= run->to)
			break;
		if (span.from < run->from)
			span.from = run->from;
		if (span.to > run->to)
			span.to = run->to;
		if (span.from < span.to)
			failed = add_part(row, item, &span, (enum unknown_cause)run->cause);
	}
	return failed;
}

static int by_stake(const void *left, const void *right)
{
	const struct inbox_part *a = left, *b = right;

	if (a->rupiah != b->rupiah)
		return a->rupiah > b->rupiah ? -1 : 1;
	if (a->to_s - a->from_s != b->to_s - b->from_s)
		return a->to_s - a->from_s > b->to_s - b->from_s ? -1 : 1;
	return (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

static int find_undetermined(struct inbox_row *row)
{
	const struct month_row *month = &row->month;
	struct inbox_item *item;
	int failed = 0;

	if (month->verdict != VERDICT_UNDECIDED &&
		month->restitution_low == month->restitution_high)
		return 0;
	if (!month->n)
		return 0;
	item = inbox_add(row->run, INBOX_UNDETERMINED, row->link->link,
		"%" PRId64 "-%" PRId64 "-%s", row->link->link->id, row->contract->id,
		row->run->query->month);
	if (!item)
		return -ENOMEM;
	item->contract = row->contract->id;
	item->from_s = month->segment_from;
	item->to_s = month->segment_to;
	item->seconds = month->n;
	item->rupiah = month->restitution_high - month->restitution_low;
	for (size_t i = 0; !failed && i < row->states.count; i++) {
		if (row->states.runs[i].state == STATE_N)
			failed = add_run(row, item, &row->states.runs[i]);
	}
	if (item->part_count)
		qsort(item->parts, item->part_count, sizeof(*item->parts), by_stake);
	return failed;
}

/* ---- power gaps */

/* N seconds without power within the span that count. */
static int64_t power_within(const struct inbox_row *row, const struct span *span)
{
	int64_t seconds = 0;

	for (size_t i = 0; i < row->states.count; i++) {
		const struct state_run *run = &row->states.runs[i];
		int64_t from = run->from > span->from ? run->from : span->from;
		int64_t to = run->to < span->to ? run->to : span->to;
		if (run->state == STATE_N && run->cause == UNKNOWN_POWER)
			seconds += spans_within(&row->month.counted, from, to);
	}
	return seconds;
}

static int find_power_gaps(struct inbox_row *row)
{
	const struct spans *gaps = &row->states.power_person;
	int failed = 0;

	for (size_t i = 0; !failed && i < gaps->count; i++) {
		int64_t seconds = power_within(row, &gaps->items[i]);
		struct inbox_item *item;
		if (!seconds)
			continue;
		item = inbox_add(row->run, INBOX_POWER_GAP, row->link->link, "%" PRId64 "-%" PRId64,
			row->link->link->id, gaps->items[i].from);
		if (!item)
			return -ENOMEM;
		item->contract = row->contract->id;
		item->from_s = gaps->items[i].from;
		item->to_s = gaps->items[i].to;
		item->seconds = seconds;
		item->cause = UNKNOWN_POWER;
		failed = inbox_if_up(row, &gaps->items[i], &item->rupiah);
	}
	return failed;
}

/* ---- outages, and objections to them */

/* The outage that holds the second, adjoining N included; the second alone when there is none. */
static int span_of(
	const struct inbox_row *row, int64_t second, struct span *ret_span, int64_t *ret_seconds)
{
	struct outage *outages = NULL;
	size_t count = 0;
	int failed = outages_find(&row->states, row->month.segment_to, &outages, &count);

	*ret_span = (struct span){second, second + 1};
	*ret_seconds = 0;
	for (size_t i = 0; !failed && i < count; i++) {
		if (outages[i].span_from <= second && second < outages[i].span_to) {
			*ret_span = (struct span){outages[i].span_from, outages[i].span_to};
			*ret_seconds = outages[i].down_s + outages[i].unknown_s;
		}
	}
	free(outages);
	return failed;
}

static int add_outage(struct inbox_row *row, const struct sla_outage *outage)
{
	struct inbox_item *item = inbox_add(row->run, INBOX_OUTAGE, row->link->link,
		"%" PRId64 "-%" PRId64, outage->link, outage->start_s);
	struct span span;
	int failed;

	if (!item)
		return -ENOMEM;
	item->contract = outage->contract;
	item->from_s = outage->start_s;
	item->to_s = outage->running ? SPAN_FOREVER : outage->end_s;
	item->cause = outage->cause;
	failed = span_of(row, outage->start_s, &span, &item->seconds);
	return failed ? failed : inbox_if_up(row, &span, &item->rupiah);
}

static int find_outages(struct inbox_row *row)
{
	const struct inbox_run *run = row->run;
	int failed = 0;

	for (size_t i = 0; !failed && i < run->unclear_count; i++) {
		const struct sla_outage *outage = &run->unclear[i];
		if (outage->link == row->link->link->id && outage->contract == row->contract->id)
			failed = add_outage(row, outage);
	}
	return failed;
}

static int add_objection(struct inbox_row *row, const struct registry_objection *objection)
{
	struct inbox_item *item = inbox_add(
		row->run, INBOX_OBJECTION, row->link->link, "%" PRId64, objection->id);
	struct span span;
	int failed;

	if (!item)
		return -ENOMEM;
	item->contract = row->contract->id;
	item->number = objection->id;
	memcpy(item->by, objection->by, sizeof(item->by));
	memcpy(item->note, objection->note, sizeof(item->note));
	failed = span_of(row, objection->at_s, &span, &item->seconds);
	item->from_s = span.from;
	item->to_s = span.to;
	return failed ? failed : inbox_if_up(row, &span, &item->rupiah);
}

static int find_objections(struct inbox_row *row)
{
	const struct inbox_run *run = row->run;
	int failed = 0;

	for (size_t i = 0; !failed && i < run->waiting_count; i++) {
		const struct registry_objection *objection = &run->waiting[i];
		if (objection->link == row->link->link->id &&
			objection->at_s >= row->month.segment_from &&
			objection->at_s < row->month.segment_to)
			failed = add_objection(row, objection);
	}
	return failed;
}

/* ---- exclusions that wait for a second officer */

static struct inbox_item *item_of(struct inbox_row *row, const struct registry_exclusion *entry)
{
	struct inbox *inbox = &row->run->inbox;
	struct inbox_item *item;

	for (size_t i = 0; i < inbox->count; i++) {
		item = &inbox->items[i];
		if (item->kind == INBOX_EXCLUSION && item->number == entry->id) {
			item->link = item->contract = 0; /* it reaches several rows */
			item->desa[0] = '\0';
			return item;
		}
	}
	item = inbox_add(row->run, INBOX_EXCLUSION, row->link->link, "%" PRId64, entry->id);
	if (!item)
		return NULL;
	item->contract = row->contract->id;
	item->number = entry->id;
	item->from_s = entry->from_s;
	item->to_s = entry->to_s;
	memcpy(item->by, entry->by, sizeof(item->by));
	memcpy(item->note, entry->note, sizeof(item->note));
	item->links = 0;
	return item;
}

static int add_exclusion(struct inbox_row *row, size_t i)
{
	const struct inbox_link *link = row->link;
	const struct exclusions rules = {link->rules, link->rule_count};
	struct inbox_item *item = item_of(row, &link->entries[i]);
	int64_t rupiah, seconds;
	int failed;

	if (!item)
		return -ENOMEM;
	link->rules[i].confirmed = true;
	failed = inbox_if_rules(row, &rules, &rupiah, &seconds);
	link->rules[i].confirmed = false;
	if (failed)
		return failed;
	item->rupiah += rupiah;
	item->seconds += seconds;
	item->links++;
	return 0;
}

static int find_exclusions(struct inbox_row *row)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < row->link->rule_count; i++) {
		const struct exclusion *rule = &row->link->rules[i];
		bool waits = !rule->revoked && !rule->confirmed &&
			(rule->reason == EXCLUSION_FORCE_MAJEURE ||
				rule->reason == EXCLUSION_CUSTOMER);
		if (waits && rule->from < row->month.segment_to &&
			rule->to > row->month.segment_from)
			failed = add_exclusion(row, i);
	}
	return failed;
}

int inbox_row_items(struct inbox_row *row)
{
	int failed = find_undetermined(row);

	if (!failed)
		failed = find_power_gaps(row);
	if (!failed)
		failed = find_outages(row);
	if (!failed)
		failed = find_objections(row);
	return failed ? failed : find_exclusions(row);
}
