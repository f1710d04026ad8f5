/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/judge.h"

#include <inttypes.h>
#include <string.h>

#define NEAR_US (90 * STORY_MINUTE) /* what went wrong so close to a difference is told with it */
#define CLOSE_CALL_S 120 /* two slots: either may be called the main cause */

#define FLAP_S 180 /* ARP needs a minute to give up; a slot must begin and end in it */

struct judge {
	const struct judge_case *judged;
	struct judge_sum *sum;
	struct bounds bounds;
	bool is_clean;
	bool has_told;
};

void judge_words(const struct state_run *run, char ret_text[32])
{
	if (run->state == STATE_U)
		snprintf(ret_text, 32, "U");
	else if (run->state == STATE_D)
		snprintf(ret_text, 32, "D %s", down_cause_name((enum down_cause)run->cause));
	else
		snprintf(ret_text, 32, "N %s", unknown_cause_name((enum unknown_cause)run->cause));
}

/* ---- telling */

static void tell_truth(const struct judge *judge, size_t second, FILE *out)
{
	const struct account *account = judge->judged->account;
	const struct bounds *bounds = &judge->bounds;
	uint8_t net = account->net[second];

	fprintf(out, "  true:   %s; %s", net == ACCOUNT_UP ? "up" : down_cause_name(net),
		account->known[second] ? "known" : "not known, for");
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT && !account->known[second]; i++)
		if (account->why[second] >> i & 1)
			fprintf(out, " %s", unknown_cause_name((enum unknown_cause)i));
	fprintf(out, "\n  bounds: %s%s%s\n", bounds->may_d[second] ? "may be D " : "",
		bounds->must_d[second] ? "must be D " : "",
		bounds->may_n[second] ? "may be N" : "");
}

static void tell_spells(const struct judge *judge, size_t second, FILE *out)
{
	const struct story *story = judge->judged->story;
	uint64_t at_us = second * STORY_S;

	for (size_t i = 0; i < story->count; i++) {
		const struct spell *spell = &story->spells[i];

		if (spell->from_us > at_us + NEAR_US || spell->to_us + NEAR_US < at_us)
			continue;
		fprintf(out, "  near:   %.1f to %.1f: %s\n", (double)spell->from_us / STORY_S,
			(double)spell->to_us / STORY_S, trouble_words(spell->trouble));
	}
}

static void tell(struct judge *judge, const struct state_run *run, size_t second, const char *what)
{
	const struct judge_case *judged = judge->judged;
	FILE *out = judged->trace ? judged->trace : stderr;
	char said[32];

	judge->is_clean = false;
	if (judge->has_told && !judged->trace)
		return;
	judge->has_told = true;
	judge_words(run, said);
	fprintf(out, "seed %" PRIu64 " (%s month): %s at second %zu\n", judged->story->seed,
		story_kind_words(judged->story->kind), what, second);
	fprintf(out, "  said:   %s from %" PRId64 " to %" PRId64 "\n", said,
		run->from - judged->begins_s,
		run->to == SPAN_FOREVER ? -1 : run->to - judged->begins_s);
	tell_truth(judge, second, out);
	tell_spells(judge, second, out);
}

/* ---- judging one run */

/* The cause that the evidence of this place can show: a class that never answers is passed over. */
static uint8_t shown(const struct place *place, uint8_t cause)
{
	if (cause == DOWN_ACCESS && (!place->has_edge || place->is_edge_mute))
		cause = DOWN_PROVIDER;
	if (cause == DOWN_PROVIDER && (!place->has_provider || place->is_provider_mute))
		cause = DOWN_UPSTREAM;
	return cause;
}

/* A dead resolver looks like a dead provider, and is the provider's. */
static bool is_resolver_dead(const struct story *story, size_t from, size_t to)
{
	for (size_t i = 0; i < story->count; i++)
		if (story->spells[i].trouble == TROUBLE_DNS &&
			story->spells[i].from_us < to * STORY_S &&
			story->spells[i].to_us > from * STORY_S)
			return true;
	return false;
}

/* Seconds of the run in which something of that cause was broken, whatever hid it. */
static uint64_t behind(const struct story *story, uint8_t cause, size_t from, size_t to)
{
	uint64_t from_us = from * STORY_S, to_us = to * STORY_S, total_us = 0;

	for (size_t i = 0; i < story->count; i++) {
		const struct spell *spell = &story->spells[i];
		uint64_t begin_us = spell->from_us > from_us ? spell->from_us : from_us;
		uint64_t end_us = spell->to_us < to_us ? spell->to_us : to_us;
		uint8_t its = account_cause(spell->trouble);

		if (its != ACCOUNT_UP && shown(&story->place, its) == cause && begin_us < end_us)
			total_us += end_us - begin_us;
	}
	return total_us / STORY_S;
}

/* A gateway that answers no ping and is never away for long: ARP always has it. */
static bool is_hidden(const struct judge *judge, size_t from, size_t to)
{
	const uint8_t *net = judge->judged->account->net;
	size_t longest = 0, length = 0;

	for (size_t i = from; i < to; i++) {
		length = net[i] == DOWN_CPE ? length + 1 : 0;
		longest = length > longest ? length : longest;
	}
	return judge->judged->story->place.is_gateway_mute && longest < FLAP_S;
}

static void judge_name(struct judge *judge, const struct state_run *run, size_t from, size_t to)
{
	const struct account *account = judge->judged->account;
	const struct story *story = judge->judged->story;
	uint64_t seconds[DOWN_CAUSE_COUNT] = {0};
	uint8_t best = 0;

	for (size_t i = from; i < to; i++)
		if (account->net[i] != ACCOUNT_UP && account->net[i] != DOWN_LOCAL)
			seconds[shown(&story->place, account->net[i])]++;
	for (uint8_t i = 1; i < DOWN_CAUSE_COUNT; i++)
		if (seconds[i] > seconds[best])
			best = i;
	judge->sum->named_d[best][run->cause] += to - from;
	if (seconds[run->cause] + CLOSE_CALL_S >= seconds[best] && seconds[run->cause])
		return;
	if (behind(story, run->cause, from, to) + CLOSE_CALL_S >= seconds[best] &&
		seconds[run->cause])
		return;
	if (run->cause == DOWN_PROVIDER && is_resolver_dead(story, from, to))
		return;
	if (best == DOWN_CPE && is_hidden(judge, from, to))
		return;
	judge->sum->misnamed_d += to - from;
	tell(judge, run, from, "the cause is another");
}

static void judge_down(struct judge *judge, const struct state_run *run, size_t from, size_t to)
{
	judge->sum->said_d += to - from;
	judge_name(judge, run, from, to);
	for (size_t i = from; i < to; i++) {
		if (judge->bounds.may_d[i])
			continue;
		judge->sum->false_d++;
		tell(judge, run, i, "false D");
	}
}

static void judge_unknown(struct judge *judge, const struct state_run *run, size_t from, size_t to)
{
	judge->sum->said_n += to - from;
	judge->sum->named_n[run->cause] += to - from;
	for (size_t i = from; i < to; i++) {
		if (!judge->bounds.may_n[i]) {
			judge->sum->false_n++;
			tell(judge, run, i, "N where all was known");
		} else if (!(judge->bounds.allowed[i] >> run->cause & 1)) {
			judge->sum->misnamed_n++;
			tell(judge, run, i, "N of another cause");
		}
	}
}

static void judge_run(struct judge *judge, const struct state_run *run, size_t from, size_t to)
{
	if (run->state == STATE_D)
		judge_down(judge, run, from, to);
	else if (run->state == STATE_N)
		judge_unknown(judge, run, from, to);
	else
		judge->sum->said_u += to - from;
	for (size_t i = from; i < to; i++) {
		if (!judge->bounds.must_d[i])
			continue;
		judge->sum->sure++;
		if (run->state == STATE_D)
			continue;
		judge->sum->missed_d++;
		tell(judge, run, i, "D was missed");
	}
}

static void count_truth(struct judge *judge)
{
	const struct account *account = judge->judged->account;

	judge->sum->months++;
	judge->sum->seconds += account->seconds;
	for (size_t i = 0; i < account->seconds; i++)
		judge->sum->true_down += account->net[i] != ACCOUNT_UP &&
			account->net[i] != DOWN_LOCAL;
	judge->sum->missing += judge->bounds.missing;
	if (judge->bounds.missing) {
		fprintf(stderr,
			"seed %" PRIu64 ": %" PRIu64 " seconds without a slot or a reason\n",
			judge->judged->story->seed, judge->bounds.missing);
		judge->is_clean = false;
	}
}

bool judge_month(const struct judge_case *judged, struct judge_sum *sum)
{
	struct judge judge = {.judged = judged, .sum = sum, .is_clean = true};
	int64_t seconds = (int64_t)judged->account->seconds;

	bounds_init(&judge.bounds, judged->account, judged->story);
	count_truth(&judge);
	for (size_t i = 0; i < judged->states->count; i++) {
		const struct state_run *run = &judged->states->runs[i];
		int64_t from = run->from - judged->begins_s;
		int64_t to = run->to == SPAN_FOREVER ? seconds : run->to - judged->begins_s;

		from = from > 0 ? from : 0;
		to = to < seconds ? to : seconds;
		if (from < to)
			judge_run(&judge, run, (size_t)from, (size_t)to);
	}
	bounds_done(&judge.bounds);
	return judge.is_clean;
}

/* ---- the sum */

void judge_print(const struct judge_sum *sum)
{
	printf("%" PRIu64 " months, %" PRIu64 " slots of %" PRIu64 " rounds, %" PRIu64
	       " records arrived\n",
		sum->months, sum->slots, sum->rounds, sum->records);
	printf("seconds: %" PRIu64 " U, %" PRIu64 " D, %" PRIu64 " N; true outages %" PRIu64
	       ", of which D without doubt %" PRIu64 "\n",
		sum->said_u, sum->said_d, sum->said_n, sum->true_down, sum->sure);
	printf("seconds: false D %" PRIu64 ", missed D %" PRIu64 ", false N %" PRIu64
	       ", unexplained %" PRIu64 ", D of another cause %" PRIu64
	       ", N of another cause %" PRIu64 "\n",
		sum->false_d, sum->missed_d, sum->false_n, sum->missing, sum->misnamed_d,
		sum->misnamed_n);
	printf("N:");
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		printf(" %s %" PRIu64, unknown_cause_name((enum unknown_cause)i), sum->named_n[i]);
	printf("\nD, truth by said:\n");
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		printf("%10s", down_cause_name((enum down_cause)i));
		for (int j = 0; j < DOWN_CAUSE_COUNT; j++)
			printf(" %12" PRIu64, sum->named_d[i][j]);
		printf("\n");
	}
}
