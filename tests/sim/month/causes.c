/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/causes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/month/judge.h"
#include "tests/sim/month/month.h"

#define RIGHT_PERCENT 99
#define TAIL_S 1200 /* what is told only now and then is not told yet */

enum said { /* the columns */
	SAID_UP,
	SAID_D, /* + enum down_cause */
	SAID_N = SAID_D + DOWN_CAUSE_COUNT, /* + enum unknown_cause */
	SAID_COUNT = SAID_N + UNKNOWN_CAUSE_COUNT
};

struct table {
	bool is_bare;
	int rows; /* of enum matter, from the first */
	uint64_t runs[MATTER_COUNT][SAID_COUNT];
};

/* The house's own fault is N by default terms, and D where a contract charges it: one column. */
static enum said said_of(const struct state_run *run)
{
	if (run->state == STATE_U)
		return SAID_UP;
	return (enum said)(run->state == STATE_D ? SAID_D + run->cause : SAID_N + run->cause);
}

static const char *words_of(int said)
{
	if (said == SAID_UP)
		return "U";
	return said < SAID_N ? down_cause_name((enum down_cause)(said - SAID_D))
			     : unknown_cause_name((enum unknown_cause)(said - SAID_N));
}

/* What most of the seconds that are not U were called. The last ones are always silence. */
static enum said main_word(const struct states *states, int64_t until_s)
{
	uint64_t seconds[SAID_COUNT] = {0};
	enum said best = SAID_UP;

	for (size_t i = 0; i < states->count; i++) {
		const struct state_run *run = &states->runs[i];

		int64_t to = run->to < until_s ? run->to : until_s;

		if (run->state == STATE_U || to <= run->from)
			continue;
		if (run->from == MONTH_BEGINS_S)
			continue; /* before the first slot */
		seconds[said_of(run)] += (uint64_t)(to - run->from);
	}
	for (int i = 1; i < SAID_COUNT; i++)
		if (seconds[i] > seconds[best])
			best = (enum said)i;
	return best;
}

static enum said right_word(enum matter matter)
{
	static const enum said right[MATTER_CAUSES] = {
		[MATTER_LOCAL] = SAID_N + UNKNOWN_LOCAL,
		[MATTER_CPE] = SAID_D + DOWN_CPE,
		[MATTER_ACCESS] = SAID_D + DOWN_ACCESS,
		[MATTER_PROVIDER] = SAID_D + DOWN_PROVIDER,
		[MATTER_UPSTREAM] = SAID_D + DOWN_UPSTREAM,
		[MATTER_POWER] = SAID_N + UNKNOWN_POWER,
		[MATTER_RESTART] = SAID_N + UNKNOWN_RESTART,
		[MATTER_AGENT] = SAID_N + UNKNOWN_AGENT,
		[MATTER_DROPPED] = SAID_N + UNKNOWN_DROPPED,
		[MATTER_CLOCK] = SAID_N + UNKNOWN_CLOCK,
	};

	if (matter == MATTER_SILENT)
		return SAID_N + UNKNOWN_SILENT;
	return matter < MATTER_CAUSES ? right[matter] : SAID_UP;
}

static void run(struct table *table, enum matter matter, uint64_t seed, bool verbose)
{
	struct story *story = malloc(sizeof(*story));
	struct month month;
	enum said said;

	if (!story)
		abort();
	story_draw_matter(story, matter, seed, table->is_bare);
	month_live(story, NULL, &month);
	said = main_word(
		&month.states, MONTH_BEGINS_S + (int64_t)(story->length_us / STORY_S) - TAIL_S);
	table->runs[matter][said]++;
	if (verbose && !table->is_bare && said != right_word(matter))
		fprintf(stderr, "%s, seed %" PRIu64 ": %s\n", matter_words(matter), seed,
			words_of(said));
	month_done(&month);
	free(story);
}

/* ---- printing */

static bool is_used(const struct table *table, int said)
{
	uint64_t runs = 0;

	for (int i = 0; i < MATTER_COUNT; i++)
		runs += table->runs[i][said];
	return runs > 0;
}

static void print_head(const struct table *table)
{
	printf("| truth |");
	for (int i = 0; i < SAID_COUNT; i++)
		if (is_used(table, i))
			printf(" %s%s |",
				i == SAID_UP         ? ""
					: i < SAID_N ? "D "
						     : "N ",
				words_of(i));
	printf(" right |\n|---|");
	for (int i = 0; i < SAID_COUNT; i++)
		if (is_used(table, i))
			printf("---|");
	printf("---|\n");
}

static void print_row(const struct table *table, enum matter matter, uint64_t seeds)
{
	uint64_t right = table->runs[matter][right_word(matter)];

	printf("| %s |", matter_words(matter));
	for (int i = 0; i < SAID_COUNT; i++) {
		if (!is_used(table, i))
			continue;
		if (table->runs[matter][i])
			printf(" %" PRIu64 " |", table->runs[matter][i]);
		else
			printf("  |");
	}
	printf(" %.1f %% |\n", 100.0 * (double)right / (double)seeds);
}

/* A provider is never to blame for power, a router or a collector; and with all the evidence the
 * cause is right. */
static bool is_sound(const struct table *table, enum matter matter, uint64_t seeds)
{
	uint64_t blamed = 0;

	for (int i = SAID_D; i < SAID_N && matter >= MATTER_POWER; i++)
		blamed += table->runs[matter][i];
	return !blamed &&
		(table->is_bare ||
			table->runs[matter][right_word(matter)] * 100 >= seeds * RIGHT_PERCENT);
}

static bool print_table(struct table *table, uint64_t seeds, bool verbose)
{
	bool is_clean = true;

	for (int i = 0; i < table->rows; i++)
		for (uint64_t seed = 1; seed <= seeds; seed++)
			run(table, (enum matter)i, seed, verbose);
	print_head(table);
	for (int i = 0; i < table->rows; i++) {
		print_row(table, (enum matter)i, seeds);
		is_clean &= is_sound(table, (enum matter)i, seeds);
	}
	return is_clean;
}

bool causes_print(uint64_t seeds, bool verbose)
{
	struct table full = {.rows = MATTER_COUNT};
	struct table bare = {.is_bare = true, .rows = MATTER_CAUSES};
	bool is_clean = print_table(&full, seeds, verbose);

	printf("\nWithout the evidence:\n\n");
	return print_table(&bare, seeds, verbose) && is_clean;
}
