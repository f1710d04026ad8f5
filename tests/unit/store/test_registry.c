/* SPDX-License-Identifier: Apache-2.0 */
/* Regions, links and contracts: each check, with the words that a person gets. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/store/fixture.h"

static void expect_words(const struct err *err, const char *words)
{
	if (!strstr(err->text, words))
		fail_msg("\"%s\" does not say \"%s\"", err->text, words);
}

/* ---- regions */

static void codes_without_dots_are_refused_with_a_word_about_bps(void **state)
{
	struct fixture *fixture = *state;
	struct region bps = {.code = "6402", .name = "Kutai Barat"};
	struct region half[] = {{.code = "64.10", .name = "Berau"}, bps};
	struct err err = {0};
	int64_t before, after;

	assert_int_equal(registry_region_count(fixture->registry, &before, &err), 0);
	assert_int_equal(registry_regions_import(fixture->registry, half, 2, &err), -EINVAL);
	expect_words(&err, "6402");
	expect_words(&err, "BPS");
	assert_int_equal(registry_region_count(fixture->registry, &after, &err), 0);
	assert_int_equal(before, after); /* all or none */
}

static void levels_follow_from_the_dots(void **state)
{
	static const struct {
		const char *code;
		int result, level;
	} cases[] = {
		{"64", 0, REGION_PROVINSI},
		{"64.08", 0, REGION_KABUPATEN},
		{"64.08.05", 0, REGION_KECAMATAN},
		{"64.08.05.2001", 0, REGION_DESA},
		{"", -EINVAL, 0},
		{"6", -EINVAL, 0},
		{"64.", -EINVAL, 0},
		{"64.8", -EINVAL, 0},
		{"64.08.05.2001.1", -EINVAL, 0},
		{"64.08.05.20011", -EINVAL, 0},
		{"64.08.05.200a", -EINVAL, 0},
		{"6408052001", -EINVAL, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum region_level level = 0;
		struct err err = {0};
		assert_int_equal(region_level(cases[i].code, &level, &err), cases[i].result);
		assert_int_equal(level, cases[i].level);
	}
}

static void a_desa_knows_what_it_lies_in(void **state)
{
	struct fixture *fixture = *state;
	struct region_place place;
	struct err err = {0};

	assert_int_equal(registry_place(fixture->registry, DESA_FAR, &place, &err), 0);
	assert_string_equal(place.desa.name, "Tanjung Tengah");
	assert_string_equal(place.kecamatan.code, "64.09.01");
	assert_string_equal(place.kabupaten.name, "Penajam Paser Utara");
	assert_string_equal(place.provinsi.name, "Kalimantan Timur");
	assert_int_equal(registry_place(fixture->registry, "64.09.01.2999", &place, &err), -ENOENT);
	expect_words(&err, "64.09.01.2999");
}

/* ---- links */

static int add_link(struct fixture *fixture, struct registry_link link, struct err *err)
{
	int64_t id;

	if (!link.desa[0])
		strcpy(link.desa, DESA);
	if (!link.provider[0])
		strcpy(link.provider, "Telkom");
	return registry_link_add(fixture->registry, &link, &id, err);
}

static void a_link_needs_a_known_desa_and_sane_values(void **state)
{
	struct fixture *fixture = *state;
	struct err err = {0};

	assert_int_equal(
		add_link(fixture, (struct registry_link){.desa = "64.08.05.2999"}, &err), -ENOENT);
	expect_words(&err, "64.08.05.2999");
	assert_int_equal(add_link(fixture, (struct registry_link){.desa = "64.08"}, &err), -EINVAL);
	expect_words(&err, "desa");
	assert_int_equal(add_link(fixture, (struct registry_link){.zone = "CET"}, &err), -EINVAL);
	expect_words(&err, "zone = CET");
	assert_int_equal(
		add_link(fixture,
			(struct registry_link){.has_position = true, .lat = 91, .lon = 117}, &err),
		-EINVAL);
	expect_words(&err, "lat = 91");
	assert_int_equal(
		add_link(fixture, (struct registry_link){.provider = "two\nlines"}, &err), -EINVAL);
	expect_words(&err, "provider");
	assert_int_equal(add_link(fixture, (struct registry_link){.zone = "WIT"}, &err), 0);
}

static int count_link(void *arg, const struct registry_link *link)
{
	++*(int *)arg;
	return 0;
}

static int links_of(struct fixture *fixture, struct registry_filter filter)
{
	struct err err = {0};
	int count = 0;

	assert_int_equal(registry_links(fixture->registry, &filter, count_link, &count, &err), 0);
	return count;
}

static void links_are_found_by_region_and_provider(void **state)
{
	struct fixture *fixture = *state;
	struct err err = {0};
	int count;

	fixture_link(fixture, DESA, "Telkom");
	fixture_link(fixture, DESA, "Starlink");
	fixture_link(fixture, DESA_FAR, "Telkom");
	assert_int_equal(links_of(fixture, (struct registry_filter){0}), 3);
	assert_int_equal(links_of(fixture, (struct registry_filter){.desa = DESA}), 2);
	assert_int_equal(links_of(fixture, (struct registry_filter){.kabupaten = "64.09"}), 1);
	assert_int_equal(links_of(fixture, (struct registry_filter){.kecamatan = "64.08.05"}), 2);
	assert_int_equal(links_of(fixture, (struct registry_filter){.provider = "Telkom"}), 2);
	assert_int_equal(links_of(fixture, (struct registry_filter){.link = 3}), 1);
	struct registry_filter wrong = {.kabupaten = "64.08.05"};
	assert_int_equal(
		registry_links(fixture->registry, &wrong, count_link, &count, &err), -EINVAL);
	expect_words(&err, "kabupaten = 64.08.05");
}

static void an_import_is_all_or_none_and_names_the_item(void **state)
{
	struct fixture *fixture = *state;
	struct registry_link links[] = {{.desa = DESA, .provider = "Telkom"},
		{.desa = "64.08.05.2999", .provider = "Telkom"}};
	struct err err = {0};

	assert_int_equal(registry_links_import(fixture->registry, links, 2, &err), -ENOENT);
	expect_words(&err, "link 2 of 2");
	assert_int_equal(links_of(fixture, (struct registry_filter){0}), 0);
}

/* ---- contracts */

static struct registry_contract sound_contract(int64_t link)
{
	struct registry_contract contract = {
		.link = link, .from_s = T0, .to_s = T0 + 1000, .kbps_down = 1, .kbps_up = 1};

	terms_init(&contract.terms);
	contract.terms.target_ppm = 995000;
	contract.terms.formula = FORMULA_PRORATA;
	return contract;
}

static void expect_contract(
	struct fixture *fixture, struct registry_contract contract, int result, const char *words)
{
	struct err err = {0};
	int64_t id;

	assert_int_equal(registry_contract_add(fixture->registry, &contract, &id, &err), result);
	if (result < 0)
		expect_words(&err, words);
}

static void contracts_of_a_link_never_overlap(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	struct registry_contract contract = sound_contract(link);

	expect_contract(fixture, contract, 0, "");
	contract.from_s = T0 + 999;
	contract.to_s = SPAN_FOREVER;
	expect_contract(
		fixture, contract, -EEXIST, "overlaps contract 1 from 2026-01-01 00:00:00 WITA");
	contract.from_s = T0 - 500;
	contract.to_s = T0 + 1;
	expect_contract(fixture, contract, -EEXIST, "overlaps contract 1");
	contract.to_s = T0;
	expect_contract(fixture, contract, 0, "");
	contract.from_s = T0 + 1000;
	contract.to_s = SPAN_FOREVER;
	expect_contract(fixture, contract, 0, "");
	contract.from_s = T0 + 100000;
	contract.to_s = T0 + 200000;
	expect_contract(fixture, contract, -EEXIST, "to open");
	contract.link = fixture_link(fixture, DESA, "Starlink");
	expect_contract(fixture, contract, 0, "");
}

static void each_term_has_its_range(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	struct registry_contract contract = sound_contract(link);

#define EXPECT_AS(result, change, words)                      \
	do {                                                  \
		struct registry_contract bad = contract;      \
		bad.change;                                   \
		expect_contract(fixture, bad, result, words); \
	} while (0)
#define EXPECT(change, words) EXPECT_AS(-EINVAL, change, words)
	EXPECT(terms.target_ppm = 0, "target_ppm = 0");
	EXPECT(terms.target_ppm = 1000001, "target_ppm = 1000001");
	EXPECT(terms.loss_threshold_ppm = 1000001, "loss_threshold_ppm");
	EXPECT(terms.window_s = 0, "window_s = 0: must be 1 to 86400");
	EXPECT(terms.window_s = 86401, "window_s");
	EXPECT(terms.bridge_s = 3601, "bridge_s = 3601");
	EXPECT(terms.fee_rupiah = -1, "fee = -1");
	EXPECT(terms.fee_rupiah = TERMS_FEE_MAX + 1, "fee");
	EXPECT(terms.formula = FORMULA_BANDS, "band");
	EXPECT(terms.band_count = 1, "band");
	EXPECT(terms.claim_days = 0, "claim_days = 0: must be 1 to 366");
	EXPECT(terms.final_days = 3661, "final_days = 3661");
	EXPECT(terms.service.count = SERVICE_WINDOWS_MAX + 1, "service windows = 15");
	EXPECT(terms.limits.rtt_us = 0, "limit_rtt_us = 0");
	EXPECT(terms.limits.loss_ppm = 1000001, "limit_loss_ppm");
	EXPECT(terms.limits.pdv_us = 3000001, "limit_pdv_us");
	EXPECT(terms.speed.rate_ppm = 1, "speed share_ppm = 0");
	EXPECT(terms.speed = ((struct speed_terms){800000, 900000, 0, 1}), "speed tests = 0");
	EXPECT(terms.speed = ((struct speed_terms){800000, 900000, 9, 32}), "speed days = 32");
	EXPECT(kbps_down = 0, "kbps_down = 0");
	EXPECT_AS(-ERANGE, to_s = T0, "must begin before it ends");
	EXPECT_AS(-ERANGE, from_s = 5, "contract from = @5");
#undef EXPECT
#undef EXPECT_AS
	contract.link = 77;
	expect_contract(fixture, contract, -ENOENT, "link 77 does not exist");
}

static int keep_contract(void *arg, const struct registry_contract *contract)
{
	*(struct registry_contract *)arg = *contract;
	return 0;
}

static void terms_come_back_as_they_were_entered(void **state)
{
	struct fixture *fixture = *state;
	struct registry_contract contract = sound_contract(fixture_link(fixture, DESA, "Telkom")),
				 back;
	struct terms *terms = &contract.terms;
	char hours[SERVICE_TEXT_BYTES];
	struct err err = {0};

	*terms = (struct terms){.target_ppm = 999000,
		.loss_threshold_ppm = 250000,
		.window_s = 20,
		.bridge_s = 15,
		.notice_s = 3600,
		.uncharged = 1u << DOWN_LOCAL | 1u << DOWN_UPSTREAM,
		.power = POWER_EXCLUDE,
		.fee_rupiah = 1234567,
		.formula = FORMULA_BANDS,
		.rounding = ROUND_NEAREST,
		.band_count = 2,
		.bands = {{999000, 200000}, {950000, 1000000}},
		.service = {2, {{0, 4, 28800, 57600}, {5, 6, 79200, 108000}}},
		.speed = {800000, 900000, 30, 10},
		.limits = {700000, 20000, 30000},
		.claim_days = 10,
		.final_days = 90};
	contract.to_s = SPAN_FOREVER;
	expect_contract(fixture, contract, 0, "");
	assert_int_equal(
		registry_contracts(fixture->registry, contract.link, keep_contract, &back, &err),
		0);
	assert_int_equal(back.to_s, SPAN_FOREVER);
	assert_int_equal(back.terms.uncharged, terms->uncharged);
	assert_int_equal(back.terms.power, POWER_EXCLUDE);
	assert_int_equal(back.terms.rounding, ROUND_NEAREST);
	assert_int_equal(back.terms.formula, FORMULA_BANDS);
	assert_int_equal(back.terms.band_count, 2);
	assert_memory_equal(back.terms.bands, terms->bands, 2 * sizeof(struct band));
	assert_int_equal(back.terms.window_s, 20);
	assert_int_equal(back.terms.bridge_s, 15);
	assert_int_equal(back.terms.notice_s, 3600);
	assert_int_equal(back.terms.loss_threshold_ppm, 250000);
	assert_int_equal(back.terms.fee_rupiah, 1234567);
	service_format(&back.terms.service, hours);
	assert_string_equal(hours, "mon-fri@08:00-16:00,sat-sun@22:00-06:00");
	assert_memory_equal(&back.terms.speed, &terms->speed, sizeof(terms->speed));
	assert_memory_equal(&back.terms.limits, &terms->limits, sizeof(terms->limits));
	assert_int_equal(back.terms.claim_days, 10);
	assert_int_equal(back.terms.final_days, 90);
	/* no cause at all may be left uncharged */
	terms->uncharged = 0;
	terms->final_days = TERMS_NEVER;
	contract.link = fixture_link(fixture, DESA, "Starlink");
	expect_contract(fixture, contract, 0, "");
	assert_int_equal(
		registry_contracts(fixture->registry, contract.link, keep_contract, &back, &err),
		0);
	assert_int_equal(back.terms.uncharged, 0);
	assert_int_equal(back.terms.final_days, TERMS_NEVER);
}

static void a_contract_can_be_ended_but_not_made_longer(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	int64_t id = fixture_contract(fixture, link, T0, SPAN_FOREVER);
	struct err err = {0};

	assert_int_equal(registry_contract_end(fixture->registry, id, T0, &err), -ERANGE);
	assert_int_equal(registry_contract_end(fixture->registry, id, T0 + 1000, &err), 0);
	assert_int_equal(registry_contract_end(fixture->registry, id, T0 + 1001, &err), -ERANGE);
	expect_words(&err, "longer");
	assert_int_equal(registry_contract_end(fixture->registry, id, T0 + 10, &err), 0);
	assert_int_equal(registry_contract_end(fixture->registry, 9, T0 + 10, &err), -ENOENT);
	expect_words(&err, "contract 9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(codes_without_dots_are_refused_with_a_word_about_bps),
		TEST(levels_follow_from_the_dots),
		TEST(a_desa_knows_what_it_lies_in),
		TEST(a_link_needs_a_known_desa_and_sane_values),
		TEST(links_are_found_by_region_and_provider),
		TEST(an_import_is_all_or_none_and_names_the_item),
		TEST(contracts_of_a_link_never_overlap),
		TEST(each_term_has_its_range),
		TEST(terms_come_back_as_they_were_entered),
		TEST(a_contract_can_be_ended_but_not_made_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
