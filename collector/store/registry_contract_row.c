/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract as a row: numbers as they are, lists as short texts ("local,cpe";
 * "999000:200000,990000:500000"; "mon-fri@08:00-16:00").
 */
#include "collector/store/registry_contract_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_private.h"

#define BANDS_BYTES (TERMS_BANDS_MAX * 18)
#define UNCHARGED_BYTES 64

const char contract_schema[] =
	"CREATE TABLE contract(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), from_s INTEGER NOT NULL, to_s INTEGER,"
	"  kbps_down INTEGER NOT NULL, kbps_up INTEGER NOT NULL, target_ppm INTEGER NOT NULL,"
	"  loss_threshold_ppm INTEGER NOT NULL, window_s INTEGER NOT NULL,"
	"  bridge_s INTEGER NOT NULL, notice_s INTEGER NOT NULL, uncharged TEXT NOT NULL,"
	"  power TEXT NOT NULL, fee_rupiah INTEGER NOT NULL, formula TEXT NOT NULL,"
	"  rounding TEXT NOT NULL, bands TEXT NOT NULL, service TEXT NOT NULL,"
	"  speed_rate_ppm INTEGER NOT NULL, speed_share_ppm INTEGER NOT NULL,"
	"  speed_tests INTEGER NOT NULL, speed_days INTEGER NOT NULL,"
	"  limit_rtt_us INTEGER NOT NULL, limit_loss_ppm INTEGER NOT NULL,"
	"  limit_pdv_us INTEGER NOT NULL, claim_days INTEGER NOT NULL, final_days INTEGER)"
	"  STRICT;"
	"CREATE INDEX contract_link ON contract(link, from_s);";

static const char *const power_names[] = {"unknown", "exclude"};
static const char *const rounding_names[] = {"down", "nearest", "up"};

static int parse_word(const char *const *names, int count, const char *word)
{
	for (int i = 0; i < count; i++) {
		if (word && !strcmp(names[i], word))
			return i;
	}
	return -1;
}

/* "local,cpe" */
static void format_uncharged(uint32_t uncharged, char *ret_text)
{
	size_t at = 0;

	ret_text[0] = '\0';
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (uncharged >> i & 1)
			at += (size_t)snprintf(ret_text + at, UNCHARGED_BYTES - at, "%s%s",
				at ? "," : "", down_cause_name((enum down_cause)i));
	}
}

static uint32_t parse_uncharged(const char *text)
{
	char copy[UNCHARGED_BYTES], *rest = NULL;
	uint32_t uncharged = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		int cause = down_cause_parse(word);
		if (cause >= 0)
			uncharged |= 1u << cause;
	}
	return uncharged;
}

/* "999000:200000,990000:500000": below this availability, this much of the fee, in ppm */
static void format_bands(const struct terms *terms, char *ret_text)
{
	size_t at = 0;

	ret_text[0] = '\0';
	for (uint32_t i = 0; i < terms->band_count; i++)
		at += (size_t)snprintf(ret_text + at, BANDS_BYTES - at, "%s%u:%u", i ? "," : "",
			terms->bands[i].below_ppm, terms->bands[i].pay_ppm);
}

static void parse_bands(const char *text, struct terms *terms)
{
	struct band band;
	int length;

	while (terms->band_count < TERMS_BANDS_MAX &&
		sscanf(text, "%u:%u%n", &band.below_ppm, &band.pay_ppm, &length) == 2) {
		terms->bands[terms->band_count++] = band;
		text += length;
		text += *text == ',';
	}
}

struct texts { /* borrowed by the query until it has run */
	char uncharged[UNCHARGED_BYTES], bands[BANDS_BYTES], service[SERVICE_TEXT_BYTES];
};

/* In the order of CONTRACT_COLUMNS, as bind_more() goes on. */
static void bind_terms(struct query *q, const struct terms *terms, struct texts *texts)
{
	format_uncharged(terms->uncharged, texts->uncharged);
	format_bands(terms, texts->bands);
	query_number(q, terms->target_ppm);
	query_number(q, terms->loss_threshold_ppm);
	query_number(q, terms->window_s);
	query_number(q, terms->bridge_s);
	query_number(q, terms->notice_s);
	query_text(q, texts->uncharged);
	query_text(q, power_names[terms->power]);
	query_number(q, terms->fee_rupiah);
	query_text(q, formula_name(terms->formula));
	query_text(q, rounding_names[terms->rounding]);
	query_text(q, texts->bands);
}

static void bind_more(struct query *q, const struct terms *terms, struct texts *texts)
{
	service_format(&terms->service, texts->service);
	query_text(q, texts->service);
	query_number(q, terms->speed.rate_ppm);
	query_number(q, terms->speed.share_ppm);
	query_number(q, terms->speed.tests);
	query_number(q, terms->speed.days);
	query_number(q, terms->limits.rtt_us);
	query_number(q, terms->limits.loss_ppm);
	query_number(q, terms->limits.pdv_us);
	query_number(q, terms->claim_days);
	query_until(q, terms->final_days == TERMS_NEVER ? SPAN_FOREVER : terms->final_days);
}

int contract_insert(
	struct registry *registry, const struct registry_contract *contract, struct err *err)
{
	struct texts texts;
	struct query q;

	db_query(&q, registry->db,
		"INSERT INTO contract(" CONTRACT_COLUMNS
		") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
	query_number(&q, contract->link);
	query_number(&q, contract->from_s);
	query_until(&q, contract->to_s);
	query_number(&q, contract->kbps_down);
	query_number(&q, contract->kbps_up);
	bind_terms(&q, &contract->terms, &texts);
	bind_more(&q, &contract->terms, &texts);
	return query_run(&q, err);
}

static void read_terms(struct query *q, struct terms *terms)
{
	int formula = formula_parse(query_get_text(q, 14));
	int rounding = parse_word(rounding_names, 3, query_get_text(q, 15));

	terms_init(terms);
	terms->target_ppm = (uint32_t)query_get_number(q, 6);
	terms->loss_threshold_ppm = (uint32_t)query_get_number(q, 7);
	terms->window_s = (uint32_t)query_get_number(q, 8);
	terms->bridge_s = (uint32_t)query_get_number(q, 9);
	terms->notice_s = (uint32_t)query_get_number(q, 10);
	terms->uncharged = parse_uncharged(query_get_text(q, 11));
	terms->power = parse_word(power_names, 2, query_get_text(q, 12)) == POWER_EXCLUDE
		? POWER_EXCLUDE
		: POWER_UNKNOWN;
	terms->fee_rupiah = query_get_number(q, 13);
	terms->formula = formula < 0 ? FORMULA_PRORATA : (enum formula)formula;
	terms->rounding = rounding < 0 ? ROUND_DOWN : (enum rounding)rounding;
	parse_bands(query_get_text(q, 16), terms);
}

static void read_more(struct query *q, struct terms *terms)
{
	int64_t final_days = query_get_until(q, 26);

	service_parse(query_get_text(q, 17), &terms->service);
	terms->speed = (struct speed_terms){
		.rate_ppm = (uint32_t)query_get_number(q, 18),
		.share_ppm = (uint32_t)query_get_number(q, 19),
		.tests = (uint32_t)query_get_number(q, 20),
		.days = (uint32_t)query_get_number(q, 21),
	};
	terms->limits = (struct limit_terms){
		.rtt_us = (uint32_t)query_get_number(q, 22),
		.loss_ppm = (uint32_t)query_get_number(q, 23),
		.pdv_us = (uint32_t)query_get_number(q, 24),
	};
	terms->claim_days = (uint32_t)query_get_number(q, 25);
	terms->final_days = final_days == SPAN_FOREVER ? TERMS_NEVER : (uint32_t)final_days;
}

void contract_read(struct query *q, struct registry_contract *ret_contract)
{
	struct registry_contract contract = {
		.id = query_get_number(q, 0),
		.link = query_get_number(q, 1),
		.from_s = query_get_number(q, 2),
		.to_s = query_get_until(q, 3),
		.kbps_down = (uint32_t)query_get_number(q, 4),
		.kbps_up = (uint32_t)query_get_number(q, 5),
	};

	read_terms(q, &contract.terms);
	read_more(q, &contract.terms);
	*ret_contract = contract;
}
