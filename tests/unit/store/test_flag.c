/* SPDX-License-Identifier: Apache-2.0 */
/* From records and sightings to flags and to the comparison of targets, in the ledger's tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/target_report.h"
#include "collector/store/ledger_flag.h"
#include "collector/store/served.h"
#include "proto/sighting.h"
#include "tests/unit/store/fixture.h"

#define DAY 86400
#define SLOT 60
#define BOOT 7
#define LATER (T0 + 2 * DAY)

static const struct address server = {4, {203, 0, 113, 7}};

struct plan { /* of one link's day */
	int64_t dead_from, dead_to; /* nothing could leave, as it says */
	int64_t held_from, held_to; /* what was ready then came at the end of it */
	uint32_t test_us, rest_us;
	unsigned rest_lost_each; /* of pairs, one in so many; 0: none */
};

static struct slot *make_slot(struct record *record, const struct plan *plan, int64_t at)
{
	struct slot *slot = &record->slot;
	bool dead = at >= plan->dead_from && at < plan->dead_to;

	*record = (struct record){.kind = RECORD_SLOT};
	*slot = (struct slot){.boot = {BOOT},
		.start_us = (uint64_t)at * 1000000,
		.length_ms = SLOT * 1000,
		.wan = "wan",
		.rounds_due = 6,
		.target_count = 2,
		.targets = {{CLASS_INTERNET, {4, {1, 1, 1, 1}}, 0}, {CLASS_INTERNET, server, 8620}},
		.facts = {.carrier = dead ? CARRIER_DOWN : CARRIER_UP}};
	for (unsigned round = 0; round < 6; round++)
		slot->probes[slot->probe_count++] = (struct probe){.offset_ms = round * 10000,
			.round = (uint16_t)round,
			.kind = PROBE_ICMP,
			.outcome = dead ? OUTCOME_REFUSED : OUTCOME_ANSWERED,
			.refusal = dead ? REFUSAL_CARRIER : REFUSAL_NONE,
			.rtt_us = dead ? 0 : plan->rest_us};
	return slot;
}

/* Beside the first question of a round, every ten minutes. */
static void ask_test_server(struct slot *slot, const struct plan *plan, int64_t at)
{
	if (at % 600 || slot->probes[0].outcome != OUTCOME_ANSWERED)
		return;
	if (plan->rest_lost_each && at / 600 % plan->rest_lost_each == 0)
		slot->probes[0] = (struct probe){.kind = PROBE_ICMP, .outcome = OUTCOME_LOST};
	memmove(slot->probes + 2, slot->probes + 1,
		(size_t)(slot->probe_count - 1) * sizeof(*slot->probes));
	slot->probes[1] = (struct probe){.kind = PROBE_STAMP,
		.target = 1,
		.outcome = OUTCOME_ANSWERED,
		.rtt_us = plan->test_us};
	slot->probe_count++;
}

static void live(struct fixture *fixture, uint32_t agent, const struct plan *plan)
{
	struct sent *sent = calloc(DAY / SLOT + 1, sizeof(*sent));
	struct record *record = malloc(sizeof(*record));
	size_t count = 0;

	sent[count++] = sent_anchor(KEY(agent, 1, 1), BOOT, 0, T0 * US_PER_S);
	sent[0].received_us = T0 * US_PER_S;
	for (int64_t at = 0; at < DAY; at += SLOT) {
		int64_t came = at + SLOT + 5;
		ask_test_server(make_slot(record, plan, at), plan, at);
		if (came >= plan->held_from && came < plan->held_to)
			came = plan->held_to;
		sent[count] = sent_record(KEY(agent, 1, (uint32_t)count + 1), record);
		sent[count++].received_us = (T0 + came) * US_PER_S;
	}
	fixture_take(fixture, sent, count);
	free(record);
	free(sent);
}

/* What the collector's kernel says, every ten minutes. */
static void see(struct fixture *fixture, uint32_t agent, uint32_t min_rtt_us)
{
	const struct sighting sighting = {.own = server, .min_rtt_us = min_rtt_us};
	uint8_t bytes[SIGHTING_BYTES_MAX];
	struct journal_record journal = {.agent = agent,
		.sighted = true,
		.wan = "wan",
		.record = bytes,
		.record_length = sighting_encode(&sighting, bytes)};
	struct err err = {0};

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	for (int64_t at = 0; at < DAY; at += 600) {
		journal.received_utc_us = (T0 + at) * US_PER_S;
		assert_int_equal(ledger_take(fixture->writer, &journal, false, &err), 0);
		/* read a second time it counts once */
		assert_int_equal(ledger_take(fixture->writer, &journal, true, &err), 0);
	}
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	assert_int_equal(
		ledger_commit(fixture->writer, (struct seglog_pos){.segment = 0}, &err), 0);
}

struct village {
	struct fixture *fixture;
	int64_t links[40];
	size_t count;
};

static size_t neighbours(void *arg, const struct registry_link *of, int64_t *ret_links)
{
	const struct village *village = arg;
	size_t found = 0;

	for (size_t i = 0; i < village->count && found < FLAG_NEIGHBOURS; i++) {
		if (village->links[i] != of->id)
			ret_links[found++] = village->links[i];
	}
	return found;
}

static int64_t settle_link(
	struct village *village, const char *provider, const struct plan *plan, uint32_t min_rtt_us)
{
	struct fixture *fixture = village->fixture;
	int64_t link = fixture_link(fixture, DESA, provider);
	uint32_t agent;

	fixture_contract(fixture, link, T0 - DAY, SPAN_FOREVER);
	agent = fixture_agent(fixture, link, T0 - DAY);
	live(fixture, agent, plan);
	if (min_rtt_us)
		see(fixture, agent, min_rtt_us);
	village->links[village->count++] = link;
	return link;
}

static void look(struct village *village)
{
	struct fixture *fixture = village->fixture;
	struct err err = {0};

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	for (size_t i = 0; i < village->count; i++) {
		struct registry_link link;
		const struct flag_subject subject = {&link, neighbours, village, fixture->state};
		assert_int_equal(
			registry_link_get(fixture->registry, village->links[i], &link, &err), 0);
		assert_int_equal(flags_keep(fixture->writer, &subject, LATER, &err), 0);
	}
	assert_int_equal(
		ledger_commit(fixture->writer, (struct seglog_pos){.segment = 0}, &err), 0);
}

struct found {
	struct ledger_flag items[8];
	size_t count;
};

static int see_flag(void *arg, const struct ledger_flag *flag)
{
	struct found *found = arg;

	assert_true(found->count < 8);
	found->items[found->count++] = *flag;
	return 0;
}

static struct found flags_of(struct village *village, int64_t link)
{
	const struct ledger_span all = {link, T0 - DAY, LATER};
	struct found found = {.count = 0};
	struct err err = {0};

	assert_int_equal(ledger_flags(ledger_writer_view(village->fixture->writer), &all, see_flag,
				 &found, &err),
		0);
	return found;
}

static void cheats_are_flagged_and_others_are_not(void **state)
{
	static const struct plan
		honest = {.test_us = 520000, .rest_us = 540000},
		down = {.dead_from = 36000, .dead_to = 43200, .test_us = 520000, .rest_us = 540000},
		up = {.held_from = 36000, .held_to = 43200, .test_us = 520000, .rest_us = 540000},
		fast = {.test_us = 20000, .rest_us = 540000};
	struct village village = {.fixture = *state};
	int64_t links[4];
	struct found found;

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
			flags_of(&village, settle_link(&village, "Satu", &honest, 510000)).count,
			0);
	links[0] = settle_link(&village, "Satu", &down, 510000);
	links[1] = settle_link(&village, "Satu", &up, 510000);
	links[2] = settle_link(&village, "Satu", &fast, 510000);
	look(&village);
	found = flags_of(&village, 0);
	assert_int_equal(found.count, 3);
	assert_int_equal(found.items[0].link, links[0]);
	assert_int_equal(found.items[0].flag.kind, FLAG_DOWN_HEARD);
	assert_int_equal(found.items[0].flag.from_s, T0 + 36000);
	assert_int_equal(found.items[0].flag.said, 7200);
	assert_true(found.items[0].flag.seen > 100);
	assert_int_equal(found.items[1].link, links[1]);
	assert_int_equal(found.items[1].flag.kind, FLAG_UP_UNSEEN);
	assert_true(found.items[1].flag.said > 7000);
	assert_int_equal(found.items[1].flag.count, 6);
	assert_int_equal(found.items[1].flag.seen, 6);
	assert_int_equal(found.items[2].link, links[2]);
	assert_int_equal(found.items[2].flag.kind, FLAG_RTT_LOW);
	assert_int_equal(found.items[2].flag.said, 20000);
	assert_int_equal(found.items[2].flag.seen, 510000);
	/* looked at again it says the same, and nothing twice */
	look(&village);
	assert_int_equal(flags_of(&village, 0).count, 3);
}

/* An endpoint that sent 600,000 bytes, and what the agent made of it. */
static void test_speed_at(struct fixture *fixture, uint32_t agent, int64_t at, uint64_t nonce)
{
	const struct served served = {nonce, true, T0 + at + 2, 600000};
	struct record record = {.kind = RECORD_SPEED,
		.speed = {.boot = {BOOT},
			.start_us = (uint64_t)at * 1000000,
			.wan = "wan",
			.outcome = SPEED_DONE,
			.server = "http://127.0.0.1/speed/v1",
			.down = {.kbps = 40000,
				.bytes = 5600000,
				.duration_ms = 1200,
				.nonce = nonce}}};
	struct sent sent = sent_record(KEY(agent, 1, 50000 + (uint32_t)nonce), &record);
	struct err err = {0};
	size_t put;

	sent.received_us = (T0 + at + 60) * US_PER_S;
	fixture_take(fixture, &sent, 1);
	assert_int_equal(served_put(fixture->state, &served, 1, &put, &err), 0);
}

static void a_flag_outlives_the_note_that_it_is_made_of(void **state)
{
	static const struct plan honest = {.test_us = 520000, .rest_us = 540000};
	struct village village = {.fixture = *state};
	int64_t link = settle_link(&village, "Satu", &honest, 0);
	struct sent better;
	struct found found;
	char command[128];

	test_speed_at(village.fixture, 1, 36000, 1);
	test_speed_at(village.fixture, 1, 39600, 2);
	look(&village);
	found = flags_of(&village, link);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].flag.kind, FLAG_SPEED_UNSERVED);
	assert_int_equal(found.items[0].flag.from_s, T0 + 36000);
	assert_int_equal(found.items[0].flag.seen, 600000);

	/* another server's disk, and a late anchor by which all lies three seconds later */
	snprintf(command, sizeof(command), "rm -rf '%s/speed'", village.fixture->state);
	assert_int_equal(system(command), 0);
	better = sent_anchor(KEY(1, 1, 60000), BOOT, 60 * US_PER_S, (T0 + 63) * US_PER_S);
	fixture_take(village.fixture, &better, 1);
	look(&village);
	found = flags_of(&village, link);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].flag.from_s, T0 + 36003);
	assert_int_equal(found.items[1].flag.from_s, T0 + 39603);
	assert_int_equal(found.items[1].flag.said, 5600000);
	assert_int_equal(found.items[1].flag.seen, 600000);
	assert_int_equal(found.items[1].flag.count, 40000);

	/* and one that has no note raises none */
	test_speed_at(village.fixture, 1, 43200, 3);
	assert_int_equal(system(command), 0);
	look(&village);
	assert_int_equal(flags_of(&village, link).count, 2);
}

static void provider_that_is_silent_as_a_whole_accuses_no_link(void **state)
{
	static const struct plan held = {
		.held_from = 36000, .held_to = 43200, .test_us = 20000, .rest_us = 30000};
	struct village village = {.fixture = *state};

	for (size_t i = 0; i < 6; i++)
		settle_link(&village, "Satu", &held, 0);
	look(&village);
	assert_int_equal(flags_of(&village, 0).count, 0);
}

/* ---- targets */

static struct targets compare(struct village *village)
{
	const struct targets_query query = {.from_s = T0 - DAY, .to_s = LATER};
	struct targets targets;
	struct err err = {0};

	assert_int_equal(
		targets_gather(village->fixture->registry,
			ledger_writer_view(village->fixture->writer), &query, &targets, &err),
		0);
	return targets;
}

static void provider_that_treats_the_test_server_better_is_named(void **state)
{
	struct village village = {.fixture = *state};
	struct targets targets;

	for (uint32_t i = 0; i < 10; i++) {
		const struct plan plain = {
			.test_us = 40000 + i * 1000, .rest_us = 50000 + i * 1000};
		const struct plan shaped = {.test_us = 20000 + i * 1000,
			.rest_us = 90000 + i * 1100,
			.rest_lost_each = 4};

		settle_link(&village, "Jujur", &plain, 0);
		settle_link(&village, "Lancang", &shaped, 0);
		settle_link(&village, "Terang", &plain, 0);
	}
	look(&village);
	targets = compare(&village);
	assert_int_equal(targets.count, 3);
	for (size_t i = 0; i < 3; i++) {
		bool shaped = i == 1;
		assert_int_equal(targets.items[i].loss.own, 10);
		assert_int_equal(targets.items[i].pairs, 1440);
		assert_int_equal(targets.items[i].loss_named, shaped);
		assert_int_equal(targets.items[i].rtt_named, shaped);
	}
	assert_string_equal(targets.items[1].provider, "Lancang");
	assert_int_equal(targets.items[1].only_test, 360);
	assert_int_equal(targets.items[1].only_rest, 0);
	assert_true(targets.items[1].rtt_gain_us > 70000);
	assert_int_equal(targets.items[1].others_rtt_gain_us, 10000);
	targets_done(&targets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			cheats_are_flagged_and_others_are_not, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(provider_that_is_silent_as_a_whole_accuses_no_link,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_flag_outlives_the_note_that_it_is_made_of,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			provider_that_treats_the_test_server_better_is_named, fixture_setup,
			fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
