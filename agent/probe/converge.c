/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/converge.h"

#define WINDOWS 5
#define STEP_US 5000
#define WINDOW_MIN_US 100000 /* shorter ones see the scheduler of an LTE cell, not its rate */
#define WINDOW_SEGMENTS 8 /* one segment more or less is then less than the tolerance */
#define SPREAD_PPM 40000 /* the fastest window over the slowest */
#define TREND_PPM 15000 /* the last two windows over the first two */
#define PPM 1000000
#define US_PER_MS 1000

void converge_init(struct converge *converge, uint64_t rtt_us, uint32_t segment_bytes)
{
	converge->rtt_us = rtt_us;
	converge->segment_bytes = segment_bytes;
	converge->step_us = STEP_US;
	converge->count = 0;
}

/* ---- points */

static void thin(struct converge *converge)
{
	size_t kept = 0;

	for (size_t i = 0; i < converge->count; i += 2)
		converge->points[kept++] = converge->points[i];
	converge->count = kept;
	converge->step_us *= 2;
}

/* A point that is too near to the one before replaces it: the last one is always exact. */
void converge_take(struct converge *converge, uint64_t at_us, uint64_t bytes)
{
	struct converge_point *points = converge->points;
	size_t count = converge->count;

	if (count && (at_us < points[count - 1].at_us || bytes <= points[count - 1].bytes))
		return;
	if (count >= 3 && at_us - points[count - 2].at_us < converge->step_us)
		count--;
	else if (count == CONVERGE_POINTS) {
		thin(converge);
		count = converge->count;
	}
	points[count] = (struct converge_point){.at_us = at_us, .bytes = bytes};
	converge->count = count + 1;
}

/* The last point at or before that moment: bytes are counted from arrival to arrival, so that a
 * window holds whole segments and their whole time. */
static size_t point_at(const struct converge *converge, uint64_t at_us)
{
	size_t low = 0, high = converge->count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (converge->points[middle].at_us <= at_us)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Bytes a second; 0 when nothing moved. */
static uint64_t rate_between(const struct converge *converge, size_t from, size_t to)
{
	const struct converge_point *a = &converge->points[from], *b = &converge->points[to];

	return b->at_us > a->at_us ? (b->bytes - a->bytes) * PPM / (b->at_us - a->at_us) : 0;
}

/* ---- judging */

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool within(uint64_t a, uint64_t b, uint64_t ppm)
{
	uint64_t low = a < b ? a : b, high = larger(a, b);

	return (high - low) * PPM <= low * ppm;
}

static void fill_figure(const struct converge *converge, size_t from, bool agreed,
	struct converge_figure *ret_figure)
{
	const struct converge_point *a = &converge->points[from],
				    *b = &converge->points[converge->count - 1];

	*ret_figure = (struct converge_figure){
		.kbps = (uint32_t)(rate_between(converge, from, converge->count - 1) * 8 /
			US_PER_MS),
		.agreed = agreed,
		.from_us = a->at_us,
		.to_us = b->at_us,
		.bytes = b->bytes - a->bytes,
	};
}

/* Whether the last windows of that width agree; *ret_from is where they begin. */
static bool windows_agree(const struct converge *converge, uint64_t width_us, size_t *ret_from)
{
	uint64_t end_us = converge->points[converge->count - 1].at_us;
	size_t edges[WINDOWS + 1];
	uint64_t slowest = UINT64_MAX, fastest = 0;

	for (size_t i = 0; i <= WINDOWS; i++)
		edges[i] = point_at(converge, end_us - (WINDOWS - i) * width_us);
	for (size_t i = 0; i < WINDOWS; i++) {
		uint64_t rate = rate_between(converge, edges[i], edges[i + 1]);

		slowest = rate < slowest ? rate : slowest;
		fastest = larger(fastest, rate);
	}
	*ret_from = edges[0];
	return slowest && within(slowest, fastest, SPREAD_PPM) &&
		within(rate_between(converge, edges[0], edges[2]),
			rate_between(converge, edges[WINDOWS - 2], edges[WINDOWS]), TREND_PPM);
}

/* The narrowest window worth looking at, at the rate of the later half. */
static uint64_t narrowest_us(const struct converge *converge, uint64_t elapsed_us)
{
	size_t last = converge->count - 1;
	uint64_t end_us = converge->points[last].at_us;
	uint64_t rate = rate_between(converge, point_at(converge, end_us - elapsed_us / 2), last);
	uint64_t width_us = larger(WINDOW_MIN_US, converge->rtt_us);

	if (!rate)
		return UINT64_MAX / (2 * WINDOWS);
	return larger(width_us, (uint64_t)WINDOW_SEGMENTS * converge->segment_bytes * PPM / rate);
}

bool converge_agreed(const struct converge *converge, struct converge_figure *ret_figure)
{
	uint64_t elapsed_us;
	size_t from;

	if (converge->count < 2 * WINDOWS)
		return false;
	elapsed_us = converge->points[converge->count - 1].at_us - converge->points[0].at_us;
	for (uint64_t width_us = narrowest_us(converge, elapsed_us);
		(WINDOWS + 2) * width_us + 2 * converge->rtt_us <= elapsed_us;
		width_us += width_us / 2)
		if (windows_agree(converge, width_us, &from)) {
			fill_figure(converge, from, true, ret_figure);
			return true;
		}
	return false;
}

bool converge_figure(const struct converge *converge, struct converge_figure *ret_figure)
{
	uint64_t begin_us, end_us;

	if (converge_agreed(converge, ret_figure))
		return true;
	if (converge->count < 2)
		return false;
	begin_us = converge->points[0].at_us;
	end_us = converge->points[converge->count - 1].at_us;
	fill_figure(converge, point_at(converge, begin_us + (end_us - begin_us) / 2), false,
		ret_figure);
	return ret_figure->kbps > 0;
}
