/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/verify_private.h"
#include "collector/ledger/restitution.h"
#include "collector/report/sla_parse.h"
#include "collector/report/sla_report.h"
#include "common/civil.h"

/* ---- what the rows name */

static int by_id(const void *left, const void *right)
{
	const struct verified_link *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

static int read_links(struct verifier *verifier)
{
	const struct document_table *table = document_table(verifier->document, TABLE_LINKS);
	int id = document_column(table, "link"), zone = document_column(table, "zone");
	int first = document_column(table, "first_slot");

	verifier->links = calloc(table->row_count + 1, sizeof(*verifier->links));
	if (!verifier->links)
		return -ENOMEM;
	for (size_t i = 0; i < table->row_count; i++) {
		struct verified_link *link = &verifier->links[verifier->link_count++];

		link->id = strtoll(document_cell(table, i, id), NULL, 10);
		link->heard = *document_cell(table, i, first) != '\0';
		if (civil_zone(document_cell(table, i, zone), &link->offset_s) < 0)
			fault(verifier, document_row_line(table, i), "zone = '%.20s' is none",
				document_cell(table, i, zone));
	}
	qsort(verifier->links, verifier->link_count, sizeof(*verifier->links), by_id);
	return 0;
}

static const struct verified_link *find_link(const struct verifier *verifier, int64_t id)
{
	const struct verified_link key = {.id = id};

	return bsearch(&key, verifier->links, verifier->link_count, sizeof(key), by_id);
}

static int by_contract(const void *left, const void *right)
{
	const struct registry_contract *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

static int read_contracts(struct verifier *verifier)
{
	const struct document_table *table = document_table(verifier->document, TABLE_CONTRACTS);
	struct err err = {0};

	verifier->contracts = calloc(table->row_count + 1, sizeof(*verifier->contracts));
	if (!verifier->contracts)
		return -ENOMEM;
	for (size_t i = 0; i < table->row_count; i++) {
		struct registry_contract *contract = &verifier->contracts[verifier->contract_count];

		if (contract_parse(table, i, contract, &err) < 0)
			fault(verifier, document_row_line(table, i), "%s", err.text);
		else
			verifier->contract_count++;
	}
	qsort(verifier->contracts, verifier->contract_count, sizeof(*verifier->contracts),
		by_contract);
	return 0;
}

static const struct registry_contract *find_contract(const struct verifier *verifier, int64_t id)
{
	const struct registry_contract key = {.id = id};

	return bsearch(
		&key, verifier->contracts, verifier->contract_count, sizeof(key), by_contract);
}

/* ---- one row */

struct row_check {
	struct verifier *verifier;
	unsigned line;
	const struct verified_link *link;
	const struct registry_contract *contract;
	struct month_period period;
};

static int64_t sum_of(const int64_t *values, int count)
{
	int64_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

static void check_seconds(const struct row_check *check, const struct month_row *month)
{
	int64_t by_cause = sum_of(month->n_by, UNKNOWN_CAUSE_COUNT);
	int64_t down_by_cause = sum_of(month->d_by, DOWN_CAUSE_COUNT);

	if (month->u + month->d + month->n + month->e != month->s)
		fault(check->verifier, check->line,
			"u + d + n + e is %" PRId64 " and not s = %" PRId64,
			month->u + month->d + month->n + month->e, month->s);
	if (by_cause != month->n)
		fault(check->verifier, check->line,
			"the causes of n add up to %" PRId64 " and not to n = %" PRId64, by_cause,
			month->n);
	if (down_by_cause != month->d)
		fault(check->verifier, check->line,
			"the causes of d add up to %" PRId64 " and not to d = %" PRId64,
			down_by_cause, month->d);
	if (month->longest_s > month->d || (month->d && !month->outages))
		fault(check->verifier, check->line,
			"outages = %" PRIu32 " and longest_s = %" PRId64
			" do not go with d = %" PRId64,
			month->outages, month->longest_s, month->d);
}

/* Seconds of service within the span. */
static int served(const struct row_check *check, const struct span *span, int64_t *ret_s)
{
	struct spans spans = {0};
	int r = service_spans(
		&check->contract->terms.service, span, check->period.offset_s, &spans);

	if (r == 0)
		*ret_s = spans_total(&spans);
	spans_done(&spans);
	return r;
}

/* The month cut by the contract, and its seconds. */
static int check_segment(const struct row_check *check, struct sla_row *row)
{
	const struct registry_contract *contract = check->contract;
	struct span segment = {check->period.from, check->period.to};
	int64_t s = 0;
	int r;

	if (contract->from_s > segment.from)
		segment.from = contract->from_s;
	if (contract->to_s < segment.to)
		segment.to = contract->to_s;
	if (segment.from >= segment.to) {
		fault(check->verifier, check->line, "contract %" PRId64 " is not of this month",
			contract->id);
		return 0;
	}
	r = served(check, &segment, &s);
	if (r == 0 && s != row->month.s)
		fault(check->verifier, check->line,
			"s = %" PRId64 ": the contract has %" PRId64 " seconds in this month",
			row->month.s, s);
	row->month.segment_from = segment.from;
	row->month.segment_to = segment.to;
	return r;
}

/* Verdict and rupiah as they follow from the seconds. */
static int judge(const struct row_check *check, struct month_row *month)
{
	const struct terms *terms = &check->contract->terms;
	const struct span whole = {check->period.from, check->period.to};
	struct restitution_month of = {.row_s = month->s, .judged_s = month->s - month->e};
	int r = served(check, &whole, &of.whole_s);

	month->verdict = month_verdict(terms, month->u, month->n, of.judged_s);
	month->has_restitution = month->verdict != VERDICT_NOT_JUDGED;
	month->restitution_low = month->restitution_high = 0;
	if (r < 0 || !month->has_restitution || month->verdict == VERDICT_MET || !of.whole_s)
		return r;
	month->restitution_high = restitution_compute(terms, &of, month->d + month->n);
	if (month->verdict == VERDICT_MISSED)
		month->restitution_low = restitution_compute(terms, &of, month->d);
	return 0;
}

/* The row as it must be; false: it names what is not there. */
static int expect(struct verifier *verifier, unsigned line, struct sla_row *row)
{
	struct row_check check = {verifier, line, find_link(verifier, row->link),
		find_contract(verifier, row->contract), {0}};
	int r;

	if (!check.link || !check.contract || check.contract->link != row->link) {
		fault(verifier, line,
			"link %" PRId64 " and contract %" PRId64
			" do not stand together in the tables above",
			row->link, row->contract);
		return 0;
	}
	check.period.offset_s = check.link->offset_s;
	if (civil_month(verifier->month, check.link->offset_s, &check.period.from, &check.period.to,
		    NULL) < 0)
		return 0;
	check_seconds(&check, &row->month);
	if (row->month.e > row->month.s)
		return 0;
	row->as_of_s = check.period.to;
	row->has_target = row->has_verdict = true;
	row->target_ppm = check.contract->terms.target_ppm;
	row->revision = verifier->name;
	snprintf(row->period, sizeof(row->period), "%.7s", verifier->month);
	r = check_segment(&check, row);
	return r == 0 ? judge(&check, &row->month) : r;
}

/* ---- all of them */

#define MONTH_MAX_S (31 * 86400)

/* No larger than a month and a fee can be, so that everything below can be summed. */
static bool is_sane(const struct month_row *month)
{
	const int64_t seconds[] = {
		month->s, month->e, month->u, month->d, month->n, month->longest_s};

	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
		if (seconds[i] > MONTH_MAX_S)
			return false;
	}
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++) {
		if (month->n_by[i] > MONTH_MAX_S)
			return false;
	}
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (month->d_by[i] > MONTH_MAX_S)
			return false;
	}
	return month->restitution_low <= TERMS_FEE_MAX && month->restitution_high <= TERMS_FEE_MAX;
}

/* The list of high-loss intervals has as many as the row counts. */
static void check_losses(struct verifier *verifier, unsigned line, const struct sla_row *row)
{
	const struct document_table *table = document_table(verifier->document, TABLE_HIGH_LOSS);
	int column = document_column(table, "contract");
	uint32_t count = 0;

	/* they stand in the order of the rows: on from where the last row's ended */
	for (; verifier->losses < table->row_count; verifier->losses++) {
		const char *contract = document_cell(table, verifier->losses, column);

		if (strtoll(contract, NULL, 10) != row->contract)
			break;
		count++;
	}
	if (count != row->month.high_loss_intervals)
		fault(verifier, line,
			"high_loss_intervals = %" PRIu32 ": the table high_loss lists %" PRIu32,
			row->month.high_loss_intervals, count);
}

static int take_row(struct verifier *verifier, const struct document_table *table, size_t i,
	struct table *expected)
{
	const struct sla_cells cells = {
		table->keys, table->cells + i * table->column_count, table->column_count};
	struct sum_item *item = &verifier->items[verifier->item_count];
	unsigned line = document_row_line(table, i);
	const struct verified_link *link;
	struct err err = {0};
	int r;

	if (sla_row_parse(&cells, &item->row, &err) < 0) {
		fault(verifier, line, "%s", err.text);
		return -EINVAL;
	}
	if (!is_sane(&item->row.month)) {
		fault(verifier, line, "more seconds than a month has, or rupiah than a fee");
		return -EINVAL;
	}
	verifier->item_count++;
	check_losses(verifier, line, &item->row);
	link = find_link(verifier, item->row.link);
	item->heard = link && link->heard;
	struct sla_row row = item->row;
	r = expect(verifier, line, &row);
	sla_report_issued_add(expected, SLA_BY_LINK, &row);
	return r;
}

int verify_rows(struct verifier *verifier)
{
	const struct document_table *table = document_table(verifier->document, TABLE_ROWS);
	struct table *expected = sla_report_issued_new(SLA_BY_LINK);
	int r = expected ? read_links(verifier) : -ENOMEM;

	if (r == 0)
		r = read_contracts(verifier);
	verifier->items = r == 0 ? calloc(table->row_count + 1, sizeof(*verifier->items)) : NULL;
	if (!verifier->items)
		r = -ENOMEM;
	verifier->summable = true;
	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		r = take_row(verifier, table, i, expected);
		if (r == -EINVAL) {
			verifier->summable = false;
			r = 0;
		}
	}
	if (r == 0 && verifier->summable)
		return verify_cells(verifier, table, expected);
	table_free(expected);
	return r;
}
