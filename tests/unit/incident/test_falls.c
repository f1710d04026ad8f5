/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/incident/falls.h"

#define DAY_S 86400
#define PROVIDERS 7
#define KECAMATAN 104
#define LINKS 1038

/* ---- a province */

struct province {
	struct fall_rate providers[PROVIDERS], kecamatan[KECAMATAN], all;
	struct falls_scopes scopes;
	struct fall *falls;
	size_t count, room;
	struct incident *incidents;
	size_t incident_count;
};

static uint32_t provider_of(int64_t link)
{
	return (uint32_t)(link * 7919 % PROVIDERS);
}

static uint32_t kecamatan_of(int64_t link)
{
	return (uint32_t)(link / 10 % KECAMATAN);
}

static void found(struct province *province, double falls_a_day)
{
	memset(province, 0, sizeof(*province));
	for (int64_t link = 0; link < LINKS; link++) {
		province->providers[provider_of(link)].links++;
		province->kecamatan[kecamatan_of(link)].links++;
	}
	for (int i = 0; i < PROVIDERS; i++)
		province->providers[i].per_link_s = falls_a_day / DAY_S;
	for (int i = 0; i < KECAMATAN; i++)
		province->kecamatan[i].per_link_s = falls_a_day / DAY_S;
	province->all = (struct fall_rate){LINKS, falls_a_day / DAY_S};
	province->scopes.rates[FALL_ALL] = &province->all;
	province->scopes.rates[FALL_PROVIDER] = province->providers;
	province->scopes.rates[FALL_KECAMATAN] = province->kecamatan;
}

static void fall(struct province *province, int64_t link, int64_t from_s, int64_t to_s)
{
	if (province->count == province->room) {
		province->room = province->room ? 2 * province->room : 64;
		province->falls = realloc(
			province->falls, province->room * sizeof(*province->falls));
		assert_non_null(province->falls);
	}
	province->falls[province->count++] = (struct fall){.link = link,
		.scopes = {provider_of(link), kecamatan_of(link), 0},
		.from_s = from_s,
		.to_s = to_s};
}

static void group(struct province *province)
{
	free(province->incidents);
	assert_int_equal(falls_group(province->falls, province->count, &province->scopes,
				 &province->incidents, &province->incident_count),
		0);
}

static void leave(struct province *province)
{
	free(province->falls);
	free(province->incidents);
}

/* ---- chance */

/* The sum over all k, by Pascal's triangle: exact for a few trials. */
static double tail_by_hand(unsigned n, double p, unsigned k)
{
	double sum = 0.0;

	for (unsigned i = k; i <= n; i++) {
		double choose = 1.0;

		for (unsigned j = 0; j < i; j++)
			choose = choose * (n - j) / (j + 1);
		sum += choose * pow(p, i) * pow(1 - p, n - i);
	}
	return sum;
}

static void chance_is_the_binomial_tail(void **state)
{
	static const double probabilities[] = {1e-6, 0.001, 0.05, 0.3};

	for (size_t i = 0; i < 4; i++) {
		for (unsigned n = 1; n <= 40; n++) {
			for (unsigned k = 1; k <= n; k++) {
				double p = probabilities[i], is = falls_chance_ln(n, p, k);
				double should = log(tail_by_hand(n, p, k));

				if (k <= n * p)
					assert_true(is == 0.0);
				else
					assert_true(fabs(is - should) <= 1e-9);
			}
		}
	}
	assert_true(falls_chance_ln(10, 0.5, 11) == -INFINITY);
	assert_true(falls_chance_ln(10, 0.0, 1) == -INFINITY);
	assert_true(falls_chance_ln(0, 0.1, 0) == 0.0);
	assert_true(falls_chance_ln(83762, 1e-3, 83762) > -600000);
}

/* ---- grouping */

static void a_kecamatan_that_falls_is_one_incident(void **state)
{
	struct province province;

	found(&province, 0.2);
	for (int64_t link = 100; link < 110; link++)
		fall(&province, link, 1000 + link % 7 * 10, SPAN_FOREVER);
	fall(&province, 500, 1010, 2000); /* elsewhere, another provider: by chance */
	province.falls[3].to_s = 5000;
	group(&province);
	assert_int_equal(province.incident_count, 2);
	assert_int_equal(province.incidents[0].scope, FALL_KECAMATAN);
	assert_int_equal(province.incidents[0].place, kecamatan_of(100));
	assert_int_equal(province.incidents[0].links, 10);
	assert_int_equal(province.incidents[0].lasting, 9);
	assert_int_equal(province.incidents[0].from_s, 1000);
	assert_true(province.incidents[0].to_s == SPAN_FOREVER);
	assert_true(province.incidents[0].chance_ln < FALLS_CHANCE_LN);
	assert_int_equal(province.incidents[1].scope, FALL_ALONE);
	assert_int_equal(province.incidents[1].to_s, 2000);
	leave(&province);
}

static void a_provider_that_falls_is_one_incident_that_grows(void **state)
{
	struct province province;
	size_t of_provider = 0;

	found(&province, 0.2);
	for (int64_t link = 0; link < LINKS; link++) { /* one every ten seconds */
		if (provider_of(link) != 3)
			continue;
		fall(&province, link, 5000 + 10 * (int64_t)of_provider++, SPAN_FOREVER);
	}
	assert_true(of_provider * 10 > FALLS_WINDOW_S);
	group(&province);
	assert_int_equal(province.incident_count, 1);
	assert_int_equal(province.incidents[0].scope, FALL_PROVIDER);
	assert_int_equal(province.incidents[0].place, 3);
	assert_int_equal(province.incidents[0].links, of_provider);
	leave(&province);
}

static void when_all_fall_it_is_one_incident_of_all(void **state)
{
	struct province province;

	found(&province, 0.2);
	for (int64_t link = 0; link < LINKS; link++)
		fall(&province, link, 5000 + link % 60, SPAN_FOREVER);
	group(&province);
	assert_int_equal(province.incident_count, 1);
	assert_int_equal(province.incidents[0].scope, FALL_ALL);
	leave(&province);
}

static void few_or_late_falls_stay_alone(void **state)
{
	struct province province;

	found(&province, 0.2);
	fall(&province, 100, 1000, 1100);
	fall(&province, 101, 1001, 1100); /* two may meet */
	fall(&province, 200, 9000, 9100);
	fall(&province, 201, 9000 + FALLS_WINDOW_S, 9300);
	fall(&province, 202, 9000 + 2 * FALLS_WINDOW_S + 1, 9400); /* out of the seed's window */
	group(&province);
	assert_int_equal(province.incident_count, 5);
	leave(&province);
}

static void a_link_that_flaps_is_no_crowd(void **state)
{
	struct province province;

	found(&province, 0.2);
	for (int i = 0; i < 8; i++)
		fall(&province, 100, 1000 + 10 * i, 1005 + 10 * i);
	fall(&province, 101, 1002, 1500);
	group(&province);
	assert_int_equal(province.incident_count, 9);
	for (int64_t link = 102; link < 108; link++)
		fall(&province, link, 1030, 1500);
	group(&province);
	assert_int_equal(province.incident_count, 1);
	assert_int_equal(province.incidents[0].links, 8);
	leave(&province);
}

/* Three links of ten fall where links fall once a month, and where they fall every half hour. */
static void what_is_usual_is_no_incident(void **state)
{
	struct province quiet, restless;

	found(&quiet, 1.0 / 30);
	found(&restless, 48);
	for (int64_t link = 100; link < 103; link++) {
		fall(&quiet, link, 1000, 2000);
		fall(&restless, link, 1000, 2000);
	}
	group(&quiet);
	group(&restless);
	assert_int_equal(quiet.incident_count, 1);
	assert_int_equal(restless.incident_count, 3);
	leave(&quiet);
	leave(&restless);
}

static void the_order_of_telling_changes_nothing(void **state)
{
	struct province one, other;

	srandom(7);
	found(&one, 0.2);
	found(&other, 0.2);
	for (int i = 0; i < 400; i++) {
		int64_t link = random() % LINKS, from_s = random() % 3000;

		fall(&one, link, from_s, from_s + 1 + random() % 4000);
	}
	for (size_t i = one.count; i > 0; i--)
		fall(&other, one.falls[i - 1].link, one.falls[i - 1].from_s, one.falls[i - 1].to_s);
	group(&one);
	group(&other);
	assert_true(one.incident_count < one.count); /* something was grouped */
	assert_int_equal(one.incident_count, other.incident_count);
	assert_memory_equal(
		one.incidents, other.incidents, one.incident_count * sizeof(*one.incidents));
	leave(&one);
	leave(&other);
}

/* A year in which every link falls by itself, five times a month. */
static void chance_makes_no_incidents(void **state)
{
	struct province province;
	size_t crowds = 0;

	srandom(20260101);
	found(&province, 1.0 / 6);
	for (int64_t i = 0; i < LINKS * 365 / 6; i++) {
		int64_t from_s = (int64_t)(random() / (RAND_MAX + 1.0) * 365 * DAY_S);

		fall(&province, random() % LINKS, from_s, from_s + 300);
	}
	group(&province);
	for (size_t i = 0; i < province.incident_count; i++)
		crowds += province.incidents[i].scope != FALL_ALONE;
	assert_in_range(crowds, 0, 1);
	assert_true(province.incident_count + 3 >= province.count);
	leave(&province);
}

static void a_new_province_is_neither_blind_nor_nervous(void **state)
{
	double rate = fall_rate_usual(0, 0), p = -expm1(-rate * FALLS_WINDOW_S);

	assert_true(falls_chance_ln(10, p, 3) > FALLS_CHANCE_LN);
	assert_true(falls_chance_ln(10, p, 7) < FALLS_CHANCE_LN);
	assert_true(falls_chance_ln(150, p, 20) < FALLS_CHANCE_LN);
	assert_true(fall_rate_usual(300, 1000.0 * DAY_S) < rate / 10);
}

/* The whole country at once: all 83,762 in one scope. Quadratic work would take minutes. */
static void the_whole_country_may_fall(void **state)
{
	struct fall_rate rate = {.links = 83762, .per_link_s = 1e-6};
	struct falls_scopes scopes = {{&rate, &rate, &rate}};
	struct fall *falls = calloc(rate.links, sizeof(*falls));
	struct incident *incidents;
	size_t count;

	assert_non_null(falls);
	for (uint32_t i = 0; i < rate.links; i++)
		falls[i] = (struct fall){.link = i, .from_s = 1000 + i % 60, .to_s = SPAN_FOREVER};
	assert_int_equal(falls_group(falls, rate.links, &scopes, &incidents, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(incidents[0].links, rate.links);
	free(falls);
	free(incidents);
}

static void nothing_fell(void **state)
{
	struct incident *incidents;
	size_t count = 1;

	assert_int_equal(falls_group(NULL, 0, &(struct falls_scopes){0}, &incidents, &count), 0);
	assert_int_equal(count, 0);
	free(incidents);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chance_is_the_binomial_tail),
		cmocka_unit_test(a_kecamatan_that_falls_is_one_incident),
		cmocka_unit_test(a_provider_that_falls_is_one_incident_that_grows),
		cmocka_unit_test(when_all_fall_it_is_one_incident_of_all),
		cmocka_unit_test(few_or_late_falls_stay_alone),
		cmocka_unit_test(a_link_that_flaps_is_no_crowd),
		cmocka_unit_test(what_is_usual_is_no_incident),
		cmocka_unit_test(the_order_of_telling_changes_nothing),
		cmocka_unit_test(chance_makes_no_incidents),
		cmocka_unit_test(a_new_province_is_neither_blind_nor_nervous),
		cmocka_unit_test(the_whole_country_may_fall),
		cmocka_unit_test(nothing_fell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
