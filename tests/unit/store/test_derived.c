/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is derived and kept against what all slots say: histories drawn from a seed (boots, gaps,
 * stops, gap records, conflicts, anchors that move everything, two agents), in any order, doubled,
 * in many batches, under contracts that come in between.
 *
 *	test_store_derived [SEEDS [FIRST]]
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/ledger/outage.h"
#include "collector/store/derived.h"
#include "tests/unit/store/fixture.h"

#define SEEDS 150
#define RECORDS_MAX 1200
#define PART_S (30 * 86400LL)

struct life { /* one seed */
	struct fixture *fixture;
	uint64_t seed, random;
	int64_t link, start_s;
	uint32_t agents[2];
	struct sent records[RECORDS_MAX];
	size_t count;
	int64_t ends_s;
};

static uint32_t draw(struct life *life, uint32_t below)
{
	life->random = life->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)((life->random >> 33) % below);
}

static void must(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%d: %s", result, err->text);
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

static void live_boot(struct life *life, struct boot_plan *boot)
{
	unsigned stretches = 1 + draw(life, 4);
	bool stays_unplaced = !draw(life, 12);

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

struct contracts {
	struct registry_contract items[16];
	size_t count;
};

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct contracts *contracts = arg;

	assert_true(contracts->count < 16);
	contracts->items[contracts->count++] = *contract;
	return 0;
}

static void sign_contract(struct life *life)
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

static struct contracts contracts_of(struct life *life)
{
	struct contracts contracts = {.count = 0};
	struct err err = {0};

	must(registry_contracts(
		     life->fixture->registry, life->link, add_contract, &contracts, &err),
		&err);
	return contracts;
}

static int64_t first_contract(const struct contracts *contracts)
{
	return contracts->count ? contracts->items[0].from_s : SPAN_FOREVER;
}

static void follow(struct life *life)
{
	struct contracts contracts = contracts_of(life);
	struct derived_link link = {life->link, first_contract(&contracts), NULL, 0};
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

/* ---- the comparison */

static void say_spans(FILE *out, const char *name, const struct spans *spans, const struct span *in)
{
	fprintf(out, "\n%s", name);
	for (size_t i = 0; i < spans->count; i++) {
		const struct span *span = &spans->items[i];
		if (span->to > in->from && span->from < in->to)
			fprintf(out, " %" PRId64 "-%" PRId64,
				span->from > in->from ? span->from : in->from,
				span->to < in->to ? span->to : in->to);
	}
}

static void say_outages(FILE *out, const struct states *states, const struct span *in)
{
	struct outage *outages;
	size_t count;

	assert_int_equal(outages_find(states, in->to, &outages, &count), 0);
	fprintf(out, "\noutages");
	for (size_t i = 0; i < count; i++) {
		const struct outage *outage = &outages[i];
		if (outage->to > in->from && outage->from < in->to)
			fprintf(out, " %" PRId64 "-%" PRId64 "(%" PRId64 "-%" PRId64 ")%d",
				outage->from, outage->to, outage->span_from, outage->span_to,
				(int)outage->cause);
	}
	free(outages);
}

static char *say(const struct states *states, const struct span *in)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		if (run->to <= in->from || run->from >= in->to)
			continue;
		fprintf(out, " %c%d:%" PRId64, "UDN"[run->state], run -> cause,
			run -> to < in -> to ? run -> to : in -> to);
	}
	say_spans(out, "high", &states->high_loss, in);
	say_spans(out, "charged", &states->charged, in);
	say_spans(out, "person", &states->power_person, in);
	say_outages(out, states, in);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void finish_work(struct life *life)
{
	struct ledger_writer *writer = life->fixture->writer;
	struct err err = {0};
	bool more = true;

	while (more) {
		must(ledger_begin(writer, &err), &err);
		must(derived_work(writer, life->link, &more, &err), &err);
		must(ledger_commit(writer, (struct seglog_pos){1, 1}, &err), &err);
	}
}

static void expect_text(const struct life *life, const struct derived_of *of,
	const struct span *span, const struct derived *found, const struct derived *all)
{
	char *expected = say(&all->states, span), *text = say(&found->states, span);

	if (strcmp(expected, text))
		fail_msg("seed %" PRIu64 ", [%" PRId64 ", %" PRId64 "), W %u B %u:\n%s\nfound:\n%s",
			life->seed, span->from, span->to, of->terms->window_s, of->terms->bridge_s,
			expected, text);
	assert_true(found->right.from <= span->from && found->right.to >= span->to);
	assert_true(found->first_s == all->first_s);
	free(expected);
	free(text);
}

static void expect_same(struct life *life, const struct derived_of *of, const struct span *span,
	const struct derived *all)
{
	struct ledger_db *db = ledger_writer_view(life->fixture->writer);
	struct derived found;
	struct err err = {0};
	int r = derived_states(db, of, span, &found, &err);

	if (r == -ENOENT) {
		finish_work(life);
		r = derived_states(db, of, span, &found, &err);
	}
	must(r, &err);
	expect_text(life, of, span, &found, all);
	states_done(&found.states);
	must(derived_from_slots(db, of, span, &found, &err), &err);
	expect_text(life, of, span, &found, all);
	states_done(&found.states);
}

/* Nothing left out, nothing kept. */
static struct derived from_all_slots(struct ledger_db *db, const struct derived_of *of)
{
	const struct ledger_span ever = {of->link, INT64_MIN, SPAN_FOREVER};
	struct derived all = {.first_s = SPAN_FOREVER};
	struct history history;
	struct line line;
	struct err err = {0};

	must(ledger_history_load(db, &ever, &history, &err), &err);
	assert_int_equal(line_build(&history, &line), 0);
	if (line.slot_count)
		all.first_s = line.slots[0].from;
	assert_int_equal(
		states_compute(&line, of->terms,
			all.first_s < of->contract_s ? all.first_s : of->contract_s, &all.states),
		0);
	line_done(&line);
	ledger_history_done(&history);
	return all;
}

static void compare_terms(struct life *life, const struct terms *terms, int64_t contract_s)
{
	struct ledger_db *db = ledger_writer_view(life->fixture->writer);
	const struct derived_of of = {life->link, contract_s, terms};
	const int64_t from = life->start_s - 90000, room = life->ends_s - from + 90000;
	struct derived all = from_all_slots(db, &of);
	for (unsigned i = 0; i < 6; i++) {
		struct span span = {from + draw(life, (uint32_t)room), 0};
		span.to = span.from + 1 + draw(life, i < 3 ? 5000 : (uint32_t)room);
		expect_same(life, &of, &span, &all);
	}
	states_done(&all.states);
}

static void compare(struct life *life)
{
	struct contracts contracts = contracts_of(life);
	int64_t contract_s = first_contract(&contracts);
	struct derived_line line;
	struct terms usual;
	struct err err = {0};

	if (derived_line(ledger_writer_view(life->fixture->writer), life->link, &line, &err) < 0)
		return;
	for (size_t i = 0; i < contracts.count; i++)
		compare_terms(life, &contracts.items[i].terms, contract_s);
	terms_init(&usual);
	if (!contracts.count || contracts.items[contracts.count - 1].to_s != SPAN_FOREVER)
		compare_terms(life, &usual, contract_s);
}

/* ---- the order of arrival */

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

static void arrive(struct life *life)
{
	size_t at = 0;

	while (at < life->count) {
		size_t count = 1 + draw(life, draw(life, 4) ? 12 : 200);
		if (count > life->count - at)
			count = life->count - at;
		fixture_take(life->fixture, life->records + at, count);
		if (!draw(life, 6)) /* some of it comes again */
			fixture_take(
				life->fixture, life->records + draw(life, (uint32_t)at + 1), 1);
		if (!draw(life, 8)) {
			sign_contract(life);
			follow(life);
		}
		if (!draw(life, 6))
			compare(life);
		at += count;
	}
	compare(life);
}

static struct fixture *fixture;

/* All that will come, in the order in which it will; a link for it. */
static struct life *prepare(uint64_t seed)
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
		sign_contract(life);
	fixture_take(fixture, NULL, 0);
	follow(life);
	live(life, life->agents[0]);
	if (life->agents[1])
		live(life, life->agents[1]);
	shuffle(life);
	return life;
}

static void live_through(uint64_t seed)
{
	struct life *life = prepare(seed);

	arrive(life);
	free(life);
}

static unsigned long first_seed = 1, seeds = SEEDS;

static void what_is_kept_is_what_all_slots_say(void **state)
{
	fixture = *state;
	for (unsigned long seed = first_seed; seed < first_seed + seeds; seed++) {
		live_through(seed);
		if (seed % 20 == 0) { /* each seed has its own link; a folder takes only so many */
			fixture_free(fixture);
			fixture = fixture_new();
		}
	}
	*state = fixture;
}

/* ---- killed */

#define KILLED_SEEDS 6
#define KILLS_MAX 40

static void let_go(struct life *life)
{
	ledger_writer_close(life->fixture->writer);
	life->fixture->writer = NULL;
}

static pid_t start(struct life *life)
{
	struct err err = {0};
	pid_t child = fork();

	assert_true(child >= 0);
	if (child)
		return child;
	/* what was open before the fork is the parent's alone */
	must(registry_open(life->fixture->state, REGISTRY_WRITE, "tester", &life->fixture->registry,
		     &err),
		&err);
	arrive(life);
	_exit(0);
}

/* Whatever was committed last, slots and what is derived from them are of one moment. */
static void expect_one_moment(struct life *life)
{
	fixture_take(life->fixture, NULL, 0);
	follow(life);
	compare(life);
	let_go(life);
}

static void killed_at_any_moment_both_are_of_one_moment(void **state)
{
	int status, kills = 0;

	fixture = *state;
	for (uint64_t seed = 1001; seed < 1001 + KILLED_SEEDS; seed++) {
		struct life *life = prepare(seed);
		bool done = false;
		let_go(life);
		for (unsigned i = 0; !done && i < KILLS_MAX; i++) {
			pid_t child = start(life);
			usleep(5000 + draw(life, 40000));
			kill(child, SIGKILL);
			assert_int_equal(waitpid(child, &status, 0), child);
			done = WIFEXITED(status);
			kills += !done;
			assert_true(!done || !WEXITSTATUS(status));
			expect_one_moment(life);
		}
		free(life);
	}
	assert_true(kills > KILLED_SEEDS);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_kept_is_what_all_slots_say, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(killed_at_any_moment_both_are_of_one_moment,
			fixture_setup, fixture_teardown),
	};

	if (argc > 1)
		seeds = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests_name("derived", tests, NULL, NULL);
}
