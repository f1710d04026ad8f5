/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of an identity that two devices bore: kept apart until people choose one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/ledger_sample.h"
#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_witness.h"
#include "proto/codec.h"
#include "tests/unit/store/fixture.h"

#define FIRST 5 /* boots */
#define SECOND 6
#define SECOND_S 600 /* it boots so long after the first one */
#define FIRST_WINS "05000000000000000000000000000000"
#define SECOND_WINS "06000000000000000000000000000000"
#define NOBODY_WINS ""

static int print_one(void *arg, const struct ledger_sample *sample)
{
	static struct record record;
	char *text = arg, *end = text + strlen(text);
	struct err err;

	assert_int_equal(
		codec_record_decode(sample->record, sample->record_length, &record, &err), 0);
	sprintf(end, "%s%d:%u ", sample->disputed ? "?" : "", (int)(sample->at_us / US_PER_S - T0),
		record.kind == RECORD_SPEED ? record.speed.down.kbps : record.http.status);
	return 0;
}

/* Of the first so many seconds. */
static const char *samples_until(
	struct fixture *fixture, int64_t link, enum record_kind kind, int64_t second)
{
	static char text[1024];
	struct sample_query query = {{link, T0, T0 + second}, kind};
	struct err err = {0};

	text[0] = '\0';
	assert_int_equal(
		ledger_samples(ledger_writer_view(fixture->writer), &query, print_one, text, &err),
		0);
	return text;
}

/* "second:what ", with a question mark where nobody knows whether it counts. */
static const char *samples(struct fixture *fixture, int64_t link, enum record_kind kind)
{
	return samples_until(fixture, link, kind, 86400);
}

static void settle(struct fixture *fixture, uint32_t agent, const char *accept)
{
	struct registry_settlement item = {.agent = agent,
		.from_s = T0 + SECOND_S,
		.to_s = T0 + 4000,
		.by = "Budi",
		.note = "kembar"};
	struct err err = {0};

	snprintf(item.accept, sizeof(item.accept), "%s", accept);
	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(ledger_follow_settlements(fixture->writer, &item, 1, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){1, 0}, &err), 0);
}

/* The collector told it the time then. */
static struct sent told_at(struct sent_key key, uint8_t boot, int64_t booted_s, int64_t at_s)
{
	struct record record = {.kind = RECORD_ANCHOR,
		.anchor = {.boot = {boot},
			.mono_us = (uint64_t)((at_s - booted_s) * US_PER_S),
			.utc_us = (T0 + at_s) * US_PER_S,
			.error_us = 1000,
			.source = ANCHOR_COLLECTOR}};
	struct sent sent = sent_record(key, &record);

	sent.received_us = record.anchor.utc_us;
	return sent;
}

#define MONO(second) ((uint64_t)((second)*US_PER_S))

struct town {
	struct fixture *fixture;
	int64_t link;
	uint32_t agent;
};

/* Both are heard between 600 and 3600, in runs `run` and `second_run`. */
static struct town town_of(void **state, uint32_t run, uint32_t second_run)
{
	struct town town = {.fixture = *state};

	town.link = fixture_link(town.fixture, DESA, "Telkom");
	town.agent = fixture_agent(town.fixture, town.link, T0);
	struct sent lives[] = {
		told_at(KEY(town.agent, run, 1), FIRST, 0, 1),
		told_at(KEY(town.agent, run, 2), FIRST, 0, 7200),
		told_at(KEY(town.agent, second_run, 91), SECOND, SECOND_S, SECOND_S + 1),
		told_at(KEY(town.agent, second_run, 92), SECOND, SECOND_S, 3600),
	};
	fixture_take(town.fixture, lives, 4);
	assert_int_equal(fixture_counts(town.fixture).clones, 1);
	return town;
}

static void all_are_doubted_until_somebody_decides(void **state)
{
	struct town town = town_of(state, 12, 13);
	struct sent records[] = {
		sent_speed(KEY(town.agent, 12, 3), FIRST, MONO(300), 20000),
		sent_speed(KEY(town.agent, 12, 4), FIRST, MONO(1800), 19000),
		sent_speed(KEY(town.agent, 12, 5), FIRST, MONO(5400), 18000),
		sent_speed(KEY(town.agent, 13, 93), SECOND, MONO(2400 - SECOND_S), 4000),
		sent_http(KEY(town.agent, 12, 6), FIRST, MONO(1900), 200),
		sent_http(KEY(town.agent, 13, 94), SECOND, MONO(2500 - SECOND_S), 503),
	};

	fixture_take(town.fixture, records, 6);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED),
		"300:20000 ?1800:19000 ?2400:4000 ?5400:18000 ");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "?1900:200 ?2500:503 ");

	settle(town.fixture, town.agent, FIRST_WINS);
	assert_string_equal(
		samples(town.fixture, town.link, RECORD_SPEED), "300:20000 1800:19000 5400:18000 ");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "1900:200 ");
	settle(town.fixture, town.agent, SECOND_WINS);
	assert_string_equal(
		samples(town.fixture, town.link, RECORD_SPEED), "300:20000 2400:4000 5400:18000 ");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "2500:503 ");
	settle(town.fixture, town.agent, NOBODY_WINS);
	/* somebody has decided: nothing is open any more */
	assert_string_equal(
		samples(town.fixture, town.link, RECORD_SPEED), "300:20000 5400:18000 ");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "");
}

static void two_contents_of_one_key_whichever_stands(void **state)
{
	struct town town = town_of(state, 12, 12);
	struct sent records[] = {
		sent_speed(KEY(town.agent, 12, 3), FIRST, MONO(1800), 19000),
		sent_speed(KEY(town.agent, 12, 3), SECOND, MONO(2400 - SECOND_S), 4000),
		/* the other way round, so that of each pair another one stands */
		sent_speed(KEY(town.agent, 12, 4), SECOND, MONO(3000 - SECOND_S), 5000),
		sent_speed(KEY(town.agent, 12, 4), FIRST, MONO(2700), 18000),
		sent_speed(KEY(town.agent, 12, 5), FIRST, MONO(2800), 17000),
		sent_speed(KEY(town.agent, 12, 5), SECOND, MONO(3100 - SECOND_S), 6000),
	};
	const char *doubted;

	fixture_take(town.fixture, records, 6);
	doubted = samples(town.fixture, town.link, RECORD_SPEED);
	assert_int_equal(strspn(doubted, "?"), 1);
	assert_null(strstr(doubted, " 1")); /* none without its question mark */
	settle(town.fixture, town.agent, FIRST_WINS);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED),
		"1800:19000 2700:18000 2800:17000 ");
	settle(town.fixture, town.agent, SECOND_WINS);
	assert_string_equal(
		samples(town.fixture, town.link, RECORD_SPEED), "2400:4000 3000:5000 3100:6000 ");
	settle(town.fixture, town.agent, NOBODY_WINS);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED), "");
}

/* An older backup on another router: lives that follow one another, numbers used twice. */
static struct town heirs_of(void **state)
{
	struct town town = {.fixture = *state};

	town.link = fixture_link(town.fixture, DESA, "Telkom");
	town.agent = fixture_agent(town.fixture, town.link, T0);
	struct sent lives[] = {
		told_at(KEY(town.agent, 12, 1), FIRST, 0, 1),
		told_at(KEY(town.agent, 12, 91), SECOND, 2000, 2001),
	};
	fixture_take(town.fixture, lives, 2);
	return town;
}

static void a_number_that_told_of_two_kinds_is_the_chosen_devices(void **state)
{
	enum { PAIRS = 8 }; /* so that of some the one stands, of some the other */
	struct town town = heirs_of(state);
	struct sent records[2 * PAIRS];

	for (uint32_t i = 0; i < PAIRS; i++) {
		const struct sent_key key = KEY(town.agent, 12, 10 + i);

		records[2 * i] = sent_speed(key, FIRST, MONO(700 + i), 19000 + i);
		records[2 * i + 1] = sent_http(key, SECOND, MONO(500 + i), 200);
	}
	fixture_take(town.fixture, records, 2 * PAIRS);
	assert_int_equal(fixture_counts(town.fixture).clones, 0);
	assert_int_equal(fixture_counts(town.fixture).conflicts, PAIRS);
	settle(town.fixture, town.agent, FIRST_WINS);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED),
		"700:19000 701:19001 702:19002 703:19003 704:19004 705:19005 706:19006 707:19007 ");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "");
	settle(town.fixture, town.agent, SECOND_WINS);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED), "");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP),
		"2500:200 2501:200 2502:200 2503:200 2504:200 2505:200 2506:200 2507:200 ");
	settle(town.fixture, town.agent, NOBODY_WINS);
	assert_string_equal(samples(town.fixture, town.link, RECORD_SPEED), "");
	assert_string_equal(samples(town.fixture, town.link, RECORD_HTTP), "");
}

static void a_number_told_at_two_times_is_the_chosen_devices(void **state)
{
	enum { PAIRS = 4 };
	struct town town = heirs_of(state);
	struct sent records[2 * PAIRS];

	for (uint32_t i = 0; i < PAIRS; i++) {
		const struct sent_key key = KEY(town.agent, 12, 10 + i);

		records[2 * i] = sent_speed(key, FIRST, MONO(700 + i), 19000 + i);
		records[2 * i + 1] = sent_speed(key, SECOND, MONO(500 + i), 4000 + i);
	}
	fixture_take(town.fixture, records, 2 * PAIRS);
	settle(town.fixture, town.agent, SECOND_WINS);
	/* those that count in their stead lie beyond what is asked for */
	assert_string_equal(samples_until(town.fixture, town.link, RECORD_SPEED, 1000), "");
	settle(town.fixture, town.agent, FIRST_WINS);
	assert_string_equal(samples_until(town.fixture, town.link, RECORD_SPEED, 1000),
		"700:19000 701:19001 702:19002 703:19003 ");
}

/* Of two kinds: neither list knows of the other. */
static void two_kinds_of_the_chosen_device_stay_doubted(void **state)
{
	struct town town = heirs_of(state);
	struct sent records[] = {
		sent_speed(KEY(town.agent, 12, 3), FIRST, MONO(700), 19000),
		sent_http(KEY(town.agent, 12, 3), FIRST, MONO(800), 200),
		sent_speed(KEY(town.agent, 12, 4), FIRST, MONO(900), 17000),
		sent_speed(KEY(town.agent, 12, 4), FIRST, MONO(900), 7000),
		sent_speed(KEY(town.agent, 12, 4), SECOND, MONO(600), 4000),
		sent_speed(KEY(town.agent, 12, 5), FIRST, MONO(950), 16000),
		sent_speed(KEY(town.agent, 12, 5), SECOND, MONO(610), 5000),
	};
	const char *text;

	fixture_take(town.fixture, records, 7);
	settle(town.fixture, town.agent, FIRST_WINS);
	text = samples(town.fixture, town.link, RECORD_SPEED);
	assert_null(strstr(text, " 700:"));
	assert_int_not_equal(strncmp(text, "700:", 4), 0);
	assert_non_null(strstr(text, "?900:"));
	assert_null(strstr(text, "2600:"));
	assert_non_null(strstr(text, " 950:16000 "));
	assert_null(strstr(samples(town.fixture, town.link, RECORD_HTTP), " 800:"));
	assert_int_not_equal(strncmp(samples(town.fixture, town.link, RECORD_HTTP), "800:", 4), 0);
}

/* Whom people believe has said two things: which of them it meant, they have not decided. */
static void one_that_the_chosen_device_told_in_two_ways_stays_doubted(void **state)
{
	struct town town = town_of(state, 12, 13);
	struct sent records[] = {
		sent_speed(KEY(town.agent, 12, 3), FIRST, MONO(1800), 19000),
		sent_speed(KEY(town.agent, 12, 3), FIRST, MONO(1800), 9000),
		sent_speed(KEY(town.agent, 12, 4), FIRST, MONO(2000), 17000),
	};
	const char *text;

	fixture_take(town.fixture, records, 3);
	settle(town.fixture, town.agent, FIRST_WINS);
	text = samples(town.fixture, town.link, RECORD_SPEED);
	assert_memory_equal(text, "?1800:", 6);
	assert_non_null(strstr(text, " 2000:17000 "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_are_doubted_until_somebody_decides),
		TEST(two_contents_of_one_key_whichever_stands),
		TEST(a_number_that_told_of_two_kinds_is_the_chosen_devices),
		TEST(a_number_told_at_two_times_is_the_chosen_devices),
		TEST(two_kinds_of_the_chosen_device_stay_doubted),
		TEST(one_that_the_chosen_device_told_in_two_ways_stays_doubted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
