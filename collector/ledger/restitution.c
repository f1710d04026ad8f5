/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/restitution.h"

#include "common/muldiv.h"

/*
 * Every formula is a fraction of integers, fee * times / under. With a month under 2^22 seconds and
 * parts per million `times` and `under` stay below 2^42; only their product with a fee up to 10^12
 * needs more than 64 bits.
 */
struct fraction {
	int64_t fee, times, under;
};

/* Downtime beyond what the target allows, in second-millionths: Y - (1 - s) * (S - E). */
static int64_t excess_ppm(const struct terms *terms, int64_t judged_s, int64_t down_s)
{
	int64_t allowed = (int64_t)(TERMS_PPM - terms->target_ppm) * judged_s;
	int64_t excess = down_s * TERMS_PPM - allowed;
	return excess > 0 ? excess : 0;
}

/* The highest payment of the table whose bound lies above the availability 1 - Y / (S - E). */
static uint32_t band_ppm(const struct terms *terms, int64_t judged_s, int64_t down_s)
{
	uint32_t highest = 0;
	int64_t up = (judged_s - down_s) * TERMS_PPM;
	for (uint32_t i = 0; i < terms->band_count; i++) {
		const struct band *band = &terms->bands[i];
		if (up < (int64_t)band->below_ppm * judged_s && band->pay_ppm > highest)
			highest = band->pay_ppm;
	}
	return highest;
}

static struct fraction bare(
	const struct terms *terms, const struct restitution_month *month, int64_t down_s)
{
	int64_t fee = terms->fee_rupiah, whole = month->whole_s, judged = month->judged_s;
	switch (terms->formula) {
	case FORMULA_PRORATA: return (struct fraction){fee, down_s, whole};
	case FORMULA_PRORATA_SLA:
		return (struct fraction){fee, down_s * TERMS_PPM, whole * terms->target_ppm};
	case FORMULA_EXCESS:
		return (struct fraction){fee, excess_ppm(terms, judged, down_s), whole * TERMS_PPM};
	case FORMULA_SHORTFALL:
		return (struct fraction){
			fee, excess_ppm(terms, judged, down_s), whole * terms->target_ppm};
	case FORMULA_BANDS:
		return (struct fraction){
			fee, judged * band_ppm(terms, judged, down_s), whole * TERMS_PPM};
	default: return (struct fraction){0, 0, 1};
	}
}

static int64_t round_once(struct fraction value, enum rounding rounding)
{
	uint64_t under = (uint64_t)value.under, rest;
	uint64_t whole = muldiv((uint64_t)value.fee, (uint64_t)value.times, under, &rest);

	if (rounding == ROUND_UP && rest)
		whole++;
	if (rounding == ROUND_NEAREST && rest * 2 >= under)
		whole++;
	return (int64_t)whole;
}

int64_t restitution_compute(
	const struct terms *terms, const struct restitution_month *month, int64_t down_s)
{
	int64_t rupiah = round_once(bare(terms, month, down_s), terms->rounding);
	struct fraction most = {terms->fee_rupiah, month->row_s, month->whole_s};
	int64_t limit = round_once(most, ROUND_DOWN);
	return rupiah < limit ? rupiah : limit;
}
