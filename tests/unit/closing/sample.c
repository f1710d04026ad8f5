/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/gather.h"
#include "collector/closing/sums.h"
#include "collector/report/sla_report.h"
#include "tests/unit/closing/sample.h"

#define CHANGE (SAMPLE_JUNE + 10 * 86400) /* of the second link's contract */

static struct registry_contract contract(int64_t id, int64_t link, int64_t from_s, int64_t to_s)
{
	struct registry_contract contract = {
		.id = id, .link = link, .from_s = from_s, .to_s = to_s, .kbps_down = 20000};

	contract.kbps_up = 5000;
	terms_init(&contract.terms);
	contract.terms.target_ppm = 995000;
	contract.terms.fee_rupiah = 1200000;
	contract.terms.formula = FORMULA_PRORATA;
	return contract;
}

static struct sla_row row(int64_t link, int64_t contract, int64_t from_s, int64_t to_s)
{
	return (struct sla_row){
		.period = "2026-06",
		.as_of_s = SAMPLE_JULY,
		.revision = "final",
		.link = link,
		.contract = contract,
		.desa = "64.08.05.2001",
		.kecamatan = "64.08.05",
		.kabupaten = "64.08",
		.provider = "PT Contoh, Tbk",
		.has_target = true,
		.target_ppm = 995000,
		.has_verdict = true,
		.month = {.segment_from = from_s,
			.segment_to = to_s,
			.s = to_s - from_s,
			.u = to_s - from_s,
			.verdict = VERDICT_MET,
			.has_restitution = true},
	};
}

void sample_sound(struct sample *sample)
{
	struct month_row *month = &sample->rows[0].month;

	memset(sample, 0, sizeof(*sample));
	sample->number = "1";
	sample->previous = sample->month_before = sample->revises = "-";
	sample->rows[0] = row(1, 1, SAMPLE_JUNE, SAMPLE_JULY);
	sample->rows[1] = row(2, 2, SAMPLE_JUNE, CHANGE);
	sample->rows[2] = row(2, 3, CHANGE, SAMPLE_JULY);
	sample->contracts[0] = contract(1, 1, SAMPLE_JUNE - 86400, SPAN_FOREVER);
	sample->contracts[1] = contract(2, 2, SAMPLE_JUNE - 86400, CHANGE);
	sample->contracts[2] = contract(3, 2, CHANGE, SPAN_FOREVER);
	/* one second more than 99.5 % allows: 1,200,000 * 12,961 / 2,592,000 */
	month->u -= 12961;
	month->d = month->d_by[DOWN_PROVIDER] = 12961;
	month->outages = 2;
	month->longest_s = 9000;
	month->high_loss_intervals = 1;
	month->verdict = VERDICT_MISSED;
	month->restitution_low = month->restitution_high = 6000;
	sample->rows[0].figures = (struct sla_figures){.has_rtt = true,
		.has_loss = true,
		.rtt_median_us = 21000,
		.rtt_p95_us = 40000,
		.pdv_p95_us = 9000,
		.loss_ppm = 120};
	/* nothing decided: 1,200,000 * 20,000 / 2,592,000 at most */
	month = &sample->rows[2].month;
	month->u -= 20000;
	month->n = month->n_by[UNKNOWN_SILENT] = 20000;
	month->verdict = VERDICT_UNDECIDED;
	month->restitution_high = 9259;
}

static void put(struct buf *out, const char *name, struct table *table)
{
	assert_int_equal(document_put_table(out, name, table), 0);
	table_free(table);
}

static void put_empty(struct buf *out, const char *name)
{
	static const struct table_column columns[] = {{"x"}, {NULL}};

	put(out, name, table_new(columns));
}

/* As many as the rows say: one of the first link. */
static void put_losses(struct buf *out)
{
	static const struct table_column columns[] = {
		{"start"}, {"end"}, {"link"}, {"contract"}, {NULL}};
	static const char *const cells[] = {
		"2026-06-02T00:00:00Z", "2026-06-02T00:04:00Z", "1", "1"};
	struct table *table = table_new(columns);

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		table_text(table, cells[i]);
	put(out, TABLE_HIGH_LOSS, table);
}

static void put_links(struct buf *out)
{
	static const struct table_column columns[] = {
		{"link"}, {"desa"}, {"provider"}, {"kind"}, {"zone"}, {"first_slot"}, {NULL}};
	static const char *const cells[] = {"1", "64.08.05.2001", "PT Contoh, Tbk", "fibre", "WITA",
		"2026-05-31T16:00:00Z", "2", "64.08.05.2001", "PT Contoh, Tbk", "4g", "WITA", ""};
	struct table *table = table_new(columns);

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		table_text(table, cells[i]);
	put(out, TABLE_LINKS, table);
}

struct sums {
	struct table *table;
	enum sla_by by;
};

static int put_sum(void *arg, const struct sum *sum)
{
	struct sums *sums = arg;

	sla_report_issued_add(sums->table, sums->by, &sum->row);
	return 0;
}

static void put_sums(const struct sample *sample, struct buf *out, enum sla_by by, const char *name)
{
	struct sum_item items[SAMPLE_ROWS] = {{{{0}}}};
	struct sums sums = {sla_report_issued_new(by), by};

	for (size_t i = 0; i < SAMPLE_ROWS; i++) {
		items[i].row = sample->rows[i];
		items[i].heard = sample->rows[i].link == 1;
	}
	sums_fold(items, SAMPLE_ROWS, by, put_sum, &sums);
	put(out, name, sums.table);
}

static void put_rows(const struct sample *sample, struct buf *out)
{
	struct table *contracts = contract_table_new(), *rows = sla_report_issued_new(SLA_BY_LINK);

	for (size_t i = 0; i < SAMPLE_ROWS; i++) {
		contract_table_add(contracts, &sample->contracts[i]);
		sla_report_issued_add(rows, SLA_BY_LINK, &sample->rows[i]);
	}
	put(out, TABLE_CONTRACTS, contracts);
	put_empty(out, TABLE_EXCLUSIONS);
	put_empty(out, TABLE_DECISIONS);
	put(out, TABLE_ROWS, rows);
}

static void put_fields(const struct sample *sample, const char *key, struct buf *out)
{
	char revision[24], name[REVISION_NAME_BYTES];
	const char *const fields[][2] = {{"month", "2026-06"}, {"revision", revision},
		{"name", name}, {"as_of", "2026-06-30T17:00:00Z"},
		{"closed", "2026-07-08T01:02:03Z"}, {"by", "Pejabat Satu"}, {"grace_days", "7"},
		{"generator", "tests 1"}, {"registry", "57"}, {"number", sample->number},
		{"previous", sample->previous}, {"month_before", sample->month_before},
		{"revises", sample->revises}, {"key", key}};

	snprintf(revision, sizeof(revision), "%d", (int)sample->revision);
	revision_name(sample->revision, name);
	assert_int_equal(document_put_title(out), 0);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		assert_int_equal(document_put_field(out, fields[i][0], fields[i][1]), 0);
}

static void put_changes(const struct sample *sample, struct buf *out)
{
	static const struct table_column columns[] = {
		{"table"}, {"row"}, {"column"}, {"before"}, {"after"}, {NULL}};
	static const char *const cells[] = {"rows", "link=1 contract=1", "loss_ppm", "120", "121"};
	struct table *table = table_new(columns);

	for (size_t i = 0; sample->revision && i < sizeof(cells) / sizeof(*cells); i++)
		table_text(table, cells[i]);
	put(out, TABLE_CHANGES, table);
}

void sample_write(const struct sample *sample, const struct crypto_key *key, struct buf *out)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES];
	char text[2 * CRYPTO_PUBLIC_BYTES + 1];

	assert_int_equal(crypto_key_public(key, public, NULL), 0);
	hex_format(public, sizeof(public), text);
	put_fields(sample, text, out);
	put_links(out);
	put_rows(sample, out);
	put_sums(sample, out, SLA_BY_DESA, TABLE_DESA);
	put_sums(sample, out, SLA_BY_KECAMATAN, TABLE_KECAMATAN);
	put_sums(sample, out, SLA_BY_KABUPATEN, TABLE_KABUPATEN);
	put_sums(sample, out, SLA_BY_PROVIDER, TABLE_PROVIDERS);
	put_empty(out, TABLE_OUTAGES);
	put_losses(out);
	put_empty(out, TABLE_EVIDENCE);
	put_empty(out, TABLE_NOTES);
	put_changes(sample, out);
	assert_int_equal(document_seal(out, key, NULL), 0);
}

void sample_forge(
	struct buf *document, const struct crypto_key *key, const char *text, const char *by)
{
	char *bytes = (char *)buf_peek(document);
	size_t length = buf_length(document);
	char *seal = memmem(bytes, length, "\n\nsha256: ", 10);
	char *at = memmem(bytes, length, text, strlen(text));
	struct buf forged;

	assert_non_null(seal);
	assert_non_null(at);
	buf_init(&forged, DOCUMENT_MAX);
	assert_int_equal(buf_append(&forged, bytes, (size_t)(at - bytes)), 0);
	assert_int_equal(buf_append(&forged, by, strlen(by)), 0);
	at += strlen(text);
	assert_int_equal(buf_append(&forged, at, (size_t)(seal + 1 - at)), 0);
	assert_int_equal(document_seal(&forged, key, NULL), 0);
	buf_done(document);
	*document = forged;
}

struct crypto_key *sample_key(void)
{
	struct crypto_key *key;

	assert_int_equal(crypto_key_make(&key, NULL), 0);
	return key;
}
