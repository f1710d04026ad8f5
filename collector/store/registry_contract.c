/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_private.h"

#define WINDOW_MAX_S 86400
#define BRIDGE_MAX_S 3600
#define NOTICE_MAX_S (366 * 86400)
#define KBPS_MAX 100000000 /* 100 Gbit/s */
#define BANDS_BYTES (TERMS_BANDS_MAX * 18)
#define UNCHARGED_BYTES 64

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

static int check_range(const char *field, int64_t value, int64_t low, int64_t high, struct err *err)
{
	if (value >= low && value <= high)
		return 0;
	return err_set(err, -EINVAL, "%s = %" PRId64 ": must be %" PRId64 " to %" PRId64, field,
		value, low, high);
}

static int check_bands(const struct terms *terms, struct err *err)
{
	if (terms->formula == FORMULA_BANDS && !terms->band_count)
		return err_set(err, -EINVAL, "formula = bands: needs at least one band");
	if (terms->formula != FORMULA_BANDS && terms->band_count)
		return err_set(err, -EINVAL, "band: formula = %s has no bands",
			formula_name(terms->formula));
	for (uint32_t i = 0; i < terms->band_count; i++) {
		int r = check_range("band below_ppm", terms->bands[i].below_ppm, 1, TERMS_PPM, err);
		if (r == 0)
			r = check_range("band pay_ppm", terms->bands[i].pay_ppm, 0, TERMS_PPM, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_terms(const struct terms *terms, struct err *err)
{
	const struct {
		const char *field;
		int64_t value, low, high;
	} ranges[] = {
		{"target_ppm", terms->target_ppm, 1, TERMS_PPM},
		{"loss_threshold_ppm", terms->loss_threshold_ppm, 0, TERMS_PPM},
		{"window_s", terms->window_s, 1, WINDOW_MAX_S},
		{"bridge_s", terms->bridge_s, 0, BRIDGE_MAX_S},
		{"notice_s", terms->notice_s, 0, NOTICE_MAX_S},
		{"uncharged", terms->uncharged, 0, (1 << DOWN_CAUSE_COUNT) - 1},
		{"power", terms->power, POWER_UNKNOWN, POWER_EXCLUDE},
		{"fee", terms->fee_rupiah, 0, TERMS_FEE_MAX},
		{"formula", terms->formula, 0, FORMULA_COUNT - 1},
		{"rounding", terms->rounding, ROUND_DOWN, ROUND_UP},
		{"bands", terms->band_count, 0, TERMS_BANDS_MAX},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		int r = check_range(
			ranges[i].field, ranges[i].value, ranges[i].low, ranges[i].high, err);
		if (r < 0)
			return r;
	}
	return check_bands(terms, err);
}

static int check_overlap(
	struct registry *registry, const struct registry_contract *contract, struct err *err)
{
	char old[PERIOD_BYTES] = "", new[PERIOD_BYTES];
	int64_t other = 0;
	struct query q;
	int r;

	db_query(&q, registry->db,
		"SELECT id, from_s, to_s FROM contract WHERE link = ? AND from_s < ?"
		" AND (to_s IS NULL OR to_s > ?) ORDER BY from_s LIMIT 1");
	query_number(&q, contract->link);
	query_number(&q, contract->to_s);
	query_number(&q, contract->from_s);
	if (query_next(&q) > 0) {
		other = query_get_number(&q, 0);
		format_period(query_get_number(&q, 1), query_get_until(&q, 2), old);
	}
	r = query_end(&q, err);
	if (r < 0 || !other)
		return r;
	format_period(contract->from_s, contract->to_s, new);
	return err_set(err, -EEXIST,
		"contract of link %" PRId64 " from %s overlaps contract %" PRId64 " from %s",
		contract->link, new, other, old);
}

static int check_contract(
	struct registry *registry, const struct registry_contract *contract, struct err *err)
{
	int r = link_check(registry, contract->link, err);

	if (r == 0)
		r = check_dates("contract", contract->from_s, contract->to_s, err);
	if (r == 0)
		r = check_range("kbps_down", contract->kbps_down, 1, KBPS_MAX, err);
	if (r == 0)
		r = check_range("kbps_up", contract->kbps_up, 1, KBPS_MAX, err);
	if (r == 0)
		r = check_terms(&contract->terms, err);
	return r < 0 ? r : check_overlap(registry, contract, err);
}

static int insert_contract(
	struct registry *registry, const struct registry_contract *contract, struct err *err)
{
	const struct terms *terms = &contract->terms;
	char uncharged[UNCHARGED_BYTES], bands[BANDS_BYTES];
	struct query q;

	format_uncharged(terms->uncharged, uncharged);
	format_bands(terms, bands);
	db_query(&q, registry->db,
		"INSERT INTO contract(link, from_s, to_s, kbps_down, kbps_up, target_ppm,"
		" loss_threshold_ppm, window_s, bridge_s, notice_s, uncharged, power, fee_rupiah,"
		" formula, rounding, bands) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
	query_number(&q, contract->link);
	query_number(&q, contract->from_s);
	query_until(&q, contract->to_s);
	query_number(&q, contract->kbps_down);
	query_number(&q, contract->kbps_up);
	query_number(&q, terms->target_ppm);
	query_number(&q, terms->loss_threshold_ppm);
	query_number(&q, terms->window_s);
	query_number(&q, terms->bridge_s);
	query_number(&q, terms->notice_s);
	query_text(&q, uncharged);
	query_text(&q, power_names[terms->power]);
	query_number(&q, terms->fee_rupiah);
	query_text(&q, formula_name(terms->formula));
	query_text(&q, rounding_names[terms->rounding]);
	query_text(&q, bands);
	return query_run(&q, err);
}

int registry_contract_add(struct registry *registry, const struct registry_contract *contract,
	int64_t *ret_id, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_contract(registry, contract, err);
	if (r == 0)
		r = insert_contract(registry, contract, err);
	if (r == 0) {
		id = db_last_id(registry->db);
		r = change_after(&change, TABLE_CONTRACT, id, err);
	}
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

static int check_end(struct registry *registry, int64_t id, int64_t to_s, struct err *err)
{
	char period[PERIOD_BYTES], wanted[PERIOD_BYTES];
	int64_t from = 0, to = 0;
	struct query q;
	int found, r = 0;

	db_query(&q, registry->db, "SELECT from_s, to_s FROM contract WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0) {
		from = query_get_number(&q, 0);
		to = query_get_until(&q, 1);
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "contract %" PRId64 " does not exist", id);
	r = check_dates("contract", from, to_s, err);
	if (r < 0 || to_s <= to)
		return r;
	format_period(from, to, period);
	format_period(from, to_s, wanted);
	return err_set(err, -EINVAL,
		"contract %" PRId64 " runs from %s: it cannot be made longer, to %s", id, period,
		wanted);
}

int registry_contract_end(struct registry *registry, int64_t id, int64_t to_s, struct err *err)
{
	struct change change;
	struct query q;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_end(registry, id, to_s, err);
	if (r == 0)
		r = change_before(&change, TABLE_CONTRACT, id, err);
	if (r == 0) {
		db_query(&q, registry->db, "UPDATE contract SET to_s = ? WHERE id = ?");
		query_until(&q, to_s);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_CONTRACT, id, err);
	return change_end(&change, r, err);
}

static void read_contract(struct query *q, struct registry_contract *ret_contract)
{
	struct registry_contract contract = {
		.id = query_get_number(q, 0),
		.link = query_get_number(q, 1),
		.from_s = query_get_number(q, 2),
		.to_s = query_get_until(q, 3),
		.kbps_down = (uint32_t)query_get_number(q, 4),
		.kbps_up = (uint32_t)query_get_number(q, 5),
	};
	struct terms *terms = &contract.terms;
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
	*ret_contract = contract;
}

int registry_contracts(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_contract *contract), void *arg,
	struct err *err)
{
	struct registry_contract contract;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, link, from_s, to_s, kbps_down, kbps_up, target_ppm,"
		" loss_threshold_ppm, window_s, bridge_s, notice_s, uncharged, power, fee_rupiah,"
		" formula, rounding, bands FROM contract WHERE ?1 = 0 OR link = ?1"
		" ORDER BY link, from_s");
	query_number(&q, link);
	while (!stop && query_next(&q) > 0) {
		read_contract(&q, &contract);
		stop = each(arg, &contract);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
