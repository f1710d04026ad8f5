/* SPDX-License-Identifier: Apache-2.0 */
#include "worked_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t worked_integer(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

const char *worked_text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "";
}

static enum rounding read_rounding(const char *word)
{
	if (!strcmp(word, "up"))
		return ROUND_UP;
	return strcmp(word, "nearest") ? ROUND_DOWN : ROUND_NEAREST;
}

struct terms worked_terms(const json_t *contract)
{
	struct terms terms;
	json_t *list, *item;
	size_t i;
	terms_init(&terms);
	terms.target_ppm = (uint32_t)worked_integer(contract, "target_ppm", 0);
	terms.loss_threshold_ppm = (uint32_t)worked_integer(contract, "loss_threshold_pct", 50) *
		10000;
	terms.window_s = (uint32_t)worked_integer(contract, "window_s", 300);
	terms.notice_s = (uint32_t)worked_integer(contract, "notice_s", 86400);
	terms.fee_rupiah = worked_integer(contract, "fee", 0);
	terms.formula = (enum formula)formula_parse(worked_text(contract, "formula"));
	if (!strcmp(worked_text(contract, "power"), "exclude"))
		terms.power = POWER_EXCLUDE;
	terms.bridge_s = (uint32_t)worked_integer(contract, "bridge_s", 120);
	terms.rounding = read_rounding(worked_text(contract, "rounding"));
	if (*worked_text(contract, "service") &&
		service_parse(worked_text(contract, "service"), &terms.service))
		abort();
	list = json_object_get(contract, "uncharged");
	if (list)
		terms.uncharged = 0;
	json_array_foreach(list, i, item) terms.uncharged |= 1u
		<< down_cause_parse(json_string_value(item));
	list = json_object_get(contract, "bands");
	json_array_foreach(list, i, item) terms.bands[terms.band_count++] = (struct band){
		(uint32_t)worked_integer(item, "below_ppm", 0),
		(uint32_t)worked_integer(item, "pct", 0) * 10000};
	return terms;
}

/* 2026-01 as UTC bounds; days from civil, Howard Hinnant's public algorithm. */
static int64_t month_start(int year, int month, int64_t offset_s)
{
	int y = month <= 2 ? year - 1 : year;
	int era = y / 400, yoe = y - era * 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return ((int64_t)era * 146097 + doe - 719468) * 86400 - offset_s;
}

struct month_period worked_period(const json_t *input)
{
	int year = 0, month = 0;
	int64_t offset = worked_integer(input, "zone_offset_s", 0);
	if (sscanf(worked_text(input, "period"), "%d-%d", &year, &month) != 2)
		abort();
	struct month_period period = {
		.from = month_start(year, month, offset),
		.to = month_start(month == 12 ? year + 1 : year, month % 12 + 1, offset),
		.offset_s = (int32_t)offset,
	};
	period.as_of = worked_integer(input, "as_of", period.to);
	return period;
}
