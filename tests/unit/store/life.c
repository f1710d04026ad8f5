/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/derived.h"

#define PART_S (30 * 86400LL)

uint32_t draw(struct life *life, uint32_t below)
{
	life->random = life->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)((life->random >> 33) % below);
}

/* ---- a history */

static void add(struct life *life, struct sent sent)
{
	if (life->count < RECORDS_MAX)
		life->records[life->count++] = sent;
}

struct boot_plan {
	uint32_t agent, run, sequence;
	uint8_t id;
	int64_t booted_s;
	uint64_t at_us; /* monotonic */
};

static void add_slots(struct life *life, struct boot_plan *boot, unsigned count)
{
	unsigned mood = draw(life, 4);

	for (unsigned i = 0; i < count; i++) {
		static const unsigned losses[] = {0, 0, 6, 3};
		struct slot_plan plan = {
			.boot = boot->id,
			.start_us = boot->at_us,
			.length_ms = draw(life, 12) ? 60000 : 20000,
			.lost = draw(life, 8) ? losses[mood] : draw(life, 7),
			.rtt_us = 10000 + draw(life, 90000),
		};
		struct sent_key key = KEY(boot->agent, boot->run, boot->sequence++);
		add(life, sent_slot(key, plan));
		if (!draw(life, 60)) { /* another content under the same key */
			plan.rtt_us++;
			add(life, sent_slot(key, plan));
		}
		boot->at_us += plan.length_ms * 1000ULL;
	}
}

static void add_hole(struct life *life, struct boot_plan *boot)
{
	static const uint32_t longest_s[] = {100, 300, 2000, 20000, 40 * 86400};
	uint64_t from_us = boot->at_us;
	uint32_t lost = 1 + draw(life, 3);

	boot->at_us += (uint64_t)draw(life, longest_s[draw(life, draw(life, 9) ? 4 : 5)]) *
		US_PER_S;
	if (draw(life, 3))
		return;
	add(life,
		sent_dropped(KEY(boot->agent, boot->run, boot->sequence), boot->id,
			boot->sequence + lost - 1, from_us, boot->at_us));
	boot->sequence += lost;
}

static void add_anchor(struct life *life, const struct boot_plan *boot, uint32_t *sequence)
{
	int64_t late_us = draw(life, 4) ? 0 : draw(life, 400) * US_PER_S;
	uint64_t at_us = draw(life, 2) ? 0 : boot->at_us;

	add(life,
		sent_anchor(KEY(boot->agent, boot->run, (*sequence)++), boot->id, at_us,
			boot->booted_s * US_PER_S + (int64_t)at_us + late_us));
}

/* Now and then with another content under the same key. */
static void add_start(struct life *life, struct boot_plan *boot)
{
	struct sent_key key = KEY(boot->agent, boot->run, boot->sequence++);
	uint64_t at_us = draw(life, 2) ? boot->at_us : 0;

	add(life, sent_start(key, boot->id, at_us, draw(life, RESET_COUNT)));
	if (!draw(life, 6))
		add(life, sent_start(key, boot->id, at_us, draw(life, RESET_COUNT)));
}

static void live_boot(struct life *life, struct boot_plan *boot)
{
	unsigned stretches = 1 + draw(life, 4);
	bool stays_unplaced = !draw(life, 12);

	if (draw(life, 4))
		add_start(life, boot);
	for (unsigned i = 0; i < stretches; i++) {
		if (!stays_unplaced && (!i || !draw(life, 2)))
			add_anchor(life, boot, &boot->sequence);
		add_slots(life, boot, 1 + draw(life, 30));
		if (draw(life, 2))
			add_hole(life, boot);
	}
	if (!draw(life, 3))
		add(life,
			sent_stop(KEY(boot->agent, boot->run, boot->sequence++), boot->id,
				boot->at_us));
}

static void live(struct life *life, uint32_t agent)
{
	struct boot_plan boot = {.agent = agent, .booted_s = life->start_s + draw(life, 7200)};
	unsigned boots = 1 + draw(life, 4);

	for (unsigned i = 0; i < boots; i++) {
		boot.id = (uint8_t)(boot.run + 1);
		boot.run++;
		boot.sequence = 1;
		boot.at_us = draw(life, 60) * US_PER_S;
		live_boot(life, &boot);
		boot.booted_s += (int64_t)(boot.at_us / US_PER_S) + draw(life, 900);
	}
	if (boot.booted_s > life->ends_s)
		life->ends_s = boot.booted_s;
}

/* ---- contracts */

static struct terms draw_terms(struct life *life)
{
	static const uint32_t windows[] = {60, 300, 300, 900, 86400};
	static const uint32_t bridges[] = {120, 120, 0, 59, 600, 3600};
	struct terms terms;

	terms_init(&terms);
	terms.target_ppm = 995000;
	terms.fee_rupiah = 1200000;
	terms.formula = FORMULA_EXCESS;
	terms.window_s = windows[draw(life, 5)];
	terms.bridge_s = bridges[draw(life, 6)];
	terms.loss_threshold_ppm = draw(life, 2) ? 500000 : 100000;
	if (!draw(life, 3))
		terms.uncharged |= 1u << DOWN_PROVIDER;
	return terms;
}

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct contracts *contracts = arg;

	assert_true(contracts->count < CONTRACTS_MAX);
	contracts->items[contracts->count++] = *contract;
	return 0;
}

void life_sign(struct life *life)
{
	struct registry_contract contract = {
		.link = life->link, .kbps_down = 20000, .kbps_up = 5000, .terms = draw_terms(life)};
	struct err err = {0};
	int64_t id;

	contract.from_s = life->start_s - 40000 + draw(life, 60000);
	contract.to_s = contract.from_s + 1000 + draw(life, 40000);
	if (!draw(life, 4))
		contract.to_s = SPAN_FOREVER;
	/* it may overlap another one: then there is none */
	(void)registry_contract_add(life->fixture->registry, &contract, &id, &err);
}

struct contracts life_contracts(struct life *life)
{
	struct contracts contracts = {.count = 0};
	struct err err = {0};

	must(registry_contracts(
		     life->fixture->registry, life->link, add_contract, &contracts, &err),
		&err);
	return contracts;
}

int64_t life_first_contract(const struct contracts *contracts)
{
	return contracts->count ? contracts->items[0].from_s : SPAN_FOREVER;
}

void life_follow(struct life *life)
{
	struct contracts contracts = life_contracts(life);
	struct derived_link link = {life->link, life_first_contract(&contracts), NULL, 0};
	struct ledger_writer *writer = life->fixture->writer;
	struct terms *rules;
	struct err err = {0};

	must(derived_rules_of(contracts.items, contracts.count, &rules, &link.rule_count), &err);
	link.rules = rules;
	must(ledger_begin(writer, &err), &err);
	must(derived_follow(writer, &link, &err), &err);
	must(ledger_settle(writer, &err), &err);
	must(ledger_commit(writer, (struct seglog_pos){1, 1}, &err), &err);
	free(rules);
}

static void shuffle(struct life *life)
{
	unsigned disorder = draw(life, 3);

	if (!disorder)
		return;
	for (size_t i = life->count - 1; i > 0; i--) {
		size_t reach = disorder == 1 && i > 40 ? 40 : i;
		size_t other = i - draw(life, (uint32_t)reach + 1);
		struct sent swap = life->records[i];
		life->records[i] = life->records[other];
		life->records[other] = swap;
	}
}

struct life *life_new(struct fixture *fixture, uint64_t seed)
{
	struct life *life = calloc(1, sizeof(*life));

	assert_non_null(life);
	life->fixture = fixture;
	life->seed = seed;
	life->random = seed * 0x9e3779b97f4a7c15ULL;
	/* around the edge of a part that is kept in one row */
	life->start_s = (T0 / PART_S) * PART_S - 3600 * (int64_t)draw(life, 6);
	life->ends_s = life->start_s;
	life->link = fixture_link(fixture, DESA, "Telkom");
	life->agents[0] = fixture_agent(fixture, life->link, life->start_s - 100000);
	if (!draw(life, 3))
		life->agents[1] = fixture_agent(
			fixture, life->link, life->start_s + draw(life, 9000));
	if (draw(life, 2))
		life_sign(life);
	fixture_take(fixture, NULL, 0);
	life_follow(life);
	live(life, life->agents[0]);
	if (life->agents[1])
		live(life, life->agents[1]);
	shuffle(life);
	return life;
}
