/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/terms.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static const char *const formula_names[FORMULA_COUNT] = {
	[FORMULA_PRORATA] = "prorata",
	[FORMULA_PRORATA_SLA] = "prorata-sla",
	[FORMULA_EXCESS] = "excess",
	[FORMULA_SHORTFALL] = "shortfall",
	[FORMULA_BANDS] = "bands",
};

void terms_init(struct terms *terms)
{
	*terms = (struct terms){
		.target_ppm = TERMS_PPM,
		.loss_threshold_ppm = TERMS_PPM / 2,
		.window_s = 300,
		.bridge_s = 120,
		.notice_s = 86400,
		.uncharged = 1u << DOWN_LOCAL,
		.power = POWER_UNKNOWN,
		.formula = FORMULA_PRORATA,
		.rounding = ROUND_DOWN,
		.speed = {.days = 1},
		.limits = {TERMS_LIMIT_RTT_US, TERMS_LIMIT_LOSS_PPM, TERMS_LIMIT_PDV_US},
		.claim_days = 14,
		.final_days = TERMS_NEVER,
	};
}

struct range {
	const char *field;
	int64_t value, low, high;
};

static int check_ranges(const struct range *ranges, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct range *range = &ranges[i];
		if (range->value < range->low || range->value > range->high)
			return err_set(err, -EINVAL,
				"%s = %" PRId64 ": must be %" PRId64 " to %" PRId64, range->field,
				range->value, range->low, range->high);
	}
	return 0;
}
#define CHECK_RANGES(ranges, err) check_ranges(ranges, sizeof(ranges) / sizeof(*(ranges)), err)

static int check_judging(const struct terms *terms, struct err *err)
{
	const struct range ranges[] = {
		{"target_ppm", terms->target_ppm, 1, TERMS_PPM},
		{"loss_threshold_ppm", terms->loss_threshold_ppm, 0, TERMS_PPM},
		{"window_s", terms->window_s, 1, TERMS_WINDOW_MAX_S},
		{"bridge_s", terms->bridge_s, 0, TERMS_BRIDGE_MAX_S},
		{"notice_s", terms->notice_s, 0, TERMS_NOTICE_MAX_S},
		{"uncharged", terms->uncharged, 0, (1 << DOWN_CAUSE_COUNT) - 1},
		{"power", terms->power, POWER_UNKNOWN, POWER_EXCLUDE},
		{"service windows", terms->service.count, 0, SERVICE_WINDOWS_MAX},
		{"claim_days", terms->claim_days, 1, TERMS_CLAIM_DAYS_MAX},
		{"final_days", terms->final_days == TERMS_NEVER ? 0 : terms->final_days, 0,
			TERMS_FINAL_DAYS_MAX},
		{"limit_rtt_us", terms->limits.rtt_us, 1, TERMS_LIMIT_MAX_US},
		{"limit_loss_ppm", terms->limits.loss_ppm, 0, TERMS_PPM},
		{"limit_pdv_us", terms->limits.pdv_us, 1, TERMS_LIMIT_MAX_US},
	};

	return CHECK_RANGES(ranges, err);
}

static int check_money(const struct terms *terms, struct err *err)
{
	const struct range ranges[] = {
		{"fee", terms->fee_rupiah, 0, TERMS_FEE_MAX},
		{"formula", terms->formula, 0, FORMULA_COUNT - 1},
		{"rounding", terms->rounding, ROUND_DOWN, ROUND_UP},
		{"bands", terms->band_count, 0, TERMS_BANDS_MAX},
	};
	int failed = CHECK_RANGES(ranges, err);

	if (failed)
		return failed;
	if (terms->formula == FORMULA_BANDS && !terms->band_count)
		return err_set(err, -EINVAL, "formula = bands: needs at least one band");
	if (terms->formula != FORMULA_BANDS && terms->band_count)
		return err_set(err, -EINVAL, "band: formula = %s has no bands",
			formula_name(terms->formula));
	for (uint32_t i = 0; i < terms->band_count; i++) {
		const struct range band[] = {
			{"band below_ppm", terms->bands[i].below_ppm, 1, TERMS_PPM},
			{"band pay_ppm", terms->bands[i].pay_ppm, 0, TERMS_PPM},
		};
		failed = CHECK_RANGES(band, err);
		if (failed)
			return failed;
	}
	return 0;
}

static int check_speed(const struct speed_terms *speed, struct err *err)
{
	const struct range ranges[] = {
		{"speed rate_ppm", speed->rate_ppm, 1, TERMS_PPM},
		{"speed share_ppm", speed->share_ppm, 1, TERMS_PPM},
		{"speed tests", speed->tests, 1, TERMS_TESTS_MAX},
		{"speed days", speed->days, 1, 31},
	};

	return speed->rate_ppm ? CHECK_RANGES(ranges, err) : 0;
}

int terms_check(const struct terms *terms, struct err *err)
{
	int failed = check_judging(terms, err);

	if (!failed)
		failed = check_money(terms, err);
	return failed ? failed : check_speed(&terms->speed, err);
}

const char *formula_name(enum formula formula)
{
	return formula < FORMULA_COUNT ? formula_names[formula] : "?";
}

int formula_parse(const char *name)
{
	for (size_t i = 0; i < FORMULA_COUNT; i++) {
		if (!strcmp(name, formula_names[i]))
			return (int)i;
	}
	return -1;
}
