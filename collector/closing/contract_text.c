/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/contract_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "common/digits.h"

#define LIST_BYTES (TERMS_BANDS_MAX * 24)

static const char *const power_names[] = {"unknown", "exclude", NULL};
static const char *const rounding_names[] = {"down", "nearest", "up", NULL};

/* Whole numbers of the contract, each a column of its own. */
struct number {
	const char *key;
	size_t offset;
	bool wide; /* int64_t, not uint32_t */
};

#define NUMBER(key, member)                                            \
	{                                                              \
		key, offsetof(struct registry_contract, member), false \
	}
#define WIDE(key, member)                                             \
	{                                                             \
		key, offsetof(struct registry_contract, member), true \
	}

static const struct number numbers[] = {
	WIDE("contract", id),
	WIDE("link", link),
	NUMBER("kbps_down", kbps_down),
	NUMBER("kbps_up", kbps_up),
	WIDE("fee", terms.fee_rupiah),
	NUMBER("target_ppm", terms.target_ppm),
	NUMBER("loss_threshold_ppm", terms.loss_threshold_ppm),
	NUMBER("window_s", terms.window_s),
	NUMBER("bridge_s", terms.bridge_s),
	NUMBER("notice_s", terms.notice_s),
	NUMBER("speed_rate_ppm", terms.speed.rate_ppm),
	NUMBER("speed_share_ppm", terms.speed.share_ppm),
	NUMBER("speed_tests", terms.speed.tests),
	NUMBER("speed_days", terms.speed.days),
	NUMBER("limit_rtt_us", terms.limits.rtt_us),
	NUMBER("limit_loss_ppm", terms.limits.loss_ppm),
	NUMBER("limit_pdv_us", terms.limits.pdv_us),
	NUMBER("claim_days", terms.claim_days),
};
#define NUMBER_COUNT (sizeof(numbers) / sizeof(*numbers))

static const struct table_column columns[] = {
	{"contract"},
	{"link"},
	{"kbps_down"},
	{"kbps_up"},
	{"fee"},
	{"target_ppm"},
	{"loss_threshold_ppm"},
	{"window_s"},
	{"bridge_s"},
	{"notice_s"},
	{"speed_rate_ppm"},
	{"speed_share_ppm"},
	{"speed_tests"},
	{"speed_days"},
	{"limit_rtt_us"},
	{"limit_loss_ppm"},
	{"limit_pdv_us"},
	{"claim_days"},
	{"final_days"},
	{"from"},
	{"to"},
	{"uncharged"},
	{"power"},
	{"formula"},
	{"rounding"},
	{"bands"},
	{"service"},
	{NULL},
};

/* ---- writing */

static int64_t number_of(const struct number *number, const struct registry_contract *contract)
{
	const char *member = (const char *)contract + number->offset;

	return number->wide ? *(const int64_t *)member : *(const uint32_t *)member;
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

/* "local cpe" */
static void put_uncharged(struct table *table, uint32_t uncharged)
{
	char text[LIST_BYTES] = "";
	size_t at = 0;

	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (uncharged >> i & 1)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at ? " " : "",
				down_cause_name((enum down_cause)i));
	}
	table_text(table, text);
}

/* "999000:50000 990000:200000": below this availability this much of the fee, both in ppm */
static void put_bands(struct table *table, const struct terms *terms)
{
	char text[LIST_BYTES] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < terms->band_count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%" PRIu32 ":%" PRIu32,
			at ? " " : "", terms->bands[i].below_ppm, terms->bands[i].pay_ppm);
	table_text(table, text);
}

struct table *contract_table_new(void)
{
	return table_new(columns);
}

void contract_table_add(struct table *table, const struct registry_contract *contract)
{
	const struct terms *terms = &contract->terms;
	char service[SERVICE_TEXT_BYTES];

	for (size_t i = 0; i < NUMBER_COUNT; i++)
		table_number(table, number_of(&numbers[i], contract));
	if (terms->final_days == TERMS_NEVER)
		table_empty(table);
	else
		table_number(table, terms->final_days);
	put_time(table, contract->from_s);
	put_time(table, contract->to_s);
	put_uncharged(table, terms->uncharged);
	table_text(table, power_names[terms->power]);
	table_text(table, formula_name(terms->formula));
	table_text(table, rounding_names[terms->rounding]);
	put_bands(table, terms);
	service_format(&terms->service, service);
	table_text(table, service);
}

/* ---- reading */

struct cells {
	const struct document_table *table;
	size_t row;
	struct err *err;
};

static const char *cell(const struct cells *cells, const char *key)
{
	return document_cell(cells->table, cells->row, document_column(cells->table, key));
}

static int refuse(const struct cells *cells, const char *key)
{
	return err_set(cells->err, -EINVAL, "%s = '%.60s' is no term of a contract", key,
		cell(cells, key));
}

static int read_numbers(const struct cells *cells, struct registry_contract *contract)
{
	for (size_t i = 0; i < NUMBER_COUNT; i++) {
		char *member = (char *)contract + numbers[i].offset;
		int64_t value;

		if (digits_parse(cell(cells, numbers[i].key),
			    numbers[i].wide ? INT64_MAX : UINT32_MAX, &value) < 0)
			return refuse(cells, numbers[i].key);
		if (numbers[i].wide)
			*(int64_t *)member = value;
		else
			*(uint32_t *)member = (uint32_t)value;
	}
	return 0;
}

static int read_word(
	const struct cells *cells, const char *key, const char *const *names, int *ret_word)
{
	for (int i = 0; names[i]; i++) {
		if (!strcmp(names[i], cell(cells, key))) {
			*ret_word = i;
			return 0;
		}
	}
	return refuse(cells, key);
}

static int read_words(const struct cells *cells, struct terms *terms)
{
	int power = 0, rounding = 0, formula = formula_parse(cell(cells, "formula"));
	int r = read_word(cells, "power", power_names, &power);

	if (r == 0)
		r = read_word(cells, "rounding", rounding_names, &rounding);
	if (r == 0 && formula < 0)
		r = refuse(cells, "formula");
	if (r < 0)
		return r;
	terms->power = (enum power_rule)power;
	terms->rounding = (enum rounding)rounding;
	terms->formula = (enum formula)formula;
	return 0;
}

static int read_uncharged(const struct cells *cells, struct terms *terms)
{
	char text[LIST_BYTES], *rest = NULL;

	snprintf(text, sizeof(text), "%s", cell(cells, "uncharged"));
	terms->uncharged = 0;
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		int cause = down_cause_parse(word);
		if (cause < 0)
			return refuse(cells, "uncharged");
		terms->uncharged |= 1u << cause;
	}
	return 0;
}

static int read_bands(const struct cells *cells, struct terms *terms)
{
	const char *text = cell(cells, "bands");
	struct band band;
	int length;

	terms->band_count = 0;
	while (*text) {
		if (terms->band_count == TERMS_BANDS_MAX ||
			sscanf(text, "%9" SCNu32 ":%9" SCNu32 "%n", &band.below_ppm, &band.pay_ppm,
				&length) != 2)
			return refuse(cells, "bands");
		terms->bands[terms->band_count++] = band;
		text += length;
		text += *text == ' ';
	}
	return 0;
}

static int read_rest(const struct cells *cells, struct registry_contract *contract)
{
	const char *final_days = cell(cells, "final_days"), *to = cell(cells, "to");
	int64_t days = TERMS_NEVER;

	if (*final_days && digits_parse(final_days, TERMS_FINAL_DAYS_MAX, &days) < 0)
		return refuse(cells, "final_days");
	contract->terms.final_days = (uint32_t)days;
	if (civil_parse(cell(cells, "from"), 0, &contract->from_s, NULL) < 0)
		return refuse(cells, "from");
	contract->to_s = SPAN_FOREVER;
	if (*to && civil_parse(to, 0, &contract->to_s, NULL) < 0)
		return refuse(cells, "to");
	if (service_parse(cell(cells, "service"), &contract->terms.service) < 0)
		return refuse(cells, "service");
	return 0;
}

int contract_parse(const struct document_table *table, size_t row,
	struct registry_contract *ret_contract, struct err *err)
{
	const struct cells cells = {table, row, err};
	struct registry_contract contract = {0};
	int r;

	terms_init(&contract.terms);
	r = read_numbers(&cells, &contract);
	if (r == 0)
		r = read_words(&cells, &contract.terms);
	if (r == 0)
		r = read_uncharged(&cells, &contract.terms);
	if (r == 0)
		r = read_bands(&cells, &contract.terms);
	if (r == 0)
		r = read_rest(&cells, &contract);
	if (r == 0)
		r = terms_check(&contract.terms, err);
	if (r == 0)
		*ret_contract = contract;
	return r;
}
