/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs simulated months: months [--seeds N] [--from SEED] [--seed SEED] [--verbose]; or the table
 * of causes: months --causes N. --journal writes what arrived as the journal of an agent, for the
 * real ledger, and says how many seconds the month has of each state, and what outages there were
 * that nothing else disturbed. The same seed is the same month on every machine.
 * PANTAU_SIM_MONTHS gives the number where no --seeds does.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/month/causes.h"
#include "tests/sim/month/judge.h"
#include "tests/sim/month/month.h"

#define SEEDS_DEFAULT 12
#define CALM_US (20 * STORY_MINUTE)

struct options {
	uint64_t from, seeds, causes;
	const char *journal;
	uint64_t agent;
	bool verbose;
};

static void usage(void)
{
	fprintf(stderr,
		"usage: months [--seeds N] [--from SEED] [--seed SEED] [--verbose] [--causes N]\n"
		"              [--journal FOLDER --agent N]\n");
	exit(2);
}

static uint64_t number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (end == text || *end)
		usage();
	return value;
}

static struct options read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"from", required_argument, NULL, 'f'},
		{"seed", required_argument, NULL, 's'},
		{"causes", required_argument, NULL, 'c'},
		{"journal", required_argument, NULL, 'j'},
		{"agent", required_argument, NULL, 'a'},
		{"verbose", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *wanted = getenv("PANTAU_SIM_MONTHS");
	struct options options = {
		.from = 1, .seeds = wanted ? number(wanted) : SEEDS_DEFAULT, .agent = 1};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'n': options.seeds = number(optarg); break;
		case 'f': options.from = number(optarg); break;
		case 's':
			options.from = number(optarg);
			options.seeds = 1;
			break;
		case 'c': options.causes = number(optarg); break;
		case 'j': options.journal = optarg; break;
		case 'a': options.agent = number(optarg); break;
		case 'v': options.verbose = true; break;
		default: usage();
		}
	}
	if (optind != argc)
		usage();
	return options;
}

static void print_place(const struct place *place)
{
	printf("rounds of %u s, slots of %u s, near %u s\n", place->round_s, place->slot_s,
		place->near_s);
	printf("%s, drift %d ppm, %u permille lost, %u us, %s neighbours, gateway %s\n",
		place->has_ntp ? "NTP" : "no NTP", place->drift_ppm, place->loss_permille,
		place->rtt_us, place->has_neighbours ? "with" : "without",
		place->is_gateway_mute ? "mute" : "answers");
	printf("edge %s, provider %s, resets %s\n",
		!place->has_edge              ? "unknown"
			: place->is_edge_mute ? "mute"
					      : "answers",
		!place->has_provider              ? "unknown"
			: place->is_provider_mute ? "mute"
						  : "answers",
		place->tells_resets ? "told" : "untold");
}

static void print_month(const struct story *story, const struct month *month)
{
	print_place(&story->place);
	for (size_t i = 0; i < story->count; i++)
		printf("%12.1f to %12.1f  %s\n", (double)story->spells[i].from_us / STORY_S,
			(double)story->spells[i].to_us / STORY_S,
			trouble_words(story->spells[i].trouble));
	for (size_t i = 0; i < month->states.count; i++) {
		const struct state_run *run = &month->states.runs[i];
		char words[32];

		judge_words(run, words);
		printf("%12" PRId64 "  %s\n", run->from - MONTH_BEGINS_S, words);
	}
}

static void print_seconds(const struct states *states, const struct story *story)
{
	int64_t end_s = MONTH_BEGINS_S + (int64_t)(story->length_us / STORY_S);

	for (size_t i = 0; i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		int64_t to = run->to < end_s ? run->to : end_s;
		char words[32];

		judge_words(run, words);
		if (run->from < to)
			printf("%s: %" PRId64 "\n", words, to - run->from);
	}
}

/* Whether something else near it could move or hide its ends. */
static bool is_disturbed(const struct story *story, const struct spell *outage)
{
	for (size_t i = 0; i < story->count; i++) {
		const struct spell *other = &story->spells[i];
		bool is_far = other->from_us > outage->to_us + CALM_US ||
			other->to_us + CALM_US < outage->from_us;

		if (other != outage && !is_far &&
			(other->trouble <= TROUBLE_UPSTREAM || other->trouble >= TROUBLE_POWER))
			return true;
	}
	return false;
}

static void print_outages(const struct story *story)
{
	const int64_t begins_us = MONTH_BEGINS_S * 1000000;

	for (size_t i = 0; i < story->count; i++) {
		const struct spell *spell = &story->spells[i];

		if (spell->trouble > TROUBLE_CARRIER && spell->trouble <= TROUBLE_UPSTREAM &&
			spell->to_us - spell->from_us >= BOUNDS_SURE_S * STORY_S &&
			!is_disturbed(story, spell))
			printf("outage %" PRId64 " %" PRId64 "\n",
				begins_us + (int64_t)spell->from_us,
				begins_us + (int64_t)spell->to_us);
	}
	printf("round %u\n", story->place.round_s);
}

static bool run_month(const struct options *options, uint64_t seed, struct judge_sum *sum)
{
	const struct journal_plan plan = {
		options->journal, (uint32_t)options->agent, MONTH_BEGINS_S * 1000000};
	struct story *story = malloc(sizeof(*story));
	struct judge_case judged = {.story = story, .begins_s = MONTH_BEGINS_S};
	struct month month;
	bool is_clean;

	if (!story)
		abort();
	story_draw(story, seed);
	month_live(story, options->journal ? &plan : NULL, &month);
	if (options->verbose)
		print_month(story, &month);
	if (options->journal) {
		print_seconds(&month.states, story);
		print_outages(story);
	}
	judged.account = &month.account;
	judged.states = &month.states;
	judged.trace = options->verbose ? stdout : NULL;
	is_clean = judge_month(&judged, sum);
	sum->slots += month.slots;
	sum->rounds += month.rounds;
	sum->records += month.records;
	month_done(&month);
	free(story);
	return is_clean;
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	struct judge_sum sum = {.months = 0};
	bool is_clean = true;

	if (options.causes)
		return causes_print(options.causes, options.verbose) ? 0 : 1;
	for (uint64_t i = 0; i < options.seeds; i++)
		is_clean &= run_month(&options, options.from + i, &sum);
	judge_print(&sum);
	return is_clean ? 0 : 1;
}
