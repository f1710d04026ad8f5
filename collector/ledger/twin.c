/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/twin.h"

#include <stdlib.h>

#include "collector/ledger/place.h"

#define US_PER_S INT64_C(1000000)

static int by_moment(const void *left, const void *right)
{
	const struct twin_sign *a = left, *b = right;

	return (a->mono_us > b->mono_us) - (a->mono_us < b->mono_us);
}

static bool is_believed(const struct twin_sign *sign)
{
	int64_t late_us = sign->received_us - sign->utc_us;

	if (sign->error_us > PLACE_ERROR_MAX_US)
		return false;
	if (sign->source == ANCHOR_COLLECTOR)
		return true;
	return sign->source == ANCHOR_NTP && late_us > -TWIN_CLOCK_US && late_us < TWIN_FRESH_US;
}

/* What the collector said counts alone where there is any. */
static size_t choose(struct twin_sign *signs, size_t count)
{
	bool told = false;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_believed(&signs[i]))
			signs[kept++] = signs[i];
	}
	count = kept;
	kept = 0;
	for (size_t i = 0; i < count; i++)
		told |= signs[i].source == ANCHOR_COLLECTOR;
	for (size_t i = 0; i < count; i++) {
		if (signs[i].source == ANCHOR_COLLECTOR || !told)
			signs[kept++] = signs[i];
	}
	if (kept)
		qsort(signs, kept, sizeof(*signs), by_moment);
	return kept;
}

static int64_t error_of(const struct twin_sign *sign, uint64_t mono_us)
{
	uint64_t apart_us = mono_us > sign->mono_us ? mono_us - sign->mono_us
						    : sign->mono_us - mono_us;
	int64_t error_us = (int64_t)sign->error_us;

	if (sign->source != ANCHOR_COLLECTOR)
		error_us += TWIN_CLOCK_US;
	return error_us + (int64_t)(apart_us / (1000000 / TWIN_DRIFT_PPM));
}

static int64_t utc_of(const struct twin_sign *sign, uint64_t mono_us)
{
	return sign->utc_us + ((int64_t)mono_us - (int64_t)sign->mono_us);
}

/* Each one's word on the next one's moment. */
static bool agree(const struct twin_sign *signs, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint64_t at_us = signs[i].mono_us;
		int64_t error_us = error_of(&signs[i - 1], at_us) + error_of(&signs[i], at_us);
		if (llabs(utc_of(&signs[i - 1], at_us) - signs[i].utc_us) > error_us)
			return false;
	}
	return true;
}

bool twin_life(struct twin_sign *signs, size_t count, const uint64_t mono_us[2],
	struct twin_life *ret_life)
{
	const struct twin_sign *first = signs, *last;

	count = choose(signs, count);
	if (!count || mono_us[0] > mono_us[1] || !agree(signs, count))
		return false;
	last = &signs[count - 1];
	*ret_life = (struct twin_life){
		.from_us = utc_of(first, mono_us[0]),
		.to_us = utc_of(last, mono_us[1]),
		.from_error_us = error_of(first, mono_us[0]),
		.to_error_us = error_of(last, mono_us[1]),
	};
	return true;
}

static int64_t second_of(int64_t us)
{
	return us / US_PER_S - (us % US_PER_S < 0);
}

/* Whether a may have ended before b began. */
static bool may_precede(const struct twin_life *a, const struct twin_life *b)
{
	return a->to_us - b->from_us <= a->to_error_us + b->from_error_us + TWIN_LEAST_US;
}

bool twin_overlap(const struct twin_life *a, const struct twin_life *b, struct span *ret_span)
{
	int64_t from_us = a->from_us > b->from_us ? a->from_us : b->from_us;
	int64_t to_us = a->to_us < b->to_us ? a->to_us : b->to_us;

	if (may_precede(a, b) || may_precede(b, a))
		return false;
	*ret_span = (struct span){second_of(from_us), second_of(to_us - 1) + 1};
	return true;
}
