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
#include "tests/unit/store/life.h"

#define SEEDS 150

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
	struct contracts contracts = life_contracts(life);
	int64_t contract_s = life_first_contract(&contracts);
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
			life_sign(life);
			life_follow(life);
		}
		if (!draw(life, 6))
			compare(life);
		at += count;
	}
	compare(life);
}

static struct fixture *fixture;

static void live_through(uint64_t seed)
{
	struct life *life = life_new(fixture, seed);

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
#define LIVES_MAX 60 /* a quick machine ends many before their kill */
#define LEAST_US 500

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
	life_follow(life);
	compare(life);
	let_go(life);
}

/* A life is killed until it comes to its end; one that ended before a kill has the next ones killed
 * earlier. Returns the kills. */
static int kill_life(struct life *life, unsigned *most_us)
{
	bool done = false;
	int status, kills = 0;

	for (unsigned i = 0; !done && i < KILLS_MAX; i++) {
		pid_t child = start(life);
		usleep(draw(life, *most_us));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		done = WIFEXITED(status);
		assert_true(!done || !WEXITSTATUS(status));
		kills += !done;
		expect_one_moment(life);
	}
	if (!kills && *most_us > LEAST_US)
		*most_us /= 2;
	return kills;
}

static void killed_at_any_moment_both_are_of_one_moment(void **state)
{
	unsigned most_us = 45000;
	int kills = 0, lives = 0;

	fixture = *state;
	while (lives < KILLED_SEEDS || (kills <= KILLED_SEEDS && lives < LIVES_MAX)) {
		struct life *life = life_new(fixture, 1001 + (uint64_t)lives++);
		let_go(life);
		kills += kill_life(life, &most_us);
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
