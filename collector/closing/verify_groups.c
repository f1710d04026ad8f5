/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>

#include "collector/closing/verify_private.h"
#include "collector/report/sla_parse.h"
#include "collector/report/sla_report.h"

struct group_check {
	struct verifier *verifier;
	const struct document_table *table;
	enum sla_by by;
	struct table *expected;
	size_t at; /* the row of the table that is next */
	bool failed; /* a row cannot be read */
};

/* A desa of several rows: its seconds are its own, and add up among themselves. */
static void take_seconds(
	const struct group_check *check, const struct month_row *said, struct month_row *month)
{
	struct month_row own = *said;

	if (own.u + own.d + own.n + own.e != own.s)
		fault(check->verifier, document_row_line(check->table, check->at),
			"u + d + n + e is %" PRId64 " and not s = %" PRId64,
			own.u + own.d + own.n + own.e, own.s);
	own.high_loss_intervals = month->high_loss_intervals;
	own.has_restitution = month->has_restitution;
	own.restitution_low = month->restitution_low;
	own.restitution_high = month->restitution_high;
	*month = own;
}

static int check_sum(void *arg, const struct sum *sum)
{
	struct group_check *check = arg;
	const struct document_table *table = check->table;
	struct sla_row said, row = sum->row;
	struct err err = {0};

	if (check->at >= table->row_count) {
		fault(check->verifier, table->line, "a row is missing: that of %s",
			sum_key(check->by, &sum->row));
		check->failed = true;
		return 1;
	}
	const struct sla_cells cells = {
		table->keys, table->cells + check->at * table->column_count, table->column_count};
	if (sla_row_parse(&cells, &said, &err) < 0) {
		fault(check->verifier, document_row_line(table, check->at), "%s", err.text);
		check->failed = true;
		return 1;
	}
	/* percentiles do not follow from those of the links */
	row.figures = said.figures;
	row.revision = check->verifier->name;
	if (check->by == SLA_BY_DESA && sum->rows > 1)
		take_seconds(check, &said.month, &row.month);
	sla_report_issued_add(check->expected, check->by, &row);
	check->at++;
	return 0;
}

static int check_group(struct verifier *verifier, enum sla_by by, const char *name)
{
	struct group_check check = {verifier, document_table(verifier->document, name), by,
		sla_report_issued_new(by), 0, false};

	if (!check.expected)
		return -ENOMEM;
	sums_fold(verifier->items, verifier->item_count, by, check_sum, &check);
	if (!check.failed && check.at < check.table->row_count) {
		fault(verifier, document_row_line(check.table, check.at),
			"this row is the sum of nothing above");
		check.failed = true;
	}
	if (!check.failed)
		return verify_cells(verifier, check.table, check.expected);
	table_free(check.expected);
	return 0;
}

int verify_groups(struct verifier *verifier)
{
	int r;

	if (!verifier->summable)
		return 0;
	r = check_group(verifier, SLA_BY_DESA, TABLE_DESA);

	if (r == 0)
		r = check_group(verifier, SLA_BY_KECAMATAN, TABLE_KECAMATAN);
	if (r == 0)
		r = check_group(verifier, SLA_BY_KABUPATEN, TABLE_KABUPATEN);
	if (r == 0)
		r = check_group(verifier, SLA_BY_PROVIDER, TABLE_PROVIDERS);
	return r;
}
