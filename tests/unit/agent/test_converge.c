/* SPDX-License-Identifier: Apache-2.0 */
/* Curves of bytes as links draw them, and when the rule says that it has seen enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "agent/probe/converge.h"

#define SEGMENT 1448
#define LIMIT_US 15000000

struct link { /* how bytes come */
	uint64_t kbps; /* in the end */
	uint64_t rtt_us;
	uint64_t burst_bytes; /* at ten times the rate, at first */
	uint64_t slow_until_us; /* slow start doubles each round trip until then */
	uint32_t jitter_us; /* each arrival is so late at most */
	uint32_t uneven_percent; /* the rate goes up and down by so much, every 300 ms */
};

struct seen {
	bool agreed;
	uint64_t at_us, bytes;
	struct converge_figure figure;
};

static uint64_t rate_at(const struct link *link, uint64_t now_us, uint64_t bytes)
{
	uint64_t kbps = link->kbps;

	if (bytes < link->burst_bytes)
		return kbps * 10;
	if (now_us < link->slow_until_us) {
		uint64_t rounds = (link->slow_until_us - now_us) / link->rtt_us + 1;

		return rounds < 20 ? (kbps >> rounds) + 1 : 1;
	}
	if (link->uneven_percent && now_us / 300000 % 2)
		return kbps - kbps * link->uneven_percent / 100;
	return kbps;
}

static struct seen watch(const struct link *link)
{
	struct converge *converge = malloc(sizeof(*converge));
	uint64_t now_us = 0, bytes = 0, judged_us = 0, drawn = 7;
	struct seen seen = {0};

	converge_init(converge, link->rtt_us, SEGMENT);
	converge_take(converge, 0, 0);
	while (now_us < LIMIT_US && !seen.agreed) {
		now_us += SEGMENT * 8 * 1000 / rate_at(link, now_us, bytes);
		bytes += SEGMENT;
		drawn = drawn * 6364136223846793005 + 1442695040888963407;
		converge_take(converge,
			now_us + (link->jitter_us ? (drawn >> 33) % link->jitter_us : 0), bytes);
		if (now_us - judged_us < 20000)
			continue;
		judged_us = now_us;
		seen.agreed = converge_agreed(converge, &seen.figure);
	}
	if (!seen.agreed)
		assert_true(converge_figure(converge, &seen.figure));
	seen.at_us = now_us;
	seen.bytes = bytes;
	free(converge);
	return seen;
}

static void check_within(uint64_t value, uint64_t wanted, unsigned per_mille)
{
	if (value * 1000 < wanted * (1000 - per_mille) ||
		value * 1000 > wanted * (1000 + per_mille))
		fail_msg("%llu is not within %u per mille of %llu", (unsigned long long)value,
			per_mille, (unsigned long long)wanted);
}

static void steady_link_takes_a_third_of_three_seconds(void **state)
{
	const uint64_t rates_kbps[] = {1000, 10000, 50000, 100000};

	for (size_t i = 0; i < 4; i++) {
		struct link link = {.kbps = rates_kbps[i], .rtt_us = 30000, .jitter_us = 2000};
		struct seen seen = watch(&link);

		assert_true(seen.agreed);
		check_within(seen.figure.kbps, rates_kbps[i], 10);
		assert_true(seen.bytes * 8 <= rates_kbps[i] * 1000);
	}
}

static void slow_start_counts_for_nothing(void **state)
{
	struct link link = {.kbps = 20000, .rtt_us = 100000, .slow_until_us = 800000};
	struct seen seen = watch(&link);

	assert_true(seen.agreed);
	assert_true(seen.figure.from_us >= link.slow_until_us - link.rtt_us);
	check_within(seen.figure.kbps, link.kbps, 20);
}

static void bucket_s_burst_counts_for_nothing(void **state)
{
	struct link link = {.kbps = 10000, .rtt_us = 20000, .burst_bytes = 512 * 1024};
	struct seen seen = watch(&link);

	assert_true(seen.agreed);
	check_within(seen.figure.kbps, link.kbps, 10);
}

static void satellite_is_given_its_round_trips(void **state)
{
	struct link link = {.kbps = 8000, .rtt_us = 600000, .slow_until_us = 3600000};
	struct seen seen = watch(&link);

	assert_true(seen.agreed);
	assert_true(seen.figure.to_us - seen.figure.from_us >= 5 * link.rtt_us - 50000);
	check_within(seen.figure.kbps, link.kbps, 20);
}

static void very_slow_link_is_measured_in_segments(void **state)
{
	struct link link = {.kbps = 64, .rtt_us = 300000};
	struct seen seen = watch(&link);

	assert_true(seen.agreed);
	check_within(seen.figure.kbps, link.kbps, 20);
	assert_true(seen.figure.bytes >= 5 * 7 * SEGMENT);
}

static void uneven_link_takes_longer_and_gives_its_mean(void **state)
{
	struct link link = {.kbps = 10000, .rtt_us = 30000, .uneven_percent = 40};
	struct seen even = watch(&(struct link){.kbps = 10000, .rtt_us = 30000});
	struct seen seen = watch(&link);

	assert_true(seen.at_us > even.at_us);
	check_within(seen.figure.kbps, 8000, 60);
}

static void link_that_only_grows_never_agrees(void **state)
{
	struct converge *converge = malloc(sizeof(*converge));
	struct converge_figure figure;
	uint64_t bytes = 0;

	converge_init(converge, 20000, SEGMENT);
	for (uint64_t ms = 0; ms < 5000; ms++) {
		bytes += 100 + ms;
		converge_take(converge, ms * 1000, bytes);
		assert_false(ms % 20 == 0 && converge_agreed(converge, &figure));
	}
	assert_true(converge_figure(converge, &figure));
	assert_false(figure.agreed);
	assert_true(figure.from_us >= 2400000);
	free(converge);
}

static void points_are_bounded_however_long_it_takes(void **state)
{
	struct converge *converge = malloc(sizeof(*converge));
	struct converge_figure figure;

	converge_init(converge, 1000, SEGMENT);
	for (uint64_t ms = 0; ms < 100000; ms += 5)
		converge_take(converge, ms * 1000, ms * 125 + 1);
	assert_true(converge->count <= CONVERGE_POINTS);
	assert_true(converge_figure(converge, &figure));
	check_within(figure.kbps, 1000, 5);
	free(converge);
}

static void nothing_that_came_is_no_figure(void **state)
{
	struct converge *converge = malloc(sizeof(*converge));
	struct converge_figure figure;

	converge_init(converge, 1000, SEGMENT);
	assert_false(converge_figure(converge, &figure));
	converge_take(converge, 5, 0);
	converge_take(converge, 6, 0);
	assert_false(converge_figure(converge, &figure));
	converge_take(converge, 4, 900); /* a clock that goes back */
	assert_int_equal(converge->count, 1);
	free(converge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_link_takes_a_third_of_three_seconds),
		cmocka_unit_test(slow_start_counts_for_nothing),
		cmocka_unit_test(bucket_s_burst_counts_for_nothing),
		cmocka_unit_test(satellite_is_given_its_round_trips),
		cmocka_unit_test(very_slow_link_is_measured_in_segments),
		cmocka_unit_test(uneven_link_takes_longer_and_gives_its_mean),
		cmocka_unit_test(link_that_only_grows_never_agrees),
		cmocka_unit_test(points_are_bounded_however_long_it_takes),
		cmocka_unit_test(nothing_that_came_is_no_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
