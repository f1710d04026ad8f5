/* SPDX-License-Identifier: Apache-2.0 */
/* Samples from the journal to the link that they speak of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/ledger_sample.h"
#include "proto/codec.h"
#include "tests/unit/store/fixture.h"

#define HOUR_US (3600 * US_PER_S)

static int print_one(void *arg, const struct ledger_sample *sample)
{
	static struct record record;
	char *text = arg, *end = text + strlen(text);
	struct err err;

	if (sample->disputed)
		return 0; /* test_sample_twin.c */
	assert_int_equal(
		codec_record_decode(sample->record, sample->record_length, &record, &err), 0);
	end += sprintf(end, "%u@%d:", sample->agent, (int)(sample->at_us / US_PER_S - T0));
	switch (record.kind) {
	case RECORD_SPEED: sprintf(end, "%u ", record.speed.down.kbps); break;
	case RECORD_HTTP: sprintf(end, "%u ", record.http.status); break;
	default: sprintf(end, "%s ", record.observation.source);
	}
	return 0;
}

/* "agent@second:what " of each sample of the link in the first day that counts. */
static const char *samples(struct fixture *fixture, int64_t link, enum record_kind kind)
{
	static char text[1024];
	struct sample_query query = {{link, T0, T0 + 86400}, kind};
	struct ledger_db *db = NULL;
	struct err err = {0};

	text[0] = '\0';
	assert_int_equal(ledger_db_open(fixture->state, &db, &err), 0);
	assert_int_equal(ledger_samples(db, &query, print_one, text, &err), 0);
	ledger_db_close(db);
	return text;
}

static const char *speeds(struct fixture *fixture, int64_t link)
{
	return samples(fixture, link, RECORD_SPEED);
}

static bool has_any(struct fixture *fixture, enum record_kind kind)
{
	bool any;

	assert_int_equal(
		ledger_has_samples(ledger_writer_view(fixture->writer), kind, &any, NULL), 0);
	return any;
}

static void tests_are_placed_by_the_anchors_whenever_those_come(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_speed(KEY(agent, 1, 2), 1, 2 * HOUR_US, 19000),
		sent_speed(KEY(agent, 1, 1), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 3), 1, 30 * HOUR_US, 17000), /* the next day */
		sent_speed(KEY(agent, 1, 4), 1, 3 * HOUR_US, 0),
	};
	struct sent early = sent_anchor(KEY(agent, 1, 9), 1, 0, T0 * US_PER_S);
	struct sent late = sent_anchor(
		KEY(agent, 1, 10), 1, 90 * 60 * US_PER_S, T0 * US_PER_S + 91 * 60 * US_PER_S);

	assert_string_equal((fixture_take(fixture, NULL, 0), speeds(fixture, link)), "");
	assert_false(has_any(fixture, RECORD_SPEED));
	fixture_take(fixture, records, 4);
	assert_string_equal(speeds(fixture, link), "");
	fixture_take(fixture, &early, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7200:19000 1@10800:0 ");
	/* a better anchor moves what comes after it, and nothing else */
	fixture_take(fixture, &late, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7260:19000 1@10860:0 ");
	assert_true(has_any(fixture, RECORD_SPEED));
	assert_false(has_any(fixture, RECORD_HTTP));
}

static void a_doubled_one_counts_once_and_a_disputed_one_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_speed(KEY(agent, 1, 3), 1, 2 * HOUR_US, 20000),
	};
	struct sent other = sent_speed(KEY(agent, 1, 3), 1, 2 * HOUR_US, 99000);

	fixture_take(fixture, records, 4);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 1@7200:20000 ");
	fixture_take(fixture, &other, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 ");
}

static void the_newer_agent_speaks_from_its_beginning(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t old = fixture_agent(fixture, link, T0);
	uint32_t new = fixture_agent(fixture, link, T0 + 5400);
	struct sent records[] = {
		sent_anchor(KEY(old, 1, 1), 1, 0, T0 * US_PER_S),
		sent_anchor(KEY(new, 1, 1), 2, 0, T0 * US_PER_S),
		sent_speed(KEY(old, 1, 2), 1, HOUR_US, 1000),
		sent_speed(KEY(old, 1, 3), 1, 2 * HOUR_US, 2000),
		sent_speed(KEY(new, 1, 2), 2, HOUR_US, 3000),
		sent_speed(KEY(new, 1, 3), 2, 2 * HOUR_US, 4000),
	};

	fixture_take(fixture, records, 6);
	assert_string_equal(speeds(fixture, link), "1@3600:1000 2@7200:4000 ");
	assert_string_equal(speeds(fixture, link + 1), "");
}

static void each_kind_stands_by_itself(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom"), other, id;
	struct err err = {0};
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_http(KEY(agent, 1, 3), 1, HOUR_US, 200),
		sent_observation(KEY(agent, 1, 4), 1, HOUR_US, "modem"),
		sent_http(KEY(agent, 1, 5), 1, 2 * HOUR_US, 503),
		sent_http(KEY(agent, 1, 5), 1, 2 * HOUR_US, 503),
	};
	struct sent contrary = sent_http(KEY(agent, 1, 3), 1, HOUR_US, 404);
	struct sent replaced = sent_observation(KEY(agent, 1, 3), 1, HOUR_US, "ups");

	fixture_take(fixture, records, 6);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
	assert_string_equal(speeds(fixture, link), "1@3600:20000 ");
	assert_string_equal(samples(fixture, link, RECORD_HTTP), "1@3600:200 1@7200:503 ");
	assert_string_equal(samples(fixture, link, RECORD_OBSERVATION), "1@3600:modem ");
	fixture_take(fixture, &contrary, 1);
	assert_string_equal(samples(fixture, link, RECORD_HTTP), "1@7200:503 ");
	/* of another kind, under the same key */
	fixture_take(fixture, &replaced, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 2);
	assert_string_equal(samples(fixture, link, RECORD_HTTP), "1@7200:503 ");
	assert_string_equal(samples(fixture, link, RECORD_OBSERVATION), "1@3600:modem ");
	/* what the router said concerns each of its links, a page only its own WAN's */
	other = fixture_link(fixture, DESA, "Indosat");
	assert_int_equal(registry_agent_bind(fixture->registry,
				 &(struct registry_binding){.agent = agent,
					 .wan = "wan2",
					 .link = other,
					 .from_s = T0,
					 .to_s = SPAN_FOREVER},
				 &id, &err),
		0);
	fixture_take(fixture, NULL, 0);
	assert_string_equal(samples(fixture, other, RECORD_OBSERVATION), "1@3600:modem ");
	assert_string_equal(samples(fixture, other, RECORD_HTTP), "");
}

static bool forget_before(struct fixture *fixture, int64_t before_us)
{
	struct err err = {0};
	bool more;

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(samples_forget(fixture->writer, before_us, &more, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0, 0}, &err), 0);
	return more;
}

static void old_ones_go_but_for_those_that_figures_and_people_need(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
		sent_speed(KEY(agent, 1, 2), 1, HOUR_US, 20000),
		sent_http(KEY(agent, 1, 3), 1, HOUR_US, 200),
		sent_observation(KEY(agent, 1, 4), 1, HOUR_US, "modem"),
		sent_observation(KEY(agent, 1, 5), 1, HOUR_US, "commission"),
		sent_http(KEY(agent, 1, 6), 1, 2 * HOUR_US, 503),
	};

	for (size_t i = 0; i < 6; i++)
		records[i].received_us = (T0 + 3600) * US_PER_S + (int64_t)i;
	fixture_take(fixture, records, 6);
	assert_false(forget_before(fixture, (T0 + 3600) * US_PER_S));
	assert_string_equal(samples(fixture, link, RECORD_HTTP), "1@3600:200 1@7200:503 ");
	assert_false(forget_before(fixture, (T0 + 3600) * US_PER_S + 5));
	assert_string_equal(samples(fixture, link, RECORD_HTTP), "1@7200:503 ");
	assert_string_equal(samples(fixture, link, RECORD_OBSERVATION), "1@3600:commission ");
	assert_string_equal(speeds(fixture, link), "1@3600:20000 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tests_are_placed_by_the_anchors_whenever_those_come,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_doubled_one_counts_once_and_a_disputed_one_not_at_all, fixture_setup,
			fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_newer_agent_speaks_from_its_beginning, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			each_kind_stands_by_itself, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			old_ones_go_but_for_those_that_figures_and_people_need, fixture_setup,
			fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
